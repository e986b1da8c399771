/** Computes a prompt once for all its samples: keys and values of its positions, and what comes next. */
import type { NextToken } from "#app/decoding/draw.ts";
import { promptLength } from "#app/training/buckets.ts";
import { maskFeeds, ropeFeeds } from "#app/models/position-inputs.ts";
import { buildPrefillGraph, NEXT_TOKEN_OUTPUTS } from "#app/models/sampling-graphs.ts";
import { fillMask } from "#app/training/pair-mask.kernel.ts";
import type { DeviceMemory } from "#main/engine/runtime/device-memory.ts";
import type { FedPolicy } from "#main/engine/runtime/policy-model.ts";
import type { ResidentTensor } from "#main/engine/runtime/resident-tensor.ts";
import { type Fed, floatsOf } from "#main/engine/runtime/runtime-session.ts";
import type { SessionCache } from "#main/engine/runtime/session-cache.ts";
import { inverseTemperature, nextTokenOutputs, readNextToken } from "./next-token.ts";

export type Prefilled = {
  readonly length: number;
  /** [2 · layers, kvHeads, stride, headSize]; positions from `length` on are padding. */
  readonly keysValues: Float32Array | ResidentTensor;
  readonly stride: number;
  readonly next: NextToken;
  /** To be called when no row is started after it any more. */
  release(): void;
};

/**
 * The size of the run follows from the prompt alone, so that its numbers do not depend on what else is sampled. With a
 * device's memory, keys and values stay there.
 */
export async function prefill(
  policy: FedPolicy,
  sessions: SessionCache,
  promptIds: readonly number[],
  temperature: number,
  memory?: DeviceMemory,
): Promise<Prefilled> {
  const stride = promptLength(promptIds.length);
  const session = await sessions.get(`${policy.key}/prefill/${stride}`, () => buildPrefillGraph(policy.model, stride));
  const ids = new BigInt64Array(stride);
  promptIds.forEach((id, i) => {
    ids[i] = BigInt(id);
  });
  const mask = new Float32Array(stride * stride);
  fillMask(mask, 0, stride, stride, 0);
  const positions = Int32Array.from({ length: stride }, (_, i) => i);
  const feeds = new Map<string, Fed>([
    ...policy.factors,
    ["ids", ids],
    ...ropeFeeds(policy.frequencies, positions),
    ...maskFeeds(policy.model.config, mask, 1, { queries: positions, keys: positions }),
    ["lastRow", BigInt64Array.of(BigInt(promptIds.length - 1))],
    ["inverseTemperature", inverseTemperature(temperature)],
  ]);
  // One row of logits is cheap here; every sample of the prompt draws from it.
  const outputs = nextTokenOutputs(true);
  const prompt = { length: promptIds.length, stride };
  const made = NEXT_TOKEN_OUTPUTS.newKeysValues;
  if (memory === undefined) {
    const results = await session.run(feeds, [...outputs, made]);
    return { ...prompt, keysValues: floatsOf(results, made), next: readNextToken(results, 0, 1), release: () => undefined };
  }
  const { layerCount, kvHeadCount, headSize } = policy.model.config;
  const keysValues = await memory.zeros([2 * layerCount, kvHeadCount, stride, headSize]);
  const results = await session.run(feeds, outputs, new Map([[made, keysValues]]));
  return { ...prompt, keysValues, next: readNextToken(results, 0, 1), release: () => keysValues.release() };
}
