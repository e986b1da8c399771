/** What the lab writes for others it reads back as the same records, in every shape and format, whatever the texts. */
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Message } from "#app/domain/prompt.ts";
import { toAlpacaEvalRow, toTrlPreferenceRow, toUltraFeedbackRow } from "#app/preferences/dataset-rows.ts";
import { readRow, type RowReading } from "#app/preferences/rows/read-row.ts";
import type { DataTable } from "#app/rounds/data-ports.ts";
import { dataFiles } from "#main/data/data-files.ts";
import { hostileText } from "#tests/support/hostile-text.ts";
import { fc } from "#tests/support/properties.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const said = hostileText.filter((text) => text.trim() !== "");
const turn = fc.tuple(said, said).map(([asked, answered]): Message[] => [
  { role: "user", content: asked },
  { role: "assistant", content: answered },
]);
const messages = fc
  .tuple(fc.option(said, { nil: undefined }), fc.array(turn, { maxLength: 2 }), said)
  .map(([system, turns, last]): Message[] => [
    ...(system === undefined ? [] : [{ role: "system" as const, content: system }]),
    ...turns.flat(),
    { role: "user", content: last },
  ]);
const score = fc.option(
  fc.double({ min: 0, max: 10, noNaN: true }).map((value) => value + 0),
  { nil: null },
);
const pairs = fc.uniqueArray(
  fc
    .record({ messages, chosen: said, rejected: said, chosenScore: score, rejectedScore: score })
    .filter(({ chosen, rejected }) => chosen !== rejected),
  { minLength: 1, maxLength: 12, selector: (pair) => JSON.stringify(pair) },
);

async function readAll(path: string): Promise<RowReading[]> {
  const readings: RowReading[] = [];
  for await (const batch of (await dataFiles.open({ path })).batches()) {
    for (const row of batch) if ("value" in row) readings.push(readRow(row.value));
  }
  return readings;
}

const FORMATS = [
  { ending: "jsonl", numRuns: 40 },
  { ending: "json", numRuns: 40 },
  { ending: "csv", numRuns: 40 },
  { ending: "parquet", numRuns: 5 },
];

it.each(FORMATS)("TRL's rows, conversational, by .$ending", async ({ ending, numRuns }) => {
  const path = join(tempFolder(), `pairs.${ending}`);
  await fc.assert(
    fc.asyncProperty(pairs, async (all) => {
      const rows = all.map((pair) => toTrlPreferenceRow(pair));
      const columns = (["prompt", "chosen", "rejected"] as const).map((name) => ({ name, kind: "messages" as const }));
      await dataFiles.write(path, { columns, rows: rows.map((row) => [row.prompt, row.chosen, row.rejected]) });
      expect(await readAll(path)).toEqual(
        all.map((pair) => ({
          shape: "preference",
          draft: { messages: pair.messages, pairs: [{ chosen: pair.chosen, rejected: pair.rejected, chosenScore: null, rejectedScore: null }] },
        })),
      );
    }),
    { numRuns },
  );
});

/** What a spreadsheet would take for a formula, or a reader of CSV for messages, and an answer that is JSON of its own. */
const TELLING = [
  "- a",
  "- one\n- two",
  "\n-",
  "-5+3?",
  "'=1",
  "'[{",
  '{"from":"x"}',
  '{"from":"Paris","to":"Rome"}',
  '[{"role":"user","content":"x"}]',
];

it.each(FORMATS)("TRL's rows, as texts, by .$ending", async ({ ending, numRuns }) => {
  const path = join(tempFolder(), `pairs.${ending}`);
  const text = fc.oneof(said, fc.constantFrom(...TELLING, ...TELLING.map((one) => `'${one}`)));
  const row = fc.record({ prompt: text, chosen: text, rejected: text }).filter(({ chosen, rejected }) => chosen !== rejected);
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (all) => {
      const columns = (["prompt", "chosen", "rejected"] as const).map((name) => ({ name, kind: "text" as const }));
      await dataFiles.write(path, { columns, rows: all.map(({ prompt, chosen, rejected }) => [prompt, chosen, rejected]) });
      expect(await readAll(path)).toEqual(
        all.map(({ prompt, ...pair }) => ({
          shape: "preference",
          draft: { messages: [{ role: "user", content: prompt }], pairs: [{ ...pair, chosenScore: null, rejectedScore: null }] },
        })),
      );
    }),
    { numRuns },
  );
});

it.each(FORMATS)("UltraFeedback's rows, with their scores, by .$ending", async ({ ending, numRuns }) => {
  const path = join(tempFolder(), `pairs.${ending}`);
  await fc.assert(
    fc.asyncProperty(pairs, async (all) => {
      const rows = all.map((pair, i) => toUltraFeedbackRow({ ...pair, promptId: String(i) }));
      const table: DataTable = {
        columns: [
          { name: "prompt", kind: "text" },
          { name: "prompt_id", kind: "text" },
          { name: "chosen", kind: "messages" },
          { name: "rejected", kind: "messages" },
          { name: "messages", kind: "messages" },
          { name: "score_chosen", kind: "number" },
          { name: "score_rejected", kind: "number" },
        ],
        rows: rows.map((row) => [row.prompt, row.prompt_id, row.chosen, row.rejected, row.messages, row.score_chosen, row.score_rejected]),
      };
      await dataFiles.write(path, table);
      const readings = await readAll(path);
      expect(readings.map((reading) => "draft" in reading && reading.draft)).toEqual(
        all.map(({ messages: prompt, ...pair }) => ({ messages: prompt, pairs: [pair] })),
      );
    }),
    { numRuns },
  );
});

it("AlpacaEval's outputs come back as prompts, and as a teacher's where they are chosen as such", () => {
  fc.assert(
    fc.property(said, said, (instruction, output) => {
      const row = toAlpacaEvalRow({ messages: [{ role: "user", content: instruction }], response: output, policyName: "r1", dataset: "own" });
      const prompt = { messages: [{ role: "user", content: instruction }], pairs: [] };
      expect(readRow(row)).toEqual({ shape: "alpacaEvalOutputs", draft: prompt });
      expect(readRow(row, { teacher: "output" })).toMatchObject({ draft: { teacherResponse: output } });
    }),
    {
      examples: [
        ['"', "\n\nHuman: "],
        ["\u0000", '\n\nHuman: \n\nAssistant: "'],
      ],
    },
  );
});

it("TRL's rows as text want a single user message; UltraFeedback's and AlpacaEval's want one at all", () => {
  const [system, user]: Message[] = [
    { role: "system", content: "s" },
    { role: "user", content: "Hi" },
  ];
  const texts = { chosen: "a", rejected: "b" };
  expect(toTrlPreferenceRow({ messages: user === undefined ? [] : [user], ...texts }, "text")).toEqual({ prompt: "Hi", ...texts });
  expect(() => toTrlPreferenceRow({ messages: [system, user].flatMap((one) => one ?? []), ...texts }, "text")).toThrow(
    /one user message.*system, user/u,
  );
  const silent = system === undefined ? [] : [system];
  expect(() => toUltraFeedbackRow({ messages: silent, ...texts, promptId: "1", chosenScore: null, rejectedScore: null })).toThrow(
    /need a user message/u,
  );
  expect(() => toAlpacaEvalRow({ messages: silent, response: "a", policyName: "r1", dataset: "d" })).toThrow(/only the roles system/u);
});
