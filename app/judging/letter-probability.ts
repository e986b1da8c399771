/** Preference probabilities from log-probabilities of the answers "A" and "B". */
import { logSumExp, sigmoid } from "#app/base/log-space.ts";
import type { Verdict } from "#app/domain/verdict.ts";

/** Below so much probability of either letter the judge was saying something else. */
const MIN_LETTER_MASS = 0.1;

/** From so far away from one half on a preference counts as clear. */
const CLEAR_DISTANCE = 0.25;

/**
 * P(A) / (P(A) + P(B)) over the first token's likeliest values (AlpacaEval 2's weighted judge), white space before a
 * letter disregarded. Undefined where A and B together have less than a tenth.
 */
export function letterProbability(tokens: readonly { readonly token: string; readonly logprob: number }[]): number | undefined {
  const mass = (letter: string): number =>
    logSumExp(tokens.filter(({ token, logprob }) => token.trim() === letter && logprob <= 0).map(({ logprob }) => logprob));
  const [a, b] = [mass("A"), mass("B")];
  if (!(Math.exp(a) + Math.exp(b) >= MIN_LETTER_MASS)) return undefined;
  return preferenceOfLogps(a, b);
}

/** σ(log P(A) - log P(B)): the probability of A among the two. */
export function preferenceOfLogps(logpA: number, logpB: number): number {
  return logpA === logpB ? 0.5 : sigmoid(logpA - logpB);
}

/** The verdict on the responses as shown that a probability of the first stands for. */
export function verdictOfProbability(probability: number): Verdict {
  if (probability === 0.5) return { kind: "tie" };
  const strength = Math.abs(probability - 0.5) >= CLEAR_DISTANCE ? "clear" : "slight";
  return { kind: "prefers", winner: probability > 0.5 ? "first" : "second", strength };
}
