/** Draws the next token: temperature, then top-k, then top-p, as Transformers orders them. */
import type { SamplingSettings } from "#app/domain/sampling.ts";
import { leadingMass, rankBeyond } from "./leading-mass.kernel.ts";
import { tokensFrom } from "./likely-tokens.kernel.ts";

export type NextToken = {
  /** Logits of the most likely tokens, descending; equal ones by ascending id. */
  readonly topValues: Float32Array;
  readonly topIds: readonly number[];
  /** log Σ exp of all logits, and of all logits divided by the temperature. */
  readonly logSumExp: number;
  readonly logSumExpScaled: number;
  /** All logits, where they were asked for. */
  readonly logits: Float32Array | undefined;
};

/** `logp` is log π(token) in nats at temperature 1 over the whole vocabulary. */
export type DrawnToken = { readonly tokenId: number; readonly logp: number };

export type DrawSettings = Pick<SamplingSettings, "temperature" | "topP" | "topK">;

/** Least probabilities at the temperature of the lists that are tried after the most likely tokens, before the whole vocabulary is. */
const LEAST_PROBABILITIES = [1e-4, 1e-6];

/**
 * The token at `u` (uniform in [0, 1)) of the cumulative distribution in descending order. Returns undefined where the
 * most likely tokens do not decide it and all logits are needed; with them it always draws. What a shorter list decides
 * is drawn from it even where all logits are at hand: nobody else's need for all logits changes a token.
 */
export function drawToken(next: NextToken, settings: DrawSettings, u: number): DrawnToken | undefined {
  const { logits } = next;
  const drawn = drawFrom(next.topValues, next.topIds, next, settings, u, false);
  if (drawn !== undefined || logits === undefined) return drawn;
  for (const probability of LEAST_PROBABILITIES) {
    const { values, ids } = tokensFrom(logits, settings.temperature * (next.logSumExpScaled + Math.log(probability)));
    const fromLikely = drawFrom(values, ids, next, settings, u, false);
    if (fromLikely !== undefined) return fromLikely;
  }
  const { values, ids } = tokensFrom(logits, -Infinity);
  return drawFrom(values, ids, next, settings, u, true);
}

/** `isWhole`: the list is the whole vocabulary. */
function drawFrom(
  values: Float32Array,
  ids: ArrayLike<number>,
  { logSumExp, logSumExpScaled }: NextToken,
  { temperature, topP, topK }: DrawSettings,
  u: number,
  isWhole: boolean,
): DrawnToken | undefined {
  const token = (rank: number): DrawnToken => ({ tokenId: ids[rank] ?? 0, logp: (values[rank] ?? 0) - logSumExp });
  if (temperature === 0) return token(0);
  if (topK > values.length && !isWhole) return undefined;
  const count = topK > 0 ? Math.min(topK, values.length) : values.length;
  const isComplete = topK > 0 || isWhole;
  const ranked = { values, count, temperature, logSumExpScaled };
  // What lies beyond a list that is not complete is known by the normaliser alone.
  const mass = isComplete ? leadingMass(ranked, Infinity).mass : 1;
  const nucleus = topP >= 1 ? { count, mass } : leadingMass(ranked, topP * mass);
  const endsInList = isComplete || (topP < 1 && nucleus.mass >= topP * mass);
  if (topP < 1 && !endsInList) return undefined;
  const rank = rankBeyond({ ...ranked, count: nucleus.count }, u * nucleus.mass);
  if (rank >= 0) return token(rank);
  // Rounding may leave the sum a little below the target: the least likely token takes what is left.
  return endsInList ? token(nucleus.count - 1) : undefined;
}
