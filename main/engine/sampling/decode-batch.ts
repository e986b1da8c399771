/** Up to `batch` responses decoded side by side, one token each a step, over a shared cache that grows as needed. */
import type { NextToken } from "#app/decoding/draw.ts";
import { EngineError } from "#app/base/errors.ts";
import { maskFeeds, ropeFeeds } from "#app/models/position-inputs.ts";
import type { DeviceMemory } from "#main/engine/runtime/device-memory.ts";
import type { FedPolicy } from "#main/engine/runtime/policy-model.ts";
import type { Fed, Numbers } from "#main/engine/runtime/runtime-session.ts";
import type { SessionCache } from "#main/engine/runtime/session-cache.ts";
import { type CacheStep, createDeviceCache, createHostCache, type DecodeCache } from "./decode-cache.ts";
import { inverseTemperature, nextTokenOutputs, readNextToken } from "./next-token.ts";
import type { Prefilled } from "./prefill.ts";

const HIDDEN = -1e9;
/** Caches grow by so many positions: each length is a runtime session of its own. */
const CACHE_STEP = 128;
/** The last growth goes no further than the longest row may need, rounded up to this: every step walks over the whole cache. */
const LAST_STEP = 64;

export type DecodeBatchOptions = {
  /** Rows. */
  readonly batch: number;
  readonly temperature: number;
  /** Positions that no row will exceed, with its prompt. */
  readonly longest?: number;
  /** With a device's memory, the caches lie there. */
  readonly memory?: DeviceMemory | undefined;
};

/** The token to feed into each slot; undefined for an empty slot. */
export type SlotTokens = readonly (number | undefined)[];

export type DecodeBatch = {
  readonly batch: number;
  /** Starts a row after a prompt. */
  place(slot: number, prompt: Prefilled): Promise<void>;
  clear(slot: number): void;
  /**
   * Appends a token to each row that has one and says what comes next there, with all logits if asked; the first call for a
   * row feeds its first token.
   */
  step(tokens: SlotTokens, isWithLogits?: boolean): Promise<readonly (NextToken | undefined)[]>;
  /** What the last step said, with all logits: for draws that reach beyond the most likely tokens where it was asked for none. Runs the step again. */
  withLogits(): Promise<readonly (NextToken | undefined)[]>;
};

export function createDecodeBatch(policy: FedPolicy, sessions: SessionCache, options: DecodeBatchOptions): DecodeBatch {
  const { batch, temperature, longest = Infinity, memory } = options;
  const seen = new Array<number>(batch).fill(0);
  let cache: DecodeCache | undefined;
  let last: { readonly step: CacheStep; readonly tokens: SlotTokens } | undefined;

  const cacheFor = async (positions: number): Promise<DecodeCache> => {
    const length = Math.min(roundedUp(positions, CACHE_STEP), roundedUp(Math.max(positions, longest), LAST_STEP));
    cache ??=
      memory === undefined ? createHostCache(policy, sessions, batch, length) : await createDeviceCache(policy, sessions, memory, { batch, length });
    if (length > cache.length()) await cache.grow(length);
    return cache;
  };
  const read = (results: ReadonlyMap<string, Numbers>, tokens: SlotTokens) =>
    tokens.map((token, slot) => (token === undefined ? undefined : readNextToken(results, slot, batch)));

  return {
    batch,
    place: async (slot, prompt) => {
      await (await cacheFor(prompt.length)).place(slot, prompt);
      seen[slot] = prompt.length;
    },
    clear: (slot) => {
      seen[slot] = 0;
    },
    step: async (tokens, isWithLogits = false) => {
      const positions = tokens.map((token, slot) => (token === undefined ? undefined : (seen[slot] ?? 0)));
      const roomy = await cacheFor(Math.max(...positions.map((position) => (position === undefined ? 0 : position + 1))));
      const step = { feeds: stepFeeds(policy, roomy.length(), tokens, seen, temperature), positions };
      const results = await roomy.step(step, nextTokenOutputs(isWithLogits));
      for (const [slot, position] of positions.entries()) if (position !== undefined) seen[slot] = position + 1;
      last = { step, tokens };
      return read(results, tokens);
    },
    withLogits: async () => {
      if (last === undefined || cache === undefined) throw new EngineError("expected a step before its logits are asked for");
      return read(await cache.again(last.step, nextTokenOutputs(true)), last.tokens);
    },
  };
}

function roundedUp(positions: number, step: number): number {
  return Math.ceil(positions / step) * step;
}

function stepFeeds(policy: FedPolicy, length: number, tokens: SlotTokens, seen: readonly number[], temperature: number): ReadonlyMap<string, Fed> {
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
  return new Map<string, Fed>([
    ...policy.factors,
    ["ids", ids],
    ...ropeFeeds(policy.frequencies, seen),
    ...maskFeeds(policy.model.config, mask, tokens.length, { queries: seen, keys }),
    ["inverseTemperature", inverseTemperature(temperature)],
  ]);
}
