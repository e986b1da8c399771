/** Up to `batch` responses decoded side by side, one token each a step, over a shared cache that grows as needed. */
import type { NextToken } from "#app/decoding/draw.ts";
import { EngineError } from "#app/base/errors.ts";
import { buildDecodeGraph, NEXT_TOKEN_OUTPUTS } from "#app/models/sampling-graphs.ts";
import { maskFeeds, ropeFeeds } from "#app/models/position-inputs.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";
import { floatsOf, type Numbers } from "#main/engine/runtime/runtime-session.ts";
import type { SessionCache } from "#main/engine/runtime/session-cache.ts";
import { createKvCache, grownCache, type KvCache, placePrefill, placeStep } from "./kv-cache.kernel.ts";
import { inverseTemperature, nextTokenOutputs, readNextToken } from "./next-token.ts";
import type { Prefilled } from "./prefill.ts";

const HIDDEN = -1e9;
/** Cache lengths are multiples of this: each is a runtime session of its own. */
const CACHE_STEP = 128;

/** The token to feed into each slot; undefined for an empty slot. */
export type SlotTokens = readonly (number | undefined)[];

export type DecodeBatch = {
  readonly batch: number;
  /** Starts a row after a prompt. */
  place(slot: number, prompt: Prefilled): void;
  clear(slot: number): void;
  /**
   * Appends a token to each row that has one and says what comes next there, with all logits if asked; the first call for a
   * row feeds its first token.
   */
  step(tokens: SlotTokens, isWithLogits?: boolean): Promise<readonly (NextToken | undefined)[]>;
  /** What the last step said, with all logits: for draws that reach beyond the most likely tokens where it was asked for none. Runs the step again. */
  withLogits(): Promise<readonly (NextToken | undefined)[]>;
};

export function createDecodeBatch(policy: PolicyModel, sessions: SessionCache, batch: number, temperature: number): DecodeBatch {
  const { config } = policy.model;
  const seen = new Array<number>(batch).fill(0);
  let cache: KvCache = createKvCache({
    layers: config.layerCount,
    kvHeads: config.kvHeadCount,
    headSize: config.headSize,
    batch,
    length: CACHE_STEP,
  });
  let last: { readonly feeds: ReadonlyMap<string, Numbers>; readonly tokens: SlotTokens; readonly length: number } | undefined;

  const reserve = (positions: number): void => {
    if (positions > cache.shape.length) cache = grownCache(cache, Math.ceil(positions / CACHE_STEP) * CACHE_STEP);
  };
  const run = async (feeds: ReadonlyMap<string, Numbers>, length: number, outputs: readonly string[]) => {
    const session = await sessions.get(`${policy.key}/decode/${batch}/${length}`, () => buildDecodeGraph(policy.model, batch, length));
    return session.run(feeds, outputs);
  };
  const read = (results: ReadonlyMap<string, Numbers>, tokens: SlotTokens) =>
    tokens.map((token, slot) => (token === undefined ? undefined : readNextToken(results, slot, batch)));

  return {
    batch,
    place: (slot, prompt) => {
      reserve(prompt.length);
      placePrefill(cache, slot, prompt.keysValues, prompt.stride, prompt.length);
      seen[slot] = prompt.length;
    },
    clear: (slot) => {
      seen[slot] = 0;
    },
    step: async (tokens, isWithLogits = false) => {
      reserve(Math.max(...tokens.map((token, slot) => (token === undefined ? 0 : (seen[slot] ?? 0) + 1))));
      const { length } = cache.shape;
      const feeds = stepFeeds(policy, cache, tokens, seen, temperature);
      const results = await run(feeds, length, [...nextTokenOutputs(isWithLogits), NEXT_TOKEN_OUTPUTS.newKeysValues]);
      const made = floatsOf(results, NEXT_TOKEN_OUTPUTS.newKeysValues);
      tokens.forEach((token, slot) => {
        if (token === undefined) return;
        const position = seen[slot] ?? 0;
        placeStep(cache, slot, made, position);
        seen[slot] = position + 1;
      });
      last = { feeds, tokens, length };
      return read(results, tokens);
    },
    withLogits: async () => {
      if (last === undefined) throw new EngineError("expected a step before its logits are asked for");
      // The positions written since are hidden by the mask of that step.
      return read(await run(last.feeds, last.length, nextTokenOutputs(true)), last.tokens);
    },
  };
}

function stepFeeds(
  policy: PolicyModel,
  cache: KvCache,
  tokens: SlotTokens,
  seen: readonly number[],
  temperature: number,
): ReadonlyMap<string, Numbers> {
  const { length } = cache.shape;
  const mask = new Float32Array(tokens.length * (length + 1));
  const ids = new BigInt64Array(tokens.length);
  tokens.forEach((token, slot) => {
    ids[slot] = BigInt(token ?? 0);
    mask.fill(HIDDEN, slot * (length + 1) + (token === undefined ? 0 : (seen[slot] ?? 0)), slot * (length + 1) + length);
  });
  // A cached position is its index; the new token, last among the keys, stands behind all that its row has seen.
  const keys = new Int32Array(mask.length);
  seen.forEach((count, slot) => {
    for (let i = 0; i < length; i++) keys[slot * (length + 1) + i] = i;
    keys[slot * (length + 1) + length] = count;
  });
  return new Map<string, Numbers>([
    ...policy.factors,
    ["ids", ids],
    ...ropeFeeds(policy.frequencies, seen),
    ...maskFeeds(policy.model.config, mask, tokens.length, { queries: seen, keys }),
    ["inverseTemperature", inverseTemperature(temperature)],
    ...cache.keys.map((keys, layer) => [`keys_${layer}`, keys] as const),
    ...cache.values.map((values, layer) => [`values_${layer}`, values] as const),
  ]);
}
