/** All tables of the result at its small scale, on the tiny model: from an empty folder to three records. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { readRecords } from "#tools/results/record.ts";
import { runTables, TABLES } from "#tools/result/run-tables.ts";
import { readSettings } from "#tools/result/settings.ts";

it("runs rounds, AlpacaEval's prompts and the paper's arms, looks at the test prompts once each, and compares arms prompt by prompt", async () => {
  const home = tempFolder();
  const model = join(home, "tiny-model");
  await writeTinyModel(model, { seed: 1 });
  const alpacaEval = join(home, "alpaca-eval.json");
  writeFileSync(
    alpacaEval,
    JSON.stringify([{ instruction: "Write two lines." }, { instruction: "Write three lines." }, { instruction: "Not reached." }]),
  );
  const settings = readSettings();
  const folder = join(home, "result");
  const request = {
    settings,
    scale: "small",
    folder,
    first: { name: "r0", path: model },
    tables: TABLES,
    alpacaEval,
    notes: ["A tiny model."],
  } as const;
  runTables(request);
  // Once more: nothing is left to do, and no second look at the test prompts is taken.
  runTables(request);
  const records = new Map(readRecords(join(folder, "records")).map(({ name, record }) => [name, record]));
  expect([...records.keys()]).toEqual(["result", "result-alpaca-eval", "result-arms"]);
  expect(records.get("result")?.summary).toMatch(/looked at once/u);
  expect(records.get("result")?.tables[0]?.rows.map((row) => row.slice(0, 3))).toEqual([
    ["r2", "r0", 3],
    ["r1", "r0", 3],
    ["r2", "r1", 3],
  ]);
  expect(records.get("result-alpaca-eval")?.tables[0]?.rows.map((row) => row.slice(0, 3))).toEqual([["trained", "r0", 2]]);
  const arms = records.get("result-arms")?.tables[0]?.rows ?? [];
  expect(arms.map(([title]) => title)).toEqual(settings.arms.each.map(({ title }) => title));
  for (const [title, pairs, steps] of arms) expect(Number(pairs) > 0 && Number(steps) > 0, String(title)).toBe(true);
  expect(arms.map((row) => row[6] === "")).toEqual([true, false, false, false, false]);
});
