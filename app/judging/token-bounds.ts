/** How many tokens a question may take: a bound that holds for money, and an estimate for forecasts. */
import type { Message } from "#app/domain/prompt.ts";

/** Tokens that a chat format may add around one message, and at the end. */
const OVERHEAD_A_MESSAGE = 8;

/** Characters a token before anything was measured, roughly right for English under today's tokenizers. */
export const USUAL_CHARACTERS_A_TOKEN = 4;

/** At most so many tokens: no token of a byte-level tokenizer stands for less than a byte. */
export function promptTokensAtMost(messages: readonly Message[]): number {
  const encoder = new TextEncoder();
  return messages.reduce((sum, message) => sum + encoder.encode(message.content).length + OVERHEAD_A_MESSAGE, OVERHEAD_A_MESSAGE);
}

/** About so many tokens, by the characters that a token stood for so far. */
export function promptTokensAbout(messages: readonly Message[], charactersAToken: number): number {
  return messages.reduce((sum, message) => sum + message.content.length / charactersAToken + OVERHEAD_A_MESSAGE / 2, 0);
}
