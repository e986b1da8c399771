/** Log-probabilities under frozen policies, and what a loss makes of them. */
import { DataError } from "#app/base/errors.ts";
import type { LossSettings } from "#app/domain/loss.ts";
import { firstPolicyShareOf } from "./losses.ts";

/** Sums over each pair's response tokens, in nats. */
export type ReferenceLogps = { readonly chosen: Float32Array; readonly rejected: Float32Array };

/** Those that a loss needs. */
export type References = {
  readonly roundPolicy?: ReferenceLogps;
  /** Absent where the first policy is the round's. */
  readonly firstPolicy?: ReferenceLogps;
  /** Of prompts with the responses of another, under the policy that is the reference. */
  readonly mismatched?: ReferenceLogps;
};

/**
 * What the loss sees as log reference(y|x): one policy's log-probabilities as they are, or the mix (1 − share) of the
 * round's and share of the first policy's; undefined without a reference. Throws DataError where they are missing.
 */
export function effectiveReference({ roundPolicy, firstPolicy }: References, loss: LossSettings): ReferenceLogps | undefined {
  const share = firstPolicyShareOf(loss);
  if (share === undefined) return undefined;
  const first = firstPolicy ?? roundPolicy;
  if (first === undefined || (share < 1 && roundPolicy === undefined)) {
    throw new DataError(`the loss ${loss.kind}: expected log-probabilities under its reference, got none`);
  }
  if (share === 1 || roundPolicy === undefined) return first;
  if (share === 0 || firstPolicy === undefined) return roundPolicy;
  const mix = (ofRound: Float32Array, ofFirst: Float32Array): Float32Array =>
    ofRound.map((logp, i) => (1 - share) * logp + share * (ofFirst[i] ?? Number.NaN));
  return { chosen: mix(roundPolicy.chosen, firstPolicy.chosen), rejected: mix(roundPolicy.rejected, firstPolicy.rejected) };
}
