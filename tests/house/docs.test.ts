/** The pages of docs that are made from data are what their data make. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { opTable } from "#app/graph/op-table.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { table } from "#tools/docs/markdown.ts";
import { renderOpsPage } from "#tools/docs/ops-page.ts";
import { stalePages } from "#tools/docs/pages.ts";
import { readRecords } from "#tools/results/record.ts";

test("no made page is old; `node tools/run.cjs docs` makes them", () => {
  expect(stalePages()).toEqual([]);
});

test("a page that is missing and a page that was edited are found", () => {
  const folder = tempFolder();
  mkdirSync(join(folder, "docs"));
  writeFileSync(join(folder, "docs", "OPS.md"), renderOpsPage());
  writeFileSync(join(folder, "docs", "licences.md"), "edited");
  const [licences, results, ...drawings] = stalePages(folder);
  expect([licences, results]).toEqual(["docs/licences.md", "docs/results.md"]);
  expect(drawings.toSorted()).toEqual(
    readRecords()
      .flatMap(({ name, record }) => (record.figure === undefined ? [] : [`docs/results/${name}.svg`]))
      .toSorted(),
  );
});

test("the page of ops has a row for every op, with a gradient or none, and a reference that ONNX Runtime is held to", () => {
  const rows = new Map([...renderOpsPage().matchAll(/^\| `(\w+)` \|(.*)$/gmu)].map((match) => [match[1], match[2]]));
  expect(new Set(rows.keys())).toEqual(new Set(Object.keys(opTable)));
  expect(rows.get("Gemm")).toBe(" `gemm` | [3, 4], [4, 2] → [3, 2] | inputs 0, 1; 4 cases | 4 cases |");
  expect(rows.get("Step")).toContain("| none |");
  for (const [op, row] of rows) expect([op, /no case|no reference/u.test(row ?? "no case")]).toEqual([op, false]);
});

test("a table escapes bars in its cells", () => {
  expect(table(["a"], [["x | y"], [3]])).toBe("| a |\n| --- |\n| x \\| y |\n| 3 |");
});
