/** What is said of a data file before anything is stored, and what becomes of its rows: teachers, pairs, duplicates, leaks. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { dataFiles } from "#main/data/data-files.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { countOf, openTestLab, type TestLab, writeLines } from "./support.ts";

async function openFresh(): Promise<TestLab> {
  const lab = await openTestLab(tempFolder());
  await lab.client.experiments.create({ name: "Fresh", config: experimentConfigSchema.parse({ seed: 3 }) });
  return lab;
}

const UNTOUCHED = "SELECT (SELECT count(*) FROM prompt) + (SELECT count(*) FROM response) + (SELECT count(*) FROM import) AS n";
const LONG = "Tell me in some detail how a river finds its way down from the mountains to the sea";

describe("a look at a data file", () => {
  it("says what it was taken for and why, shows three rows, and stores nothing", async () => {
    const { client, folder, db } = await openFresh();
    const rows = Array.from({ length: 5 }, (_, i) => ({ prompt: `Question ${i}`, chosen: `good ${i}`, rejected: `bad ${i}`, split: "train" }));
    const look = await client.experiments.lookAtImport({
      path: writeLines(folder, "pairs.jsonl", [...rows, rows[0], { prompt: 7 }, { instruction: "Other" }]),
    });
    expect(look).toMatchObject({
      name: "pairs.jsonl",
      format: "jsonl",
      rows: 8,
      fresh: 6,
      duplicates: 1,
      duplicatesInFile: 1,
      pairs: 6,
      rejectedCount: 1,
      isCertain: false,
      shapes: [
        {
          shape: "preference",
          title: "TRL preference with an explicit prompt",
          why: 'it has "prompt" with "chosen" and "rejected", or one of the two',
          rows: 6,
        },
        { shape: "alpaca", rows: 1 },
      ],
      rejected: [{ row: 7, column: "prompt", expected: "a text or a list of messages", got: "a number" }],
    });
    expect(look.samples).toHaveLength(3);
    expect(look.samples[0]).toMatchObject({
      row: 1,
      split: "training",
      isStoredAlready: false,
      messages: [{ role: "user", content: "Question 0" }],
      pairs: [{ chosen: "good 0", rejected: "bad 0" }],
    });
    expect(look.columns).toContainEqual({ name: "chosen", example: "good 0" });
    expect(countOf(db, UNTOUCHED)).toBe(0);
  });

  it("is of the content that is imported, or the import is refused", async () => {
    const { client, folder } = await openFresh();
    const path = writeLines(folder, "a.jsonl", [{ prompt: "One" }]);
    const { contentHash } = await client.experiments.lookAtImport({ path });
    writeLines(folder, "a.jsonl", [{ prompt: "Two" }]);
    await expect(client.experiments.importPrompts({ path, contentHash })).rejects.toThrow(
      /expected the content that was looked at .* look at it again/u,
    );
    await client.experiments.importPrompts({ path, contentHash: (await client.experiments.lookAtImport({ path })).contentHash });
  });

  it("proposes a column where no shape fits, and imports by the columns that were chosen", async () => {
    const { client, folder, db } = await openFresh();
    const path = join(folder, "q.csv");
    writeFileSync(path, "id,question,answer\n1,What is a quay?,A landing place\n2,,x\n");
    const look = await client.experiments.lookAtImport({ path });
    expect(look).toMatchObject({ shapes: [], isCertain: false, proposedPrompt: "question", fresh: 0, rejectedCount: 2 });
    await expect(client.experiments.importPrompts({ path, skipRejected: true })).rejects.toThrow(/"question" holds the prompts, choose it/u);
    const columns = { prompt: "question", teacher: "answer" };
    await expect(client.experiments.lookAtImport({ path, columns: { prompt: "nothing" } })).rejects.toThrow(
      'columns.prompt: expected a column of the file ("id", "question", "answer"), got "nothing"',
    );
    expect(await client.experiments.lookAtImport({ path, columns })).toMatchObject({
      fresh: 1,
      teacherResponses: 1,
      rejected: [{ row: 3, column: "question" }],
    });
    expect(await client.experiments.importPrompts({ path, columns, skipRejected: true })).toMatchObject({ imported: 1, teacherResponses: 1 });
    expect(db.all("SELECT text, source FROM response")).toEqual([{ text: "A landing place", source: "teacher" }]);
  });

  it("reads what was dropped as text or as bytes", async () => {
    const { client, folder } = await openFresh();
    const path = join(folder, "d.parquet");
    await dataFiles.write(path, { columns: [{ name: "prompt", kind: "text" }], rows: [["One"], ["Two"]] });
    const base64 = readFileSync(path).toString("base64");
    expect(await client.experiments.lookAtImport({ path: "d.parquet", base64 })).toMatchObject({ format: "parquet", fresh: 2 });
    const windows1252 = Buffer.from("prompt\nCaf\xe9?\n", "latin1").toString("base64");
    await expect(client.experiments.lookAtImport({ path: "d.csv", base64: windows1252 })).rejects.toThrow(
      "d.csv: expected text in UTF-8, got other bytes",
    );
    expect(await client.experiments.lookAtImport({ path: "pasted", text: '{"prompt": "One"}' })).toMatchObject({ format: "jsonl", fresh: 1 });
  });
});

describe("what comes with prompts", () => {
  it("is stored once, whichever file brings it", async () => {
    const { client, folder, db } = await openFresh();
    const first = writeLines(folder, "a.jsonl", [
      { prompt: "Hi", chosen: "x", rejected: "y", score_chosen: 8, score_rejected: 2.5 },
      { prompt: " HI ", chosen: "x", rejected: "z" },
      { prompt: "Hi", chosen: "x", rejected: "y" },
      { prompt: "Alone" },
    ]);
    expect(await client.experiments.importPrompts({ path: first })).toMatchObject({ imported: 2, duplicates: 2, duplicatesInFile: 2, pairs: 2 });
    expect(await client.experiments.importPrompts({ path: first })).toMatchObject({ imported: 0, duplicates: 4, duplicatesInFile: 2, pairs: 0 });
    const second = writeLines(folder, "b.jsonl", [
      { prompt: "alone", teacher: "Gold" },
      { prompt: "hi", chosen: "z", rejected: "x" },
    ]);
    expect(await client.experiments.importPrompts({ path: second })).toMatchObject({ imported: 0, duplicates: 2, teacherResponses: 1, pairs: 1 });
    expect(db.all("SELECT text, sample_index FROM response WHERE source = 'imported' ORDER BY sample_index")).toEqual([
      { text: "x", sample_index: 0 },
      { text: "y", sample_index: 1 },
      { text: "z", sample_index: 2 },
    ]);
    expect(
      db.all(
        "SELECT c.text AS c, r.text AS r, chosen_score, rejected_score FROM imported_pair JOIN response c ON c.id = chosen_id JOIN response r ON r.id = rejected_id ORDER BY c, r",
      ),
    ).toEqual([
      { c: "x", r: "y", chosen_score: 8, rejected_score: 2.5 },
      { c: "x", r: "z", chosen_score: null, rejected_score: null },
      { c: "z", r: "x", chosen_score: null, rejected_score: null },
    ]);
    expect(db.all("SELECT name, prompts, pairs, teacher_responses, state FROM import ORDER BY id")).toEqual([
      { name: "a.jsonl", prompts: 2, pairs: 2, teacher_responses: 0, state: "done" },
      { name: "a.jsonl", prompts: 0, pairs: 0, teacher_responses: 0, state: "done" },
      { name: "b.jsonl", prompts: 0, pairs: 1, teacher_responses: 1, state: "done" },
    ]);
  });

  it("is explained row by row where it cannot be used", async () => {
    const { client, folder } = await openFresh();
    const rows = [
      { prompt: "Hi", chosen: "x", rejected: "x" },
      { prompt: "Ho", chosen: "x", rejected: null },
      { prompt: "Ha", chosen: "x", rejected: "y" },
    ];
    const path = writeLines(folder, "a.jsonl", rows);
    const expected = {
      unusablePairs: 2,
      unusable: [
        { row: 1, column: "chosen", expected: 'another answer than in "rejected"', got: "the same" },
        { row: 2, column: "rejected", reason: '"rejected": expected an answer, got null' },
      ],
    };
    expect(await client.experiments.lookAtImport({ path })).toMatchObject({ ...expected, isCertain: true, fresh: 3 });
    expect(await client.experiments.importPrompts({ path })).toMatchObject({ ...expected, imported: 3, pairs: 1 });
    const many = Array.from({ length: 205 }, (_, i) => ({ prompt: `Prompt ${i}`, chosen: "x", rejected: "x" }));
    const look = await client.experiments.lookAtImport({ path: writeLines(folder, "b.jsonl", many) });
    expect([look.unusablePairs, look.unusable.length]).toEqual([205, 200]);
  });

  it("has room for a teacher's response that an earlier file had empty", async () => {
    const { client, folder, db } = await openFresh();
    const chat = (answer: string): object => ({
      messages: [
        { role: "user", content: "Hi" },
        { role: "assistant", content: answer },
      ],
    });
    const first = await client.experiments.importPrompts({ path: writeLines(folder, "a.jsonl", [chat("")]) });
    expect(first).toMatchObject({ imported: 1, teacherResponses: 0 });
    const second = await client.experiments.importPrompts({ path: writeLines(folder, "b.jsonl", [chat("Hello"), chat("Hey")]) });
    expect(second).toMatchObject({ imported: 0, teacherResponses: 1 });
    expect(db.all("SELECT text FROM response")).toEqual([{ text: "Hello" }]);
  });

  it("makes one question two prompts where the system's message differs", async () => {
    const { client, folder, db } = await openFresh();
    const rows = ["Be kind", "Be brief", "be kind"].map((system) => ({ system, question: "Hi" }));
    const path = writeLines(folder, "orca.jsonl", rows);
    expect(await client.experiments.importPrompts({ path, columns: { prompt: "question" } })).toMatchObject({ imported: 2, duplicates: 1 });
    expect(db.all("SELECT messages ->> '$[0].content' AS text FROM prompt ORDER BY text")).toEqual([{ text: "Be brief" }, { text: "Be kind" }]);
  });

  it("stays behind where only prompts are wanted", async () => {
    const { client, folder, db } = await openFresh();
    const path = writeLines(folder, "a.jsonl", [
      { prompt: "Hi", chosen: "x", rejected: "y" },
      { prompt: "Ho", chosen: "x", rejected: "x" },
    ]);
    expect(await client.experiments.lookAtImport({ path })).toMatchObject({ pairs: 1, unusablePairs: 1 });
    expect(await client.experiments.importPrompts({ path, withPairs: false })).toMatchObject({
      imported: 2,
      pairs: 0,
      unusablePairs: 0,
      unusable: [],
    });
    expect(countOf(db, "SELECT count(*) AS n FROM response")).toBe(0);
  });
});

describe("a split that is asked for", () => {
  it("stands before what the file says, also where the lab does not know the file's word", async () => {
    const { client, folder } = await openFresh();
    const path = writeLines(folder, "a.jsonl", [
      { prompt: "One", split: "fold_3" },
      { prompt: "Two", split: "test_prefs" },
    ]);
    expect(await client.experiments.lookAtImport({ path })).toMatchObject({ rejectedCount: 1, rejected: [{ row: 1, column: "split" }] });
    expect(await client.experiments.importPrompts({ path, split: "training" })).toMatchObject({
      imported: 2,
      rejectedCount: 0,
      splits: { training: 2, validation: 0, test: 0 },
    });
  });
});

describe("leaks between splits", () => {
  it("of equal prompts: the split that holds out more stays whole, and what is stored stays where it is", async () => {
    const { client, folder, db } = await openFresh();
    const path = writeLines(folder, "a.jsonl", [
      { prompt: "Same", split: "train" },
      { prompt: "Other", split: "train" },
      { prompt: "same ", split: "test" },
    ]);
    const expected = { equal: 1, listed: [{ row: 1, split: "training", otherRow: 3, otherSplit: "test", share: 1, text: "Same" }] };
    expect((await client.experiments.lookAtImport({ path })).leaks).toMatchObject(expected);
    expect((await client.experiments.importPrompts({ path })).leaks).toMatchObject(expected);
    expect(db.all("SELECT messages ->> '$[0].content' AS text, split FROM prompt ORDER BY text")).toEqual([
      { text: "Other", split: "training" },
      { text: "Same", split: "test" },
    ]);
    const again = await client.experiments.importPrompts({ path: writeLines(folder, "b.jsonl", [{ prompt: "other" }]), split: "validation" });
    expect(again.leaks).toMatchObject({ equal: 1, listed: [{ row: 1, split: "validation", otherRow: null, otherSplit: "training" }] });
    expect(countOf(db, "SELECT count(*) AS n FROM prompt WHERE split = 'validation'")).toBe(0);
  });

  it("of near copies, in the file and against what is stored; for training they can be left out", async () => {
    const { client, folder, db } = await openFresh();
    const rows = [
      { prompt: `${LONG}, please`, split: "train" },
      { prompt: "Something else altogether", split: "train" },
      { prompt: `${LONG}!`, split: "validation" },
    ];
    const path = writeLines(folder, "a.jsonl", rows);
    const look = await client.experiments.lookAtImport({ path });
    expect(look.leaks).toMatchObject({ equal: 0, near: 1, listed: [{ row: 1, split: "training", otherRow: 3, otherSplit: "validation" }] });
    expect(look.leaks.listed[0]?.share).toBeCloseTo(16 / 17, 10);
    expect(look).toMatchObject({ leftOut: 0, fresh: 3 });
    expect(await client.experiments.lookAtImport({ path, nearCopies: "leaveOut" })).toMatchObject({ leftOut: 1, fresh: 2 });
    expect(await client.experiments.importPrompts({ path, nearCopies: "leaveOut" })).toMatchObject({
      imported: 2,
      leftOut: 1,
      splits: { training: 1, validation: 1 },
    });
    const stored = writeLines(folder, "b.jsonl", [
      { prompt: `${LONG} now`, split: "train" },
      { prompt: "something else, altogether?", split: "test" },
    ]);
    expect((await client.experiments.lookAtImport({ path: stored })).leaks).toMatchObject({
      near: 2,
      listed: [
        { row: 1, otherRow: null, otherSplit: "validation" },
        { row: 2, split: "test", otherRow: null, otherSplit: "training", share: 1 },
      ],
    });
    expect(countOf(db, "SELECT count(*) AS n FROM prompt")).toBe(2);
  });
});
