/** Draws the next token: temperature, then top-k, then top-p, as Transformers orders them. */
import type { SamplingSettings } from "#app/domain/sampling.ts";
import { descendingOrder } from "./descending-order.kernel.ts";

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

/**
 * The token at `u` (uniform in [0, 1)) of the cumulative distribution in descending order. Returns undefined where the
 * most likely tokens do not decide it and all logits are needed; with them it always draws. What the most likely tokens
 * decide is drawn from them even where all logits are at hand: nobody else's need for all logits changes a token.
 */
export function drawToken(next: NextToken, settings: DrawSettings, u: number): DrawnToken | undefined {
  const drawn = drawFrom(next.topValues, next.topIds, next, settings, u, false);
  if (drawn !== undefined || next.logits === undefined) return drawn;
  const { logits } = next;
  const order = descendingOrder(logits);
  const values = Float32Array.from(order, (id) => logits[id] ?? -Infinity);
  return drawFrom(values, order, next, settings, u, true);
}

/** `isWhole`: the list is the whole vocabulary. */
function drawFrom(
  values: Float32Array,
  ids: ArrayLike<number>,
  next: NextToken,
  settings: DrawSettings,
  u: number,
  isWhole: boolean,
): DrawnToken | undefined {
  const { temperature, topP, topK } = settings;
  const token = (rank: number): DrawnToken => ({ tokenId: ids[rank] ?? 0, logp: (values[rank] ?? 0) - next.logSumExp });
  if (temperature === 0) return token(0);
  if (topK > values.length && !isWhole) return undefined;
  const count = topK > 0 ? Math.min(topK, values.length) : values.length;
  const probabilities = Float64Array.from(values.subarray(0, count), (value) => Math.exp(value / temperature - next.logSumExpScaled));
  const isComplete = topK > 0 || isWhole;
  const mass = isComplete ? probabilities.reduce((sum, p) => sum + p, 0) : 1;
  const nucleus = nucleusOf(probabilities, mass, topP, isComplete);
  if (nucleus === undefined) return undefined;
  const target = u * nucleus.mass;
  let sum = 0;
  for (let rank = 0; rank < nucleus.count; rank++) {
    sum += probabilities[rank] ?? 0;
    if (sum > target) return token(rank);
  }
  // Rounding may leave the sum a little below the target: the least likely token takes what is left.
  return nucleus.isComplete ? token(nucleus.count - 1) : undefined;
}

type Nucleus = { readonly count: number; readonly mass: number; readonly isComplete: boolean };

/** The smallest leading set with at least `topP` of the mass; undefined if the list ends before that. */
function nucleusOf(probabilities: Float64Array, mass: number, topP: number, isComplete: boolean): Nucleus | undefined {
  if (topP >= 1) return { count: probabilities.length, mass, isComplete };
  let sum = 0;
  for (const [rank, p] of probabilities.entries()) {
    sum += p;
    if (sum >= topP * mass) return { count: rank + 1, mass: sum, isComplete: true };
  }
  return isComplete ? { count: probabilities.length, mass: sum, isComplete } : undefined;
}
