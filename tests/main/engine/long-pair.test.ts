/** A packed pair longer than a block of attention, against its responses alone, each of which fits into one. */
import { afterAll, describe, expect, it } from "vitest";
import { trainingSettingsSchema } from "#app/domain/training.ts";
import { bucketOf, type TokenPair } from "#app/training/pair-packing.ts";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import { differentiatePairs, type PairGradients, scorePairs } from "#main/engine/training/pair-runs.ts";
import { GOLDEN_FAMILIES, GOLDEN_VARIANTS, goldenPolicy } from "#tests/support/golden-llama.ts";

/** Of a log-probability, in nats; of a gradient, relative to its tensor's norm. */
const TOLERANCE = 1e-4;
const BLOCK = 256;
const BETA = 0.5;

const sessions = createSessionCache(4, { threads: 1, fusion: "exact" });
afterAll(() => sessions.release());

describe.each([...GOLDEN_VARIANTS, ...GOLDEN_FAMILIES])("a long pair of a tiny %s", (variant) => {
  const policy = goldenPolicy(variant, true);
  const runner = { policy, sessions, batch: 1 };
  const idsOf = (count: number, salt: number): number[] =>
    Array.from({ length: count }, (_, i) => ((i + 1) * 37 + salt * 11) % policy.model.config.vocabularySize);
  const [promptIds, chosenIds, rejectedIds] = [idsOf(150, 1), idsOf(80, 2), idsOf(70, 3)];
  const together: TokenPair = { promptIds, chosenIds, rejectedIds };
  const reference = { chosen: Float32Array.of(-300), rejected: Float32Array.of(-300.5) };

  const differentiate = (pair: TokenPair, loss: Readonly<Record<string, unknown>>): Promise<PairGradients> =>
    differentiatePairs(runner, { pairs: [pair], indices: [0], weight: 1 }, policy.factors, reference, trainingSettingsSchema.parse({ loss }));

  it("has their log-probabilities and gradients", async () => {
    expect(bucketOf([together], 1).length).toBeGreaterThan(BLOCK);
    const alone = [chosenIds, rejectedIds].map((ids) => ({ promptIds, chosenIds: ids, rejectedIds: [] }));
    for (const pair of alone) expect(bucketOf([pair], 1).length).toBeLessThanOrEqual(BLOCK);
    const [packed] = await scorePairs(runner, [together]);
    const pair = await differentiate(together, { kind: "dpo", beta: BETA });
    const [chosen, rejected] = [
      await differentiate(alone[0] ?? together, { kind: "sft" }),
      await differentiate(alone[1] ?? together, { kind: "sft" }),
    ];
    const logps = [chosen.chosenLogps[0] ?? Number.NaN, rejected.chosenLogps[0] ?? Number.NaN] as const;
    expect(Math.abs((packed?.chosen ?? Number.NaN) - logps[0])).toBeLessThan(TOLERANCE);
    expect(Math.abs((packed?.rejected ?? Number.NaN) - logps[1])).toBeLessThan(TOLERANCE);
    // d(−log σ(β m)) = −β σ(−β m) · (d log π(chosen) − d log π(rejected)); a fine-tuning loss is −log π by the token.
    const margin = logps[0] - logps[1] - 0.5;
    const share = BETA / (1 + Math.exp(BETA * margin));
    for (const [name, gradient] of pair.gradients) {
      const [up, down] = [chosen.gradients.get(name), rejected.gradients.get(name)];
      const want = gradient.map((_, i) => share * (chosenIds.length * (up?.[i] ?? Number.NaN) - rejectedIds.length * (down?.[i] ?? Number.NaN)));
      const gap = Math.hypot(...gradient.map((x, i) => x - (want[i] ?? Number.NaN)));
      expect(gap, name).toBeLessThanOrEqual(TOLERANCE * Math.hypot(...want) + 1e-9);
    }
  });
});
