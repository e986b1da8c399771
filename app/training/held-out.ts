/** Pairs of a round that are never trained on: by their prompts, the same in every round, so that no earlier round has seen them. */
import { rngFor } from "#app/base/random.ts";

/** Pairs of fewer prompts say nothing about a policy; then all pairs are trained on. */
export const MIN_HELD_OUT_PROMPTS = 10;

/** Metrics of the held-out pairs stand under TRL's names: `eval_` before the name of the same figure of a step. */
export const HELD_OUT_PREFIX = "eval_";

export type HeldOutRule = {
  /** Of the prompts, from 0 to 1. */
  readonly share: number;
  /** The experiment's. */
  readonly seed: number;
};

export type HeldOutSplit<Pair> = { readonly training: readonly Pair[]; readonly heldOut: readonly Pair[] };

/** All pairs of a prompt fall on one side, in their order. With fewer than MIN_HELD_OUT_PROMPTS on the held-out side none is held out. */
export function splitHeldOut<Pair extends { readonly promptId: string }>(pairs: readonly Pair[], { share, seed }: HeldOutRule): HeldOutSplit<Pair> {
  const promptIds = new Set(pairs.map((pair) => pair.promptId).filter((id) => rngFor(seed, "heldOut", id).next() < share));
  if (promptIds.size < MIN_HELD_OUT_PROMPTS) return { training: pairs, heldOut: [] };
  return {
    training: pairs.filter((pair) => !promptIds.has(pair.promptId)),
    heldOut: pairs.filter((pair) => promptIds.has(pair.promptId)),
  };
}
