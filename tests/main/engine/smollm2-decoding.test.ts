/** A real model: SmolLM2's logits and greedy answers against Transformers (tests/golden/checkpoints/make-smollm2.py). */
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
import { describeWithSmolLm2, smolLm2CacheDir } from "#tests/support/smollm2.ts";

type Chat = {
  readonly messages: readonly Message[];
  readonly topIndices: readonly number[];
  readonly topValues: readonly number[];
  readonly logSumExp: number;
  readonly greedyIds: readonly number[];
  readonly greedyText: string;
};
const golden = JSON.parse(readFileSync(new URL("../../golden/checkpoints/smollm2.json", import.meta.url), "utf8")) as {
  readonly chats: readonly Chat[];
};

/** Thirty layers of float32 in another order of sums. */
const LOGIT_TOLERANCE = 1e-3;

describeWithSmolLm2("SmolLM2-135M-Instruct in the engine", (path) => {
  const sessions = createSessionCache(8, { threads: 2, fusion: "fast" });
  afterAll(() => sessions.release());
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

  it.each(golden.chats)(
    "answers chat %# with Transformers' logits and words",
    async ({ messages, topIndices, topValues, logSumExp, greedyIds, greedyText }) => {
      const prompt = await prefill(policy, sessions, tokenizer.promptIds(messages), 0);
      expect(prompt.next.topIds.slice(0, topIndices.length)).toEqual(topIndices);
      topValues.forEach((want, i) => {
        expect(Math.abs((prompt.next.topValues[i] ?? Number.NaN) - want)).toBeLessThanOrEqual(LOGIT_TOLERANCE);
      });
      expect(Math.abs(prompt.next.logSumExp - logSumExp)).toBeLessThanOrEqual(LOGIT_TOLERANCE);
      const batch = createDecodeBatch(policy, sessions, 2, 0);
      batch.place(0, prompt);
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
