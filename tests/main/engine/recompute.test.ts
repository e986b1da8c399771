/** Layers computed again for their gradients: every number the same to the bit, in less memory. */
import { afterAll, describe, expect, it } from "vitest";
import { trainingSettingsSchema } from "#app/domain/training.ts";
import { costOf } from "#app/graph/cost.ts";
import { buildPairTrainingGraph } from "#app/training/pair-graph.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import { differentiatePairs } from "#main/engine/training/pair-runs.ts";
import { GOLDEN_FAMILIES, GOLDEN_VARIANTS, goldenExpected, goldenFullPolicy, goldenPolicy } from "#tests/support/golden-llama.ts";

const sessions = createSessionCache(4, { threads: 1, fusion: "exact" });
afterAll(() => sessions.release());

const settings = trainingSettingsSchema.parse({ loss: { kind: "dno-prct", beta: 0.5 }, sftWeight: 0.2 });

describe.each([...GOLDEN_VARIANTS, ...GOLDEN_FAMILIES])("a tiny %s", (variant) => {
  const pairs = goldenExpected(variant).pairs.map(({ prompt, chosen, rejected }) => ({
    promptIds: prompt,
    chosenIds: chosen,
    rejectedIds: rejected,
  }));
  const reference = { chosen: Float32Array.from(pairs, (_, i) => -20 - i), rejected: Float32Array.from(pairs, (_, i) => -25 + 3 * i) };
  const indices = pairs.map((_, i) => i);

  it.each([
    ["an adapter", goldenPolicy(variant, true)],
    ["all weights", goldenFullPolicy(variant)],
  ] as const)("has the same gradients over %s", async (_, policy: PolicyModel) => {
    const differentiate = (recompute: boolean) =>
      differentiatePairs({ policy, sessions, batch: pairs.length }, { pairs, indices, weight: 1 / 3 }, policy.factors, reference, {
        ...settings,
        recompute,
      });
    const [kept, again] = [await differentiate(false), await differentiate(true)];
    expect(again.losses).toEqual(kept.losses);
    expect(again.chosenLogps).toEqual(kept.chosenLogps);
    for (const [name, gradient] of kept.gradients) expect(again.gradients.get(name), name).toEqual(gradient);
  });

  it("keeps less alive, for more products", () => {
    const { model } = goldenPolicy(variant, true);
    const [kept, again] = [false, true].map((recompute) =>
      costOf(buildPairTrainingGraph(model, 1, { length: 256, rows: 16 }, { ...settings, recompute })),
    );
    expect(again?.peakBytes).toBeLessThan(0.75 * (kept?.peakBytes ?? 0));
    expect(again?.productFlops).toBeGreaterThan(1.2 * (kept?.productFlops ?? Infinity));
    expect(again?.productFlops).toBeLessThan(1.5 * (kept?.productFlops ?? 0));
  });
});
