/** The prompts of the result: as many as promised, drawn as promised, answerable in short, and no two alike. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { describe, expect, test } from "vitest";
import { normalisedPromptText, splitSchema } from "#app/domain/prompt.ts";
import { keyWordsOf, stemsOf, wordsOf } from "#app/judging/words.ts";
import { ROOT } from "#tools/checks/root.ts";
import { drawSplits, SHARE_OF_CATEGORY } from "#tools/result/draw-splits.ts";

const rowSchema = z.strictObject({
  id: z.string().regex(/^[a-z]+-\d\d$/u),
  category: z.string(),
  split: splitSchema.optional(),
  prompt: z.string(),
});
type Row = z.infer<typeof rowSchema>;

function rowsOf(file: string): Row[] {
  const lines = readFileSync(join(ROOT, "resources", "prompts", file), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => rowSchema.parse(JSON.parse(line)));
}

const drawn = rowsOf("requests.jsonl");
const spare = rowsOf("requests-spare.jsonl");
const all = [...drawn, ...spare];

/** Words that say how a thing is asked for, and those of grammar; what is left is what a request is about. */
const FRAME = new Set(
  `a about after an and are as at be between by can compare could describe did difference do does each explain few five for four from get give had has have her here his
  how i if in into is it its kind list little made make me my name no not of off on one or our outline plan say sentence set she short should so some steps story
  suggest tale tell than that the their them then there these they this three tiny to turn two up use very was way we were what when where which who why will with without
  word words would write you your rewrite email letter message note send differ better which week day`.split(/\s+/u),
);

/** Shared over all members of two sets. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((one) => b.has(one)).length;
  return shared / Math.max(1, a.size + b.size - shared);
}

function runsOf(text: string, length: number): Set<string> {
  const words = wordsOf(text);
  return new Set(Array.from({ length: Math.max(0, words.length - length + 1) }, (_, i) => words.slice(i, i + length).join(" ")));
}

/** Pairs of prompts of which a share of the runs of words, or of what they are about, is the same. */
function alike(rows: readonly Row[]): string[] {
  const looks = rows.map(({ prompt }) => ({
    prompt,
    runs: runsOf(prompt, 3),
    topic: new Set(wordsOf(prompt).filter((word) => !FRAME.has(word))),
  }));
  return looks.flatMap((a, i) =>
    looks
      .slice(i + 1)
      .filter((b) => overlap(a.runs, b.runs) > 0.5 || overlap(a.topic, b.topic) >= 0.5)
      .map((b) => `${a.prompt} | ${b.prompt}`),
  );
}

describe("the prompts of the result", () => {
  test("are 450: 300 to train, 50 to validate, 100 to test; and 30 are spare", () => {
    const counts = Object.fromEntries([...Map.groupBy(drawn, (row) => row.split ?? "none")].map(([split, rows]) => [split, rows.length]));
    expect(counts).toEqual({ training: 300, validation: 50, test: 100 });
    expect(spare).toHaveLength(30);
    expect(spare.every((row) => row.split === undefined)).toBe(true);
  });

  test("stand in every split with every category, as many each", () => {
    const counts = new Map([...Map.groupBy(all, (row) => `${row.category} ${row.split ?? "spare"}`)].map(([key, rows]) => [key, rows.length]));
    const categories = [...new Set(all.map((row) => row.category))];
    expect(categories).toHaveLength(10);
    for (const category of categories)
      for (const [split, count] of Object.entries(SHARE_OF_CATEGORY)) expect(counts.get(`${category} ${split}`), `${category} ${split}`).toBe(count);
  });

  test("fall into splits as the draw with its named seed says, in whatever order they are read", () => {
    const splits = drawSplits(all.toReversed());
    expect(all.map((row) => row.split ?? "spare")).toEqual(all.map((row) => splits.get(row.id)));
  });

  test("have ids of their own, of their category", () => {
    expect(new Set(all.map((row) => row.id)).size).toBe(all.length);
    expect(all.filter((row) => !row.id.startsWith(`${row.category}-`))).toEqual([]);
  });

  test("are of a length that a small model can read and answer", () => {
    for (const { prompt } of all) {
      expect(prompt.trim()).toBe(prompt);
      const count = wordsOf(prompt).length;
      expect(count >= 4 && count <= 45, `${count} words: ${prompt}`).toBe(true);
    }
  });

  test("are no two the same, as the lab compares prompts", () => {
    const texts = all.map(({ prompt }) => normalisedPromptText([{ role: "user", content: prompt }]));
    expect(new Set(texts).size).toBe(texts.length);
  });

  test("are no two alike, within or across splits", () => {
    expect(alike(all)).toEqual([]);
  });

  test("would be found if they were alike", () => {
    const [one] = all;
    if (one === undefined) throw new Error("expected prompts");
    expect(alike([one, { ...one, prompt: `Please ${one.prompt}` }])).toHaveLength(1);
    expect(
      alike([
        { ...one, prompt: "How do I boil an egg?" },
        { ...one, prompt: "Tell me the way to boil an egg." },
      ]),
    ).toHaveLength(1);
  });

  test("have a teacher's response to each training prompt and to no other, finished and not too long", () => {
    const lines = readFileSync(join(ROOT, "resources", "prompts", "requests-teacher.jsonl"), "utf8")
      .trimEnd()
      .split("\n");
    const teachers = lines.map((line) => z.strictObject({ id: z.string(), teacher_response: z.string() }).parse(JSON.parse(line)));
    expect(teachers.map(({ id }) => id)).toEqual(drawn.filter((row) => row.split === "training").map(({ id }) => id));
    expect(new Set(teachers.map((row) => row.teacher_response)).size).toBe(300);
    for (const { id, teacher_response: text } of teachers) {
      expect(text.trim(), id).toBe(text);
      const count = wordsOf(text).length;
      expect(count >= 4 && count <= 120, `${id}: ${count} words`).toBe(true);
    }
  });

  test("have teacher's responses that speak of what their own prompt asks, and not of what the next one does", () => {
    const lines = readFileSync(join(ROOT, "resources", "prompts", "requests-teacher.jsonl"), "utf8")
      .trimEnd()
      .split("\n");
    const found = lines.map((line) => stemsOf(wordsOf(z.object({ teacher_response: z.string() }).parse(JSON.parse(line)).teacher_response)));
    const training = drawn.filter((row) => row.split === "training");
    const wanted = training.map((row) => keyWordsOf(row.prompt));
    const shareOf = (prompt: number, response: number): number => {
      const stems = [...(wanted[prompt] ?? [])];
      return stems.filter((stem) => found[response]?.has(stem) === true).length / Math.max(1, stems.length);
    };
    // Answers that had slipped by one place within their category would fail this for that category.
    for (const category of new Set(training.map((row) => row.category))) {
      const places = training.flatMap((row, i) => (row.category === category ? [i] : []));
      const own = places.reduce((sum, i) => sum + shareOf(i, i), 0) / places.length;
      const next = places.reduce((sum, i) => sum + shareOf((i + 1) % training.length, i), 0) / places.length;
      expect(own, category).toBeGreaterThan(0.1);
      expect(own, category).toBeGreaterThan(3 * next);
    }
  });

  test("the draw refuses a category with another number of prompts", () => {
    expect(() => drawSplits(all.slice(1))).toThrow(/expected 48 prompts/u);
  });
});
