/** Rows read in a word: messages, pairs, and a row's draft or its problem as a sentence. */
import type { Message, PairText, PromptDraft } from "#app/domain/prompt.ts";
import { type ColumnChoice, readRow } from "#app/preferences/rows/read-row.ts";
import { problemText } from "#app/preferences/rows/values.ts";

export const user = (content: string): Message => ({ role: "user", content });
export const assistant = (content: string): Message => ({ role: "assistant", content });
export const system = (content: string): Message => ({ role: "system", content });
export const pair = (chosen: string, rejected: string, chosenScore: number | null = null, rejectedScore: number | null = null): PairText => ({
  chosen,
  rejected,
  chosenScore,
  rejectedScore,
});
export const A_OVER_B = [pair("a", "b")];

/** The draft, or the problem as a sentence. */
export function read(row: unknown, columns?: ColumnChoice): PromptDraft | string {
  const reading = readRow(row, columns);
  return "draft" in reading ? reading.draft : problemText(reading.problem);
}
