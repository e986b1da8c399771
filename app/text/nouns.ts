/** Things that are counted, in the forms that their number asks for. */
import type { Forms } from "./language.ts";

const english = {
  answers: { one: "answer", other: "answers" },
  calls: { one: "call", other: "calls" },
  cells: { one: "cell", other: "cells" },
  characters: { one: "character", other: "characters" },
  checkpoints: { one: "old training checkpoint", other: "old training checkpoints" },
  comparisons: { one: "comparison", other: "comparisons" },
  cores: { one: "core", other: "cores" },
  disputes: { one: "dispute", other: "disputes" },
  ggufFiles: { one: "GGUF file", other: "GGUF files" },
  goodPrompts: { one: "good prompt", other: "good prompts" },
  judgments: { one: "judgment", other: "judgments" },
  knownAnswers: { one: "known answer", other: "known answers" },
  members: { one: "member", other: "members" },
  minutes: { one: "minute", other: "minutes" },
  opponents: { one: "opponent", other: "opponents" },
  pairs: { one: "pair", other: "pairs" },
  preferences: { one: "preference", other: "preferences" },
  prompts: { one: "prompt", other: "prompts" },
  repeats: { one: "repeat", other: "repeats" },
  responses: { one: "response", other: "responses" },
  rounds: { one: "round", other: "rounds" },
  rows: { one: "row", other: "rows" },
  scores: { one: "score", other: "scores" },
  steps: { one: "step", other: "steps" },
  teacherResponses: { one: "teacher response", other: "teacher responses" },
  things: { one: "thing", other: "things" },
  threads: { one: "thread", other: "threads" },
  times: { one: "time", other: "times" },
  tokens: { one: "token", other: "tokens" },
  triples: { one: "triple", other: "triples" },
  verdicts: { one: "verdict", other: "verdicts" },
  warnings: { one: "warning", other: "warnings" },
} satisfies Readonly<Record<string, Forms>>;

export const nouns: { readonly [Noun in keyof typeof english]: Forms } = english;
