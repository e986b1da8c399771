/** Losses and their gradients by each token's log-probability, against TRL's own functions (tests/golden/make-losses.py). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { lossSettingsSchema } from "#app/domain/loss.ts";
import { losses } from "#app/training/losses.ts";
import { effectiveReference } from "#app/training/references.ts";
import { lossFeeds, lossGraph, type PairLoss, type PairNumbers, pairLoss, readLoss } from "#tests/support/loss-cases.ts";
import { runOnnx } from "#tests/support/onnx-runtime.ts";

const numbers = z.array(z.number());
const goldenSchema = z.object({
  versions: z.object({ trl: z.string(), torch: z.string() }),
  pairs: z.array(z.object({ chosen: numbers, rejected: numbers, round: numbers, first: numbers, rates: numbers, kl: z.number() })),
  cases: z.array(
    z.object({
      settings: lossSettingsSchema,
      sftWeight: z.number(),
      source: z.string(),
      results: z.array(z.object({ loss: z.number(), byChosenTokens: numbers, byRejectedTokens: numbers })),
    }),
  ),
});
type Golden = z.infer<typeof goldenSchema>;
type GoldenCase = Golden["cases"][number];

const golden = goldenSchema.parse(JSON.parse(readFileSync(new URL("../../golden/losses.json", import.meta.url), "utf8")));
const named = golden.cases.map(
  (one) => [`${JSON.stringify(one.settings)}${one.sftWeight === 0 ? "" : ` and ${one.sftWeight} of SFT`}`, one.source, one] as const,
);

/** The pair as the loss is fed it: references as the trainer keeps and mixes them. */
function fedPair(pair: Golden["pairs"][number], { settings }: GoldenCase): PairNumbers {
  const sides = ([chosen = Number.NaN, rejected = Number.NaN]: readonly number[]) => ({
    chosen: Float32Array.of(chosen),
    rejected: Float32Array.of(rejected),
  });
  const reference = effectiveReference({ roundPolicy: sides(pair.round), firstPolicy: sides(pair.first) }, settings);
  return {
    chosenTokenLogps: pair.chosen,
    rejectedTokenLogps: pair.rejected,
    referenceChosen: reference?.chosen[0] ?? Number.NaN,
    referenceRejected: reference?.rejected[0] ?? Number.NaN,
    chosenWinRate: pair.rates[0] ?? Number.NaN,
    rejectedWinRate: pair.rates[1] ?? Number.NaN,
    mismatchedLogRatio: pair.kl,
  };
}

/** Where the exact number is 0, what is left of it must be too. */
const NOTHING = 1e-9;

function expectClose(got: PairLoss, want: PairLoss, relative: number, label: string): void {
  const close = (number: number | undefined, expected: number, what: string): void => {
    expect(Math.abs((number ?? Number.NaN) - expected), `${what} of ${label}: ${number ?? "none"} for ${expected}`).toBeLessThanOrEqual(
      relative * Math.abs(expected) + NOTHING,
    );
  };
  close(got.loss, want.loss, "loss");
  expect([got.byChosenTokens.length, got.byRejectedTokens.length]).toEqual([want.byChosenTokens.length, want.byRejectedTokens.length]);
  want.byChosenTokens.forEach((gradient, i) => {
    close(got.byChosenTokens[i], gradient, `chosen token ${i}`);
  });
  want.byRejectedTokens.forEach((gradient, i) => {
    close(got.byRejectedTokens[i], gradient, `rejected token ${i}`);
  });
}

describe("losses as TRL computes them", () => {
  it("has a case for every loss and for an SFT term, and names the versions", () => {
    expect(golden.cases.filter(({ sftWeight }) => sftWeight > 0).length).toBeGreaterThan(1);
    expect(new Set(golden.cases.map(({ settings }) => settings.kind))).toEqual(new Set(Object.keys(losses)));
    expect(golden.versions.trl).toMatch(/^\d+\.\d+\.\d+/u);
  });

  it.each(named)("%s agrees with %s", (_, __, one) => {
    expect(one.results).toHaveLength(golden.pairs.length);
    one.results.forEach((want, i) => {
      const pair = golden.pairs[i];
      if (pair !== undefined) expectClose(pairLoss(one.settings, fedPair(pair, one), one.sftWeight), want, 1e-5, `pair ${i}`);
    });
  });

  it.each(named)("%s agrees with %s in ONNX Runtime", async (_, __, one) => {
    // The third pair is nearly certain of its tokens, where float32 cancels first.
    for (const i of [0, 2]) {
      const [pair, want] = [golden.pairs[i], one.results[i]];
      if (pair === undefined || want === undefined) throw new Error(`the golden file has no pair ${i}`);
      const graph = lossGraph(one.settings, pair.chosen.length, pair.rejected.length, one.sftWeight);
      expectClose(readLoss(await runOnnx(graph, lossFeeds(graph, fedPair(pair, one))), pair.chosen.length), want, 1e-4, `pair ${i}`);
    }
  });
});
