/** Prefill, decoding over the cache and pair scoring against PyTorch and Transformers (make-tiny-llama.py and make-tiny-families.py in tests/golden). */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { weightsFromFiles } from "#app/models/decoder.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import { ropeFrequencies } from "#app/models/rope-tables.kernel.ts";
import { openCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import { createDecodeBatch } from "#main/engine/sampling/decode-batch.ts";
import { prefill } from "#main/engine/sampling/prefill.ts";
import { differentiatePairs, scorePairs } from "#main/engine/training/pair-runs.ts";
import {
  GOLDEN_FAMILIES,
  GOLDEN_VARIANTS,
  goldenExpected,
  goldenFolder,
  goldenFullPolicy,
  goldenGradients,
  goldenPolicy,
} from "#tests/support/golden-llama.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

/** Float32 against float32 by other kernels. */
const LOGIT_TOLERANCE = 1e-4;
const LOGP_TOLERANCE = 1e-4;
/** Of a tensor's norm. */
const GRADIENT_TOLERANCE = 1e-4;

const sessions = createSessionCache(32, { threads: 1, fusion: "fast" });
const exact = createSessionCache(8, { threads: 1, fusion: "exact" });
afterAll(async () => {
  await sessions.release();
  await exact.release();
});

function expectAllClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((want, i) => {
    expect(Math.abs((actual[i] ?? Number.NaN) - want), `at ${i}`).toBeLessThanOrEqual(tolerance);
  });
}

describe.each([...GOLDEN_VARIANTS, ...GOLDEN_FAMILIES])("a tiny model, %s", (variant) => {
  const expected = goldenExpected(variant);
  const policy = goldenPolicy(variant, false);

  it("prefills to Transformers' logits at every prompt length", async () => {
    for (let length = 1; length <= expected.prompt.length; length++) {
      const { next } = await prefill(policy, sessions, expected.prompt.slice(0, length), 1);
      expectAllClose(next.logits ?? [], expected.logits[length - 1] ?? [], LOGIT_TOLERANCE);
    }
  });

  it("decodes over the cache to the logits of the full forward pass", async () => {
    const batch = createDecodeBatch(policy, sessions, { batch: 2, temperature: 1 });
    const start = 3;
    await batch.place(1, await prefill(policy, sessions, expected.prompt.slice(0, start), 1));
    for (let position = start; position < expected.prompt.length; position++) {
      await batch.step([undefined, expected.prompt[position]]);
      const [, row] = await batch.withLogits();
      expectAllClose(row?.logits ?? [], expected.logits[position] ?? [], LOGIT_TOLERANCE);
    }
  });

  it("decodes greedily what Transformers generates", async () => {
    const batch = createDecodeBatch(policy, sessions, { batch: 2, temperature: 0 });
    const prompt = await prefill(policy, sessions, expected.prompt, 0);
    await batch.place(0, prompt);
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
    const scored = await scorePairs({ policy, sessions: exact, batch: 4 }, pairs);
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, x) => total + x, 0);
    expected.pairLogps.forEach(({ chosen, rejected }, i) => {
      expectAllClose(scored[i]?.chosenTokens ?? [], chosen, LOGP_TOLERANCE);
      expectAllClose(scored[i]?.rejectedTokens ?? [], rejected, LOGP_TOLERANCE);
      expectAllClose([scored[i]?.chosen ?? Number.NaN, scored[i]?.rejected ?? Number.NaN], [sum(chosen), sum(rejected)], LOGP_TOLERANCE * 4);
    });
  });
});

describe("a SmolLM3 whose configuration does not say that its head is tied, as Transformers 4 writes it", () => {
  it("gives Transformers' logits", async () => {
    const folder = tempFolder();
    cpSync(join(goldenFolder("smollm3"), "model.safetensors"), join(folder, "model.safetensors"));
    const { tie_word_embeddings: _, ...unsaid } = JSON.parse(readFileSync(join(goldenFolder("smollm3"), "config.json"), "utf8")) as Record<
      string,
      unknown
    >;
    writeFileSync(join(folder, "config.json"), JSON.stringify(unsaid));
    const { config: json, tensors } = await openCheckpoint(folder, { cacheDir: tempFolder() });
    const config = parseModelConfig(json, folder);
    const policy = {
      key: "smollm3/unsaid",
      model: { config, weights: weightsFromFiles(tensors), adapter: null },
      factors: new Map(),
      frequencies: ropeFrequencies(config),
    };
    const { prompt, logits } = goldenExpected("smollm3");
    expectAllClose((await prefill(policy, sessions, prompt, 1)).next.logits ?? [], logits.at(-1) ?? [], LOGIT_TOLERANCE);
  });
});

describe.each(GOLDEN_FAMILIES)("the gradients of a tiny %s", (family) => {
  const { pairs } = goldenExpected(family);
  const golden = goldenGradients(family);
  const tokenPairs = pairs.map(({ prompt, chosen, rejected }) => ({ promptIds: prompt, chosenIds: chosen, rejectedIds: rejected }));

  it.each(["adapter", "full"] as const)("are PyTorch's by every %s weight", async (what) => {
    const policy = what === "full" ? goldenFullPolicy(family) : goldenPolicy(family, true);
    const runner = { policy, sessions: exact, batch: pairs.length };
    const scored = await scorePairs(runner, tokenPairs);
    const reference = { chosen: Float32Array.from(scored, (pair) => pair.chosen), rejected: Float32Array.from(scored, (pair) => pair.rejected) };
    const run = await differentiatePairs(
      runner,
      { pairs: tokenPairs, indices: pairs.map((_, i) => i), weight: 1 / pairs.length },
      policy.factors,
      reference,
      { loss: { kind: "dpo", beta: golden.beta }, sftWeight: 0 },
    );
    run.losses.forEach((loss) => {
      expect(loss).toBeCloseTo(golden.losses[what], 5);
    });
    expect([...run.gradients.keys()].sort()).toEqual([...golden[what].keys()].sort());
    for (const [name, wanted] of golden[what]) {
      const size = Math.sqrt(wanted.reduce((sum, x) => sum + x * x, 0));
      const gap = Math.sqrt((run.gradients.get(name) ?? new Float32Array()).reduce((sum, x, i) => sum + (x - (wanted[i] ?? Number.NaN)) ** 2, 0));
      expect(gap, name).toBeLessThanOrEqual(GRADIENT_TOLERANCE * size + 1e-7);
    }
  });
});
