/** Experiments made and configured, prompts imported whole or not at all. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { countOf, openReadyLab, openTestLab, SCRIPTED, type TestLab, writeLines } from "./support.ts";

async function openFresh(): Promise<TestLab> {
  const lab = await openTestLab(tempFolder());
  await lab.client.experiments.create({ name: "Fresh", config: experimentConfigSchema.parse({}) });
  return lab;
}

describe("an experiment", () => {
  it("is made once, with a configuration that has been checked as a whole", async () => {
    const lab = await openTestLab(tempFolder());
    expect(await lab.client.experiments.get()).toBeNull();
    const bad = experimentConfigSchema.parse({ oracle: { kind: "regex", pattern: "(" } });
    await expect(lab.client.experiments.create({ name: "Bad", config: bad })).rejects.toThrow(
      /oracle.pattern: expected a regular expression, got "\("/u,
    );
    const shares = experimentConfigSchema.parse({ splits: { validationShare: 0.6, testShare: 0.5 } });
    await expect(lab.client.experiments.create({ name: "Bad", config: shares })).rejects.toThrow(/validationShare \+ testShare must be below 1/u);
    expect(await lab.client.experiments.get()).toBeNull();
    const made = await lab.client.experiments.create({ name: "Good", config: experimentConfigSchema.parse({}) });
    expect(made).toMatchObject({ name: "Good", folder: lab.folder, prompts: { training: 0, validation: 0, test: 0 }, policies: [], roundCount: 0 });
    await expect(lab.client.experiments.create({ name: "Again", config: experimentConfigSchema.parse({}) })).rejects.toThrow(
      'has the experiment "Good" already',
    );
  });

  it("is needed before anything else", async () => {
    const { client, folder } = await openTestLab(tempFolder());
    const path = writeLines(folder, "p.jsonl", [{ prompt: "a" }]);
    await expect(client.experiments.configure({ config: experimentConfigSchema.parse({}) })).rejects.toThrow("this folder has no experiment yet");
    await expect(client.experiments.importPrompts({ path })).rejects.toThrow("this folder has no experiment yet");
    await expect(client.policies.add({ path })).rejects.toThrow("this folder has no experiment yet");
    await expect(client.rounds.start({})).rejects.toThrow("this folder has no experiment yet");
  });

  it("keeps the splits of its prompts", async () => {
    const { client } = await openReadyLab();
    const config = experimentConfigSchema.parse({ ...SCRIPTED, splits: { shards: 3 } });
    await expect(client.experiments.configure({ config })).rejects.toThrow(/the 32 prompts of this experiment have their splits already/u);
  });
});

describe("importing prompts", () => {
  it("reads the field's shapes and says what became of every row", async () => {
    const { client, folder, db } = await openFresh();
    const path = writeLines(folder, "mixed.jsonl", [
      { prompt: "Plain" },
      { instruction: "Alpaca", input: "with input" },
      { prompt: [{ role: "user", content: "TRL" }], chosen: [{ role: "assistant", content: "x" }], rejected: [{ role: "assistant", content: "y" }] },
      { instruction: "AlpacaEval", dataset: "helpful_base", reference_output: "From a stronger model" },
      { prompt: "  PLAIN " },
    ]);
    const report = await client.experiments.importPrompts({ path });
    expect(report).toMatchObject({ imported: 4, duplicates: 1, teacherResponses: 1, rejected: [] });
    expect(Object.values(report.splits).reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(await client.experiments.importPrompts({ path })).toMatchObject({ imported: 0, duplicates: 5, teacherResponses: 0 });
    expect(countOf(db, "SELECT count(*) AS n FROM response WHERE source = 'teacher'")).toBe(1);
    expect(db.all("SELECT DISTINCT source FROM prompt")).toEqual([{ source: "mixed.jsonl" }]);
  });

  it("reads a JSON array, and a part of a file", async () => {
    const { client, folder, db } = await openFresh();
    const path = join(folder, "array.json");
    writeFileSync(path, `\uFEFF ${JSON.stringify(Array.from({ length: 10 }, (_, i) => ({ prompt: `Prompt ${i}` })))}`);
    expect(await client.experiments.importPrompts({ path, offset: 2, limit: 3, split: "validation" })).toMatchObject({
      imported: 3,
      splits: { training: 0, validation: 3, test: 0 },
    });
    expect(db.all("SELECT messages ->> '$[0].content' AS text FROM prompt ORDER BY id").map((row) => row["text"])).toEqual([
      "Prompt 2",
      "Prompt 3",
      "Prompt 4",
    ]);
    await expect(client.experiments.importPrompts({ path, offset: 10 })).rejects.toThrow(/expected rows with prompts, got none after the first 10/u);
  });

  it("refuses a file with a bad row as a whole, and takes the good ones only when told to", async () => {
    const { client, folder, db } = await openFresh();
    const path = join(folder, "bad.jsonl");
    writeFileSync(path, `{"prompt": "Good"}\n\n{"prompt": 7}\n{oops\n{"text": "no prompt"}\n`);
    await expect(client.experiments.importPrompts({ path })).rejects.toThrow(
      `${path}, row 3: "prompt": expected a text or a list of messages, got a number (and 2 more of 4); nothing was stored`,
    );
    expect(countOf(db, "SELECT count(*) AS n FROM prompt")).toBe(0);
    const report = await client.experiments.importPrompts({ path, skipRejected: true });
    expect(report.imported).toBe(1);
    expect(report.rejected.map((row) => row.row)).toEqual([3, 4, 5]);
    expect(report.rejected[1]?.reason).toMatch(/^expected one JSON value on the line, got "\{oops"/u);
  });

  it("refuses what is no file of prompts", async () => {
    const { client, folder } = await openFresh();
    const write = (name: string, content: string | Uint8Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    await expect(client.experiments.importPrompts({ path: join(folder, "none.jsonl") })).rejects.toThrow("there is no such file");
    await expect(client.experiments.importPrompts({ path: folder })).rejects.toThrow("it is a folder");
    await expect(client.experiments.importPrompts({ path: write("empty", "\n\n") })).rejects.toThrow("got an empty file");
    await expect(client.experiments.importPrompts({ path: write("bytes", new Uint8Array([0xff, 0xfe, 0x41])) })).rejects.toThrow(
      "expected text in UTF-8",
    );
    await expect(client.experiments.importPrompts({ path: write("half", '[{"prompt": "a"},\n') })).rejects.toThrow(
      'expected a JSON array of rows, got a file that ends after item 1 without "]"',
    );
    await expect(client.experiments.importPrompts({ path: write("word", "hello\n"), skipRejected: true })).rejects.toThrow(
      /row 1: expected one JSON value on the line/u,
    );
  });

  it("never puts equal prompts into two splits, nor a file's split over the user's", async () => {
    const { client, folder, db } = await openFresh();
    const path = writeLines(folder, "a.jsonl", [{ prompt: "One", split: "test" }, { prompt: "Two" }]);
    await client.experiments.importPrompts({ path, split: "validation" });
    const again = writeLines(folder, "b.jsonl", [{ prompt: "one", split: "training" }]);
    expect(await client.experiments.importPrompts({ path: again })).toMatchObject({ imported: 0, duplicates: 1 });
    expect(db.all("SELECT split FROM prompt")).toEqual([{ split: "validation" }, { split: "validation" }]);
  });
});
