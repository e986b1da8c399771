/** Things that are counted, in the forms that their number asks for. */
import type { Forms } from "./language.ts";

export const nouns = {
  answers: { one: "answer", other: "answers" },
  checkpoints: { one: "old training checkpoint", other: "old training checkpoints" },
  comparisons: { one: "comparison", other: "comparisons" },
  cores: { one: "core", other: "cores" },
  files: { one: "file", other: "files" },
  goodPrompts: { one: "good prompt", other: "good prompts" },
  judgments: { one: "judgment", other: "judgments" },
  pairs: { one: "pair", other: "pairs" },
  preferences: { one: "preference", other: "preferences" },
  prompts: { one: "prompt", other: "prompts" },
  responses: { one: "response", other: "responses" },
  rounds: { one: "round", other: "rounds" },
  rows: { one: "row", other: "rows" },
  steps: { one: "step", other: "steps" },
  teacherResponses: { one: "teacher response", other: "teacher responses" },
  things: { one: "thing", other: "things" },
  threads: { one: "thread", other: "threads" },
  triples: { one: "triple", other: "triples" },
  warnings: { one: "warning", other: "warnings" },
} satisfies Readonly<Record<string, Forms>>;
