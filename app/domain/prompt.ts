/** Prompts: what is asked, as messages, and the part of the experiment they belong to. */
import * as z from "zod";
import type { ContentHash, PromptId } from "#app/base/ids.ts";

export const messageSchema = z.object({
  role: z.enum(["system", "user", "assistant"]),
  content: z.string(),
});
export type Message = Readonly<z.infer<typeof messageSchema>>;

/** Training prompts are sampled for pairs; validation is for tuning and selection; test is only ever reported. */
export const splitSchema = z.enum(["training", "validation", "test"]);
export type Split = z.infer<typeof splitSchema>;

export type Prompt = {
  readonly id: PromptId;
  /** SHA-256 of `normalisedPromptText(messages)`: equal prompts never fall into two splits. */
  readonly hash: ContentHash;
  readonly messages: readonly Message[];
  readonly split: Split;
  /** Shard of the training split, from 0; rounds take shards in turn. Null outside the training split. */
  readonly shard: number | null;
  /** Where the prompt came from: a file name or the name of a set. */
  readonly source: string;
};

/** A preference of someone else, as a file brought it: two responses to one prompt, and their scores in the file's own unit. */
export type PairText = {
  readonly chosen: string;
  readonly rejected: string;
  readonly chosenScore: number | null;
  readonly rejectedScore: number | null;
};

/** A prompt as a file brought it, before ids and splits. */
export type PromptDraft = {
  readonly messages: readonly Message[];
  /** A response from a stronger model (the paper's gold), if the file has one. */
  readonly teacherResponse?: string;
  /** The split that the file asks for; else the hash decides. */
  readonly split?: Split;
  readonly pairs: readonly PairText[];
  /** Why the row has a preference that cannot be used, although its prompt can. */
  readonly pairProblem?: RowProblem;
};

/** What is wrong with a value of a row, in words that go on from "expected" and "got". */
export type RowProblem = {
  /** The column; null for the row as a whole. */
  readonly column: string | null;
  readonly expected: string;
  readonly got: string;
};

/**
 * The text by which two prompts count as the same: roles and contents, Unicode NFKC, lower case, runs of white space
 * as one space.
 */
export function normalisedPromptText(messages: readonly Message[]): string {
  return messages.map((message) => `${message.role}:${message.content.normalize("NFKC").toLowerCase().replace(/\s+/gu, " ").trim()}`).join("\n");
}
