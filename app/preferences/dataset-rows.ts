/** The lab's pairs and responses as rows in the formats that other tools read. */
import { DataError } from "#app/base/errors.ts";
import type { Message } from "#app/domain/prompt.ts";
import { dataWords } from "#app/text/data.ts";

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

export type UltraFeedbackRow = {
  /** The last user message; the whole conversation is in `chosen` and `rejected`. */
  readonly prompt: string;
  readonly prompt_id: string;
  readonly chosen: readonly Message[];
  readonly rejected: readonly Message[];
  /** The same as `chosen`: what supervised training takes. */
  readonly messages: readonly Message[];
  readonly score_chosen: number | null;
  readonly score_rejected: number | null;
};

/** A pair in the form of UltraFeedback binarised. The scores are those of one listwise ask, or expected win rates. */
export function toUltraFeedbackRow(
  pair: PairTexts & { readonly promptId: string; readonly chosenScore: number | null; readonly rejectedScore: number | null },
): UltraFeedbackRow {
  const chat = (content: string): readonly Message[] => [...pair.messages, { role: "assistant", content }];
  return {
    prompt: lastUserText(pair.messages, "UltraFeedback"),
    prompt_id: pair.promptId,
    chosen: chat(pair.chosen),
    rejected: chat(pair.rejected),
    messages: chat(pair.chosen),
    score_chosen: pair.chosenScore,
    score_rejected: pair.rejectedScore,
  };
}

export type AlpacaEvalRow = {
  readonly instruction: string;
  readonly output: string;
  readonly generator: string;
  readonly dataset: string;
};

/** A response in AlpacaEval's form; the instruction is the last user message, as AlpacaEval knows single turns only. */
export function toAlpacaEvalRow(row: {
  readonly messages: readonly Message[];
  readonly response: string;
  readonly policyName: string;
  readonly dataset: string;
}): AlpacaEvalRow {
  return { instruction: lastUserText(row.messages, "AlpacaEval"), output: row.response, generator: row.policyName, dataset: row.dataset };
}

function lastUserText(messages: readonly Message[], format: string): string {
  const text = messages.findLast((message) => message.role === "user")?.content;
  if (text === undefined) throw new DataError(dataWords.needsUserMessage(format, roles(messages)));
  return text;
}

function onlyUserText(messages: readonly Message[]): string {
  const [message] = messages;
  if (messages.length !== 1 || message?.role !== "user") {
    throw new DataError(dataWords.notOneMessage(roles(messages)));
  }
  return message.content;
}

function roles(messages: readonly Message[]): string {
  return messages.length === 0 ? dataWords.noMessages : dataWords.theRoles(messages.map((message) => message.role).join(", "));
}
