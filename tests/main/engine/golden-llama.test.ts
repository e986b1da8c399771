/** Prefill, decoding over the cache and pair scoring against PyTorch and Transformers (tests/golden/make-tiny-llama.py). */
import { afterAll, describe, expect, it } from "vitest";
import { ropeTables } from "#app/models/rope-tables.kernel.ts";
import { buildPairScoringGraph, PAIR_OUTPUTS } from "#app/training/pair-graph.ts";
import { bucketOf, packPairs } from "#app/training/pair-packing.ts";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import { floatsOf } from "#main/engine/runtime/runtime-session.ts";
import { createDecodeBatch } from "#main/engine/sampling/decode-batch.ts";
import { prefill } from "#main/engine/sampling/prefill.ts";
import { GOLDEN_VARIANTS, goldenExpected, goldenPolicy } from "#tests/support/golden-llama.ts";

/** Float32 against float32 by other kernels. */
const LOGIT_TOLERANCE = 1e-4;
const LOGP_TOLERANCE = 1e-4;

const sessions = createSessionCache(32, { threads: 1, fusion: "fast" });
afterAll(() => sessions.release());

function expectAllClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((want, i) => {
    expect(Math.abs((actual[i] ?? Number.NaN) - want), `at ${i}`).toBeLessThanOrEqual(tolerance);
  });
}

describe.each(GOLDEN_VARIANTS)("a %s tiny Llama", (variant) => {
  const expected = goldenExpected(variant);
  const policy = goldenPolicy(variant, false);

  it("prefills to Transformers' logits at every prompt length", async () => {
    for (let length = 1; length <= expected.prompt.length; length++) {
      const { next } = await prefill(policy, sessions, expected.prompt.slice(0, length), 1);
      expectAllClose(next.logits ?? [], expected.logits[length - 1] ?? [], LOGIT_TOLERANCE);
    }
  });

  it("decodes over the cache to the logits of the full forward pass", async () => {
    const batch = createDecodeBatch(policy, sessions, 2, 1);
    const start = 3;
    batch.place(1, await prefill(policy, sessions, expected.prompt.slice(0, start), 1));
    for (let position = start; position < expected.prompt.length; position++) {
      await batch.step([undefined, expected.prompt[position]]);
      const [, row] = await batch.withLogits();
      expectAllClose(row?.logits ?? [], expected.logits[position] ?? [], LOGIT_TOLERANCE);
    }
  });

  it("decodes greedily what Transformers generates", async () => {
    const batch = createDecodeBatch(policy, sessions, 2, 0);
    const prompt = await prefill(policy, sessions, expected.prompt, 0);
    batch.place(0, prompt);
    const ids = [prompt.next.topIds[0] ?? -1];
    while (ids.length < expected.greedy.length) {
      const [row] = await batch.step([ids.at(-1), undefined]);
      ids.push(row?.topIds[0] ?? -1);
    }
    expect(ids).toEqual(expected.greedy);
  });

  it("computes the adapter beside the base as PEFT does", async () => {
    const { next } = await prefill(goldenPolicy(variant, true), sessions, expected.prompt, 1);
    expectAllClose(next.logits ?? [], expected.adapterLogits, LOGIT_TOLERANCE);
  });

  it("scores packed pairs token by token as separate sequences are scored", async () => {
    const pairs = expected.pairs.map(({ prompt, chosen, rejected }) => ({ promptIds: prompt, chosenIds: chosen, rejectedIds: rejected }));
    const bucket = bucketOf(pairs, 4);
    const packed = packPairs(pairs, 4, bucket);
    const session = await sessions.get(`${variant}/score`, () => buildPairScoringGraph(policy.model, 4, bucket));
    const { cos, sin } = ropeTables(policy.frequencies, packed.positions);
    const { ids, mask, rows, targets, sides } = packed;
    const results = await session.run(new Map<string, Float32Array | BigInt64Array>(Object.entries({ ids, cos, sin, mask, rows, targets, sides })), [
      PAIR_OUTPUTS.tokenLogps,
      PAIR_OUTPUTS.responseLogps,
    ]);
    const tokenLogps = expected.pairLogps.flatMap((pair) => [...pair.chosen, ...pair.rejected]);
    expectAllClose(floatsOf(results, PAIR_OUTPUTS.tokenLogps).slice(0, tokenLogps.length), tokenLogps, LOGP_TOLERANCE);
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, x) => total + x, 0);
    const sums = [...expected.pairLogps.map((pair) => sum(pair.chosen)), 0, ...expected.pairLogps.map((pair) => sum(pair.rejected)), 0];
    expectAllClose(floatsOf(results, PAIR_OUTPUTS.responseLogps), sums, LOGP_TOLERANCE * 4);
  });
});
