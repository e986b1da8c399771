/** What other tools' own readers found in our files: tests/golden/datasets, read by pyarrow, pandas, datasets and TRL. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { dataFiles } from "#main/data/data-files.ts";
import { readRow } from "#app/preferences/rows/read-row.ts";
import { writeDataset } from "#tests/golden/datasets/write-dataset.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const GOLDEN = join(import.meta.dirname, "../../golden/datasets");
const FILES = ["trl.jsonl", "trl.json", "trl.parquet", "ultrafeedback.parquet"];
type ReadBack = Readonly<Record<"trl" | "ultrafeedback", readonly unknown[]>>;

async function rowsOf(path: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const batch of (await dataFiles.open({ path })).batches()) for (const row of batch) rows.push("value" in row ? row.value : row.problem);
  return rows;
}

it("is written today byte for byte as those readers read it", async () => {
  const folder = tempFolder();
  await writeDataset(folder);
  for (const name of FILES) expect([name, readFileSync(join(folder, name)).equals(readFileSync(join(GOLDEN, name)))]).toEqual([name, true]);
});

it("is read by us as it was by them", async () => {
  const { trl, ultrafeedback } = JSON.parse(readFileSync(join(GOLDEN, "read-back.json"), "utf8")) as ReadBack;
  for (const name of ["trl.jsonl", "trl.json", "trl.parquet"]) expect(await rowsOf(join(GOLDEN, name))).toEqual(trl);
  const rows = await rowsOf(join(GOLDEN, "ultrafeedback.parquet"));
  expect(rows).toEqual(ultrafeedback);
  expect(rows.map((row) => readRow(row).shape)).toEqual(["ultraFeedbackBinarised", "preference"]);
});
