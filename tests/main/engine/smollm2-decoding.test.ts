/** A real model: SmolLM2's logits, log-probabilities of responses and greedy answers to twenty prompts against Transformers (tests/golden/checkpoints/make-smollm2.py). */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTokenizer, type Tokenizer } from "#app/decoding/tokenizer.ts";
import type { Message } from "#app/domain/prompt.ts";
import { weightsFromFiles } from "#app/models/decoder.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import { ropeFrequencies } from "#app/models/rope-tables.kernel.ts";
import { openCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import { createDecodeBatch } from "#main/engine/sampling/decode-batch.ts";
import { prefill } from "#main/engine/sampling/prefill.ts";
import { scorePairs } from "#main/engine/training/pair-runs.ts";
import { describeWithSmolLm2, smolLm2CacheDir } from "#tests/support/smollm2.ts";

type Chat = {
  readonly messages: readonly Message[];
  readonly topIndices: readonly number[];
  readonly topValues: readonly number[];
  readonly logSumExp: number;
  readonly greedyIds: readonly number[];
  readonly greedyText: string;
  /** The greedy reply, and the reply to another chat. */
  readonly responses: readonly { readonly ids: readonly number[]; readonly tokenLogps: readonly number[] }[];
  /** Of every `step`-th token of the vocabulary. */
  readonly someLogits: readonly number[];
};
const golden = JSON.parse(readFileSync(new URL("../../golden/checkpoints/smollm2.json", import.meta.url), "utf8")) as {
  readonly chats: readonly Chat[];
  readonly someTokens: { readonly step: number; readonly count: number };
};

const LOGIT_TOLERANCE = 1e-4;
const LOGP_TOLERANCE = 1e-4;

describeWithSmolLm2("SmolLM2-135M-Instruct in the engine", (path) => {
  const sessions = createSessionCache(8, { threads: 2, fusion: "fast" });
  const scoring = createSessionCache(2, { threads: 2, fusion: "exact" });
  afterAll(async () => {
    await sessions.release();
    await scoring.release();
  });
  let policy: PolicyModel;
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    const { config: json, tensors, tokenizerFiles, record } = await openCheckpoint(path, { cacheDir: smolLm2CacheDir() });
    const config = parseModelConfig(json, path);
    policy = {
      key: record.hash,
      model: { config, weights: weightsFromFiles(tensors), adapter: null },
      factors: new Map(),
      frequencies: ropeFrequencies(config),
    };
    tokenizer = createTokenizer(tokenizerFiles);
  });

  it("is asked twenty prompts", () => {
    expect(golden.chats).toHaveLength(20);
  });

  it.each(golden.chats)("gives the responses to chat %# Transformers' log-probabilities, token by token", async ({ messages, responses }) => {
    const promptIds = tokenizer.promptIds(messages);
    const [own, other] = responses;
    const pair = { promptIds, chosenIds: own?.ids ?? [], rejectedIds: other?.ids ?? [] };
    const [scored] = await scorePairs({ policy, sessions: scoring, batch: 2 }, [pair]);
    const expected = [...(own?.tokenLogps ?? []), ...(other?.tokenLogps ?? [])];
    const got = [...(scored?.chosenTokens ?? []), ...(scored?.rejectedTokens ?? [])];
    expect(got).toHaveLength(expected.length);
    expected.forEach((want, i) => {
      expect(Math.abs((got[i] ?? Number.NaN) - want), `token ${i}`).toBeLessThanOrEqual(LOGP_TOLERANCE);
    });
  });

  it.each(golden.chats)(
    "answers chat %# with Transformers' logits and words",
    async ({ messages, topIndices, topValues, logSumExp, greedyIds, greedyText, someLogits }) => {
      const prompt = await prefill(policy, sessions, tokenizer.promptIds(messages), 0);
      expect(someLogits).toHaveLength(golden.someTokens.count);
      someLogits.forEach((want, i) => {
        const token = i * golden.someTokens.step;
        expect(Math.abs((prompt.next.logits?.[token] ?? Number.NaN) - want), `token ${token}`).toBeLessThanOrEqual(LOGIT_TOLERANCE);
      });
      expect(prompt.next.topIds.slice(0, topIndices.length)).toEqual(topIndices);
      topValues.forEach((want, i) => {
        expect(Math.abs((prompt.next.topValues[i] ?? Number.NaN) - want)).toBeLessThanOrEqual(LOGIT_TOLERANCE);
      });
      expect(Math.abs(prompt.next.logSumExp - logSumExp)).toBeLessThanOrEqual(LOGIT_TOLERANCE);
      const batch = createDecodeBatch(policy, sessions, { batch: 2, temperature: 0 });
      await batch.place(0, prompt);
      const ids = [prompt.next.topIds[0] ?? -1];
      while (ids.length < greedyIds.length) {
        const [row] = await batch.step([ids.at(-1), undefined]);
        ids.push(row?.topIds[0] ?? -1);
      }
      expect(ids).toEqual(greedyIds);
      expect(tokenizer.decode(ids)).toBe(greedyText);
    },
  );
});
