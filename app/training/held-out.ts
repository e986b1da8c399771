/** Pairs of a round that are never trained on: by their prompts, which no earlier round has trained on either. */
import { rngFor } from "#app/base/random.ts";

/** Pairs of fewer prompts say nothing about a policy. */
export const MIN_HELD_OUT_PROMPTS = 10;

/** Metrics of the held-out pairs stand under TRL's names: `eval_` before the name of the same figure of a step. */
export const HELD_OUT_PREFIX = "eval_";

export type RoundPrompts = {
  /** Of the prompts, from 0 to 1. */
  readonly share: number;
  /** All training prompts that the round sees, whether they have pairs or not. */
  readonly promptIds: readonly string[];
};

export type TrainedRound = RoundPrompts & {
  /** The prompts of its pairs. */
  readonly pairedIds: readonly string[];
};

/**
 * The prompts that a round keeps out: those that are drawn by the experiment's seed, and that no earlier round has trained
 * on. Fewer than MIN_HELD_OUT_PROMPTS are not worth it, and are trained on. Which prompts have pairs differs from round to
 * round, so that it decides nothing: a prompt that is kept out once is kept out in the next round too.
 */
export function heldOutPromptIds(seed: number, present: RoundPrompts, earlier: readonly TrainedRound[]): ReadonlySet<string> {
  const drawOf = drawsBy(seed);
  const trainedOn = new Set<string>();
  const keptOut = ({ share, promptIds }: RoundPrompts): ReadonlySet<string> => {
    const drawn = share === 0 ? [] : promptIds.filter((id) => !trainedOn.has(id) && drawOf(id) < share);
    return new Set(drawn.length < MIN_HELD_OUT_PROMPTS ? [] : drawn);
  };
  for (const round of earlier) {
    const kept = keptOut(round);
    for (const id of round.pairedIds) if (!kept.has(id)) trainedOn.add(id);
  }
  return keptOut(present);
}

/** A number of each prompt, from 0 to 1; drawn once, as every round asks for it. */
function drawsBy(seed: number): (promptId: string) => number {
  const draws = new Map<string, number>();
  return (id) => {
    const draw = draws.get(id) ?? rngFor(seed, "heldOut", id).next();
    draws.set(id, draw);
    return draw;
  };
}

export type HeldOutSplit<Pair> = { readonly training: readonly Pair[]; readonly heldOut: readonly Pair[] };

/** All pairs of a prompt fall on one side, in their order. */
export function splitHeldOut<Pair extends { readonly promptId: string }>(pairs: readonly Pair[], promptIds: ReadonlySet<string>): HeldOutSplit<Pair> {
  return {
    training: pairs.filter((pair) => !promptIds.has(pair.promptId)),
    heldOut: pairs.filter((pair) => promptIds.has(pair.promptId)),
  };
}
