/** Scores what a loss measures against: frozen policies once before the first step, mismatched responses at each. */
import { CancelledError } from "#app/base/errors.ts";
import type { LossSettings } from "#app/domain/loss.ts";
import { firstPolicyShareOf, losses } from "#app/training/losses.ts";
import { mismatchedPairs } from "#app/training/mismatched-pairs.ts";
import type { TokenPair } from "#app/training/pair-packing.ts";
import type { ReferenceLogps, References } from "#app/training/references.ts";
import type { FedFactors } from "#main/engine/runtime/policy-model.ts";
import { type PairRunner, scorePairs } from "./pair-runs.ts";

export type ReferenceHooks = {
  referenceScored(done: number, total: number): void;
  readonly isCancelled: () => boolean;
  /** Called between two runs. Lets messages in, so that a cancel arrives. */
  breathe(): Promise<void>;
};

export type ReferenceInputs = {
  /** Its policy is the round's. */
  readonly runner: PairRunner;
  /** The experiment's first policy; undefined where it is the round's. */
  readonly firstRunner: PairRunner | undefined;
  readonly pairs: readonly TokenPair[];
  readonly loss: LossSettings;
  /** Positions of the pairs of each run, all of them together each pair once. */
  readonly groups: readonly (readonly number[])[];
};

type Pass = { readonly name: keyof References; readonly runner: PairRunner; readonly pairs: readonly TokenPair[] };

/** The scorings that a loss takes, in their order. */
function passesOf({ runner, firstRunner, pairs, loss }: ReferenceInputs): readonly Pass[] {
  const share = firstPolicyShareOf(loss);
  if (share === undefined) return [];
  const passes: Pass[] = [];
  if (share < 1 || firstRunner === undefined) passes.push({ name: "roundPolicy", runner, pairs });
  if (share > 0 && firstRunner !== undefined) passes.push({ name: "firstPolicy", runner: firstRunner, pairs });
  if (losses[loss.kind].needs.includes("mismatchedLogRatio")) {
    // The reference of such a loss is one policy, never a mix.
    passes.push({ name: "mismatched", runner: share > 0 ? (firstRunner ?? runner) : runner, pairs: mismatchedPairs(pairs) });
  }
  return passes;
}

/** Scores each pair under each policy that the loss asks for; nothing for a loss without a reference. */
export async function scoreReferences(inputs: ReferenceInputs, hooks: ReferenceHooks): Promise<References> {
  const passes = passesOf(inputs);
  const references: { -readonly [Name in keyof References]: References[Name] } = {};
  let done = 0;
  for (const { name, runner, pairs } of passes) {
    const scores: ReferenceLogps = { chosen: new Float32Array(pairs.length), rejected: new Float32Array(pairs.length) };
    for (const indices of inputs.groups) {
      await hooks.breathe();
      if (hooks.isCancelled()) throw new CancelledError();
      const scored = await scorePairs(
        runner,
        indices.flatMap((index) => pairs[index] ?? []),
      );
      indices.forEach((index, i) => {
        scores.chosen[index] = scored[i]?.chosen ?? Number.NaN;
        scores.rejected[index] = scored[i]?.rejected ?? Number.NaN;
      });
      done += indices.length;
      hooks.referenceScored(done, passes.length * pairs.length);
    }
    references[name] = scores;
  }
  return references;
}

/**
 * The greater of 0 and the mean log-ratio, policy to reference, of the batch's responses to prompts that are not their
 * own: KTO's z₀.
 */
export async function mismatchedLogRatioOf(
  runner: PairRunner,
  factors: FedFactors,
  mismatched: { readonly pairs: readonly TokenPair[]; readonly reference: ReferenceLogps },
  groups: readonly (readonly number[])[],
  hooks: Pick<ReferenceHooks, "isCancelled" | "breathe">,
): Promise<number> {
  const ratios: number[] = [];
  for (const indices of groups) {
    await hooks.breathe();
    if (hooks.isCancelled()) throw new CancelledError();
    const scored = await scorePairs(
      { ...runner, policy: { ...runner.policy, factors } },
      indices.flatMap((index) => mismatched.pairs[index] ?? []),
    );
    indices.forEach((index, i) => {
      ratios.push((scored[i]?.chosen ?? Number.NaN) - (mismatched.reference.chosen[index] ?? Number.NaN));
      ratios.push((scored[i]?.rejected ?? Number.NaN) - (mismatched.reference.rejected[index] ?? Number.NaN));
    });
  }
  return Math.max(0, ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length);
}
