/** Gradients summed over small runs against those of one large run: only the order in which float32 numbers are added differs. */
import { afterAll, describe, expect, it } from "vitest";
import { trainingSettingsSchema } from "#app/domain/training.ts";
import { addInto } from "#app/training/adamw.kernel.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import { differentiatePairs, type PairGradients } from "#main/engine/training/pair-runs.ts";
import { GOLDEN_VARIANTS, goldenExpected, goldenFullPolicy, goldenPolicy } from "#tests/support/golden-llama.ts";

/** Of each loss, relative; of each gradient, relative to the largest entry of its tensor. */
const TOLERANCE = 1e-5;

const sessions = createSessionCache(16, { threads: 1, fusion: "exact" });
afterAll(() => sessions.release());

const objective = trainingSettingsSchema.parse({ loss: { kind: "dno-prct", beta: 0.5 }, sftWeight: 0.2 });

describe.each(GOLDEN_VARIANTS)("gradients of a %s tiny Llama", (variant) => {
  const pairs = goldenExpected(variant).pairs.map(({ prompt, chosen, rejected }) => ({
    promptIds: prompt,
    chosenIds: chosen,
    rejectedIds: rejected,
  }));
  // Not the policy's own log-probabilities, or every loss would be ln 2.
  const reference = { chosen: Float32Array.from(pairs, (_, i) => -20 - i), rejected: Float32Array.from(pairs, (_, i) => -25 + 3 * i) };

  const gradientsIn = async (policy: PolicyModel, size: number): Promise<PairGradients> => {
    const gradients = new Map<string, Float32Array>();
    const runs: PairGradients[] = [];
    for (let start = 0; start < pairs.length; start += size) {
      const some = pairs.slice(start, start + size);
      const batch = { pairs: some, indices: some.map((_, i) => start + i), weight: 1 / pairs.length };
      const run = await differentiatePairs({ policy, sessions, batch: size }, batch, policy.factors, reference, objective);
      for (const [name, gradient] of run.gradients) {
        const sum = gradients.get(name);
        if (sum === undefined) gradients.set(name, gradient);
        else addInto(sum, gradient);
      }
      runs.push(run);
    }
    return {
      losses: runs.flatMap((run) => run.losses),
      chosenLogps: runs.flatMap((run) => run.chosenLogps),
      rejectedLogps: runs.flatMap((run) => run.rejectedLogps),
      gradients,
    };
  };

  describe.each([
    ["an adapter", goldenPolicy(variant, true)],
    ["all weights", goldenFullPolicy(variant)],
  ] as const)("over %s", (_, policy) => {
    it.each([1, 2])("are those of all pairs at once in runs of %d", async (size) => {
      const [large, small] = [await gradientsIn(policy, pairs.length), await gradientsIn(policy, size)];
      expect(large.losses).toHaveLength(3);
      for (const [i, loss] of large.losses.entries()) {
        expect(Math.abs(loss - Math.LN2), "a loss that the references make a number of its own").toBeGreaterThan(0.01);
        expect(Math.abs((small.losses[i] ?? Number.NaN) - loss), `loss ${i}`).toBeLessThanOrEqual(TOLERANCE * Math.abs(loss));
      }
      expect([...small.gradients.keys()]).toEqual([...policy.factors.keys()]);
      for (const [name, gradient] of large.gradients) {
        const largest = gradient.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
        expect(largest, name).toBeGreaterThan(0);
        const gap = gradient.reduce((max, x, k) => Math.max(max, Math.abs(x - (small.gradients.get(name)?.[k] ?? Number.NaN))), 0);
        expect(gap / largest, name).toBeLessThanOrEqual(TOLERANCE);
      }
    });
  });
});
