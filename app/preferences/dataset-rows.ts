/** The lab's pairs and responses as rows in the formats that other tools read. */
import { DataError } from "#app/base/errors.ts";
import type { Message } from "#app/domain/prompt.ts";

export type TrlPreferenceRow =
  /** Explicit prompt, conversational. */
  | { readonly prompt: readonly Message[]; readonly chosen: readonly Message[]; readonly rejected: readonly Message[] }
  /** Explicit prompt, plain text. */
  | { readonly prompt: string; readonly chosen: string; readonly rejected: string };

export type PairTexts = { readonly messages: readonly Message[]; readonly chosen: string; readonly rejected: string };

/**
 * A preference pair as TRL reads it, always with an explicit prompt: TRL finds an implicit one as the longest common
 * prefix, which takes a shared first word of the two responses for a part of the prompt. `text` needs a prompt of one
 * user message; others throw a DataError, as no plain text holds their roles.
 */
export function toTrlPreferenceRow(pair: PairTexts, format: "conversational" | "text" = "conversational"): TrlPreferenceRow {
  if (format === "text") return { prompt: onlyUserText(pair.messages), chosen: pair.chosen, rejected: pair.rejected };
  const answer = (content: string): readonly Message[] => [{ role: "assistant", content }];
  return { prompt: pair.messages, chosen: answer(pair.chosen), rejected: answer(pair.rejected) };
}

export type AlpacaEvalRow = {
  readonly instruction: string;
  readonly output: string;
  readonly generator: string;
  readonly dataset?: string;
};

/** A response in AlpacaEval's form; the instruction is the last user message, as AlpacaEval knows single turns only. */
export function toAlpacaEvalRow(row: {
  readonly messages: readonly Message[];
  readonly response: string;
  readonly policyName: string;
  readonly dataset?: string;
}): AlpacaEvalRow {
  const instruction = row.messages.findLast((message) => message.role === "user")?.content;
  if (instruction === undefined) {
    throw new DataError(`AlpacaEval rows need a user message; the prompt has only ${roles(row.messages)}`);
  }
  const base = { instruction, output: row.response, generator: row.policyName };
  return row.dataset === undefined ? base : { ...base, dataset: row.dataset };
}

function onlyUserText(messages: readonly Message[]): string {
  const [message] = messages;
  if (messages.length !== 1 || message?.role !== "user") {
    throw new DataError(`a prompt as plain text must be one user message; this one has ${roles(messages)}`);
  }
  return message.content;
}

function roles(messages: readonly Message[]): string {
  return messages.length === 0 ? "no messages" : `the roles ${messages.map((message) => message.role).join(", ")}`;
}
