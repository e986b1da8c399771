/** Imports that end before their file does: nothing unseen is stored, and the same file brings the rest. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import type { DataReading, DataRow, DataSource } from "#app/rounds/data-ports.ts";
import { dataFiles } from "#main/data/data-files.ts";
import { openDatabase } from "#main/store/database.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { openLabOnFakes, openTestLab, writeLines } from "./support.ts";

describe("an import that does not end", () => {
  it("because the file has grown stores no row that was not looked at", async () => {
    const folder = tempFolder();
    const path = writeLines(folder, "log.jsonl", [{ prompt: "One", split: "validation" }]);
    let passes = 0;
    const grown = async (source: DataSource): Promise<DataReading> => {
      const reading = await dataFiles.open(source);
      const batches = (): AsyncIterable<readonly DataRow[]> => {
        passes += 1;
        if (passes === 2) appendFileSync(path, '{"prompt": "Two"}\n');
        return reading.batches();
      };
      return { ...reading, batches };
    };
    const lab = await openLabOnFakes(folder, {}, { dataFiles: { ...dataFiles, open: grown } });
    onTestFinished(async () => {
      await lab.close();
    });
    const client = lab.client("owner");
    await client.experiments.create({ name: "Grown", config: experimentConfigSchema.parse({}) });
    await expect(client.experiments.importPrompts({ path })).rejects.toThrow(
      /row 2: expected the rows that were looked at, .* import the file again/u,
    );
    expect(await client.experiments.importPrompts({ path })).toMatchObject({ imported: 2 });
  });

  it("is recorded, and the same file brings the rest", async () => {
    const folder = tempFolder();
    const path = writeLines(
      folder,
      "many.jsonl",
      Array.from({ length: 250 }, (_, i) => ({ prompt: `Prompt number ${i}` })),
    );
    const lab = await openTestLab(folder);
    await lab.client.experiments.create({ name: "Killed", config: experimentConfigSchema.parse({}) });
    await lab.client.experiments.importPrompts({ path, limit: 150 });
    // As a process leaves it that dies after its second transaction.
    await lab.lab.close();
    const writable = openDatabase(join(folder, DATABASE_NAME));
    writable.run("UPDATE import SET state = 'open', ended_at = NULL", {});
    writable.close();
    const next = await openTestLab(folder);
    expect(next.db.all("SELECT state FROM import")).toEqual([{ state: "interrupted" }]);
    expect(await next.client.experiments.importPrompts({ path })).toMatchObject({ imported: 100, duplicates: 150 });
  });
});
