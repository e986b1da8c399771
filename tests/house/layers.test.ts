/** The plan of the house is kept, and a planted violation of each kind is found. */
import { expect, test } from "vitest";
import { checkLayers, layerFindings } from "#tools/checks/layers.ts";

test("no import breaks the plan", () => {
  expect(checkLayers()).toEqual([]);
});

test.each([
  ["Node in a pure room", "app/domain/x.ts", 'import { readFileSync } from "node:fs";', /app\/domain may not use Node \(node:fs\)/u],
  ["Node by its bare name", "app/domain/x.ts", 'import fs from "fs";', /may not use Node \(fs\)/u],
  [
    "a room that the table does not allow",
    "app/statistics/x.ts",
    'import { x } from "#app/training/losses.ts";',
    /app\/statistics may not use app\/training/u,
  ],
  ["a package of another room", "app/graph/x.ts", 'import * as z from "zod";', /app\/graph may not use the package zod/u],
  ["a driver in the lab", "main/lab/rounds/x.ts", 'import { x } from "#main/engine/client.ts";', /main\/lab may not use main\/engine/u],
  ["one driver in another", "main/store/x.ts", 'import { x } from "#main/engine/client.ts";', /main\/store may not use main\/engine/u],
  ["an area of the lab in another", "main/lab/queue/x.ts", 'import { x } from "../rounds/attempts.ts";', /area queue may not use the area rounds/u],
  ["main on the page", "renderer/app/x.tsx", 'import { x } from "#main/lab/lab.ts";', /renderer may not use main\/lab/u],
  ["electron outside its room", "main/host/x.ts", 'import { app } from "electron";', /may not use the package electron/u],
  ["a relative way out of a room", "app/domain/x.ts", 'import { x } from "../base/ids.ts";', /reaches into app\/base\/ids\.ts/u],
  ["a type", "app/graph/x.ts", 'import type { Rng } from "#app/decoding/draw.ts";', /may not use app\/decoding/u],
  ["an import while running", "app/graph/x.ts", 'await import("#app/decoding/draw.ts");', /may not use app\/decoding/u],
  ["an export of another's", "app/graph/x.ts", 'export { x } from "#app/decoding/draw.ts";', /may not use app\/decoding/u],
  ["a file in no room", "app/misc/x.ts", "", /lies in no room/u],
])("finds %s", (_, file, text, message) => {
  const findings = layerFindings(file, `/** A file. */\n${text}\n`);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatch(message);
  if (text !== "") expect(findings[0]).toMatch(new RegExp(`^${file}:2 `, "u"));
});

test("lets through what the table allows", () => {
  expect(layerFindings("app/training/x.ts", 'import { x } from "#app/graph/types.ts";\nimport { y } from "./losses.ts";')).toEqual([]);
  expect(layerFindings("main/lab/compose.ts", 'import { x } from "#main/engine/client.ts";')).toEqual([]);
  expect(layerFindings("main/electron/main.ts", 'import { app } from "electron";\nimport { join } from "node:path";')).toEqual([]);
});
