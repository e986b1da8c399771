/** Ten steps of every loss, over an adapter's factors and over all weights, against PyTorch's AdamW (tests/golden/make-ten-steps.py). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { lossSettingsSchema } from "#app/domain/loss.ts";
import { trainingSettingsSchema } from "#app/domain/training.ts";
import { losses } from "#app/training/losses.ts";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import { trainAdapter } from "#main/engine/training/train-adapter.ts";
import { goldenExpected, goldenFullPolicy, goldenPolicy } from "#tests/support/golden-llama.ts";

const TRAINED = ["adapter", "allWeights"] as const;
const byTrained = <Value extends z.ZodType>(value: Value) => z.object({ adapter: value, allWeights: value });
const goldenSchema = z.object({
  learningRates: byTrained(z.number()),
  maxGradNorm: z.number(),
  weightDecay: z.number(),
  winRates: z.array(z.tuple([z.number(), z.number()])),
  cases: z.array(
    z.object({ settings: lossSettingsSchema, sftWeight: z.number(), source: z.string(), losses: byTrained(z.array(z.number()).length(10)) }),
  ),
});
const golden = goldenSchema.parse(JSON.parse(readFileSync(new URL("../../golden/ten-steps.json", import.meta.url), "utf8")));

/** In nats, and relative where a loss is large. */
const TOLERANCE = 1e-3;

const pairs = goldenExpected("tied").pairs.map(({ prompt, chosen, rejected }, i) => {
  const [chosenRate = Number.NaN, rejectedRate = Number.NaN] = golden.winRates[i] ?? [];
  return { promptIds: prompt, chosenIds: chosen, rejectedIds: rejected, winRates: { chosen: chosenRate, rejected: rejectedRate } };
});

/** The policy of the round is what training starts from; the first policy is the checkpoint with the other set of weights. */
const policies = {
  adapter: { start: goldenPolicy("tied", true), first: goldenPolicy("tied", false) },
  allWeights: { start: goldenFullPolicy("tied"), first: goldenPolicy("tied", true) },
};

it("every loss has its ten steps", () => {
  expect(new Set(golden.cases.map(({ settings }) => settings.kind))).toEqual(new Set(Object.keys(losses)));
});

describe.each(TRAINED)("training of %s", (trained) => {
  it.each(golden.cases.map((one) => [`${one.settings.kind}${one.sftWeight === 0 ? "" : ` with ${one.sftWeight} of SFT`}`, one] as const))(
    "%s follows PyTorch's AdamW",
    async (_, { settings: loss, sftWeight, losses: expected }) => {
      const { maxGradNorm, weightDecay } = golden;
      const more = { maxGradNorm, weightDecay, warmupShare: 0, schedule: "constant", epochs: 10, batchSize: 3, microBatchSize: 3 };
      const settings = trainingSettingsSchema.parse({ ...more, loss, sftWeight, learningRate: golden.learningRates[trained] });
      const sessions = createSessionCache(4, { threads: 1, fusion: "exact" });
      const { start, first } = policies[trained];
      const losses: (number | undefined)[] = [];
      await trainAdapter(
        {
          runner: { policy: start, sessions, batch: 3 },
          firstRunner: { policy: first, sessions, batch: 3 },
          pairs,
          settings,
          seed: 1,
          resumed: undefined,
        },
        {
          referenceScored: () => undefined,
          stepDone: (__, values) => losses.push(values["loss"]),
          save: () => Promise.resolve(),
          isCancelled: () => false,
          breathe: () => Promise.resolve(),
        },
      );
      await sessions.release();
      expect(losses).toHaveLength(10);
      expected[trained].forEach((want, i) => {
        expect(Math.abs((losses[i] ?? Number.NaN) - want), `step ${i + 1}: ${losses[i]} for ${want}`).toBeLessThanOrEqual(
          TOLERANCE * Math.max(1, Math.abs(want)),
        );
      });
    },
  );
});
