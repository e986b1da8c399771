/** The keys and values of the rows that are decoded: in this process's memory, or on a device that keeps them. */
import { EngineError } from "#app/base/errors.ts";
import { buildGrowGraph, buildPlaceGraph, type CacheSize, cacheTables, placedPositions, writtenName } from "#app/models/cache-graphs.ts";
import { buildDecodeGraph, NEXT_TOKEN_OUTPUTS } from "#app/models/sampling-graphs.ts";
import type { DeviceMemory } from "#main/engine/runtime/device-memory.ts";
import type { FedPolicy } from "#main/engine/runtime/policy-model.ts";
import { ResidentTensor } from "#main/engine/runtime/resident-tensor.ts";
import { type Fed, floatsOf, type Numbers } from "#main/engine/runtime/runtime-session.ts";
import type { SessionCache } from "#main/engine/runtime/session-cache.ts";
import { type CacheSpan, keyPlaces, valuePlaces } from "./cache-places.kernel.ts";
import { createKvCache, grownCache, placePrefill, placeStep } from "./kv-cache.kernel.ts";
import type { Prefilled } from "./prefill.ts";

/** What a step is fed beside the caches, and the position that each row's token takes; undefined for a row without one. */
export type CacheStep = { readonly feeds: ReadonlyMap<string, Fed>; readonly positions: readonly (number | undefined)[] };

export type DecodeCache = {
  /** Positions that each row has room for. */
  length(): number;
  /** Makes room for so many positions, all rows as they were. */
  grow(length: number): Promise<void>;
  place(slot: number, prompt: Prefilled): Promise<void>;
  /** Runs a step, whose keys and values are kept. */
  step(step: CacheStep, outputs: readonly string[]): Promise<ReadonlyMap<string, Numbers>>;
  /** Runs the last step again, for other outputs. */
  again(step: CacheStep, outputs: readonly string[]): Promise<ReadonlyMap<string, Numbers>>;
};

export function createHostCache(policy: FedPolicy, sessions: SessionCache, batch: number, length: number): DecodeCache {
  const { layerCount, kvHeadCount, headSize } = policy.model.config;
  let cache = createKvCache({ layers: layerCount, kvHeads: kvHeadCount, headSize, batch, length });
  // A step that is run again sees what it wrote, which its mask hides.
  const run: DecodeCache["again"] = async ({ feeds }, outputs) => {
    const size = cache.shape.length;
    const session = await sessions.get(`${policy.key}/decode/${batch}/${size}`, () => buildDecodeGraph(policy.model, batch, size));
    const caches = [
      ...cache.keys.map((keys, layer) => [`keys_${layer}`, keys] as const),
      ...cache.values.map((values, layer) => [`values_${layer}`, values] as const),
    ];
    return await session.run(new Map([...feeds, ...caches]), outputs);
  };
  return {
    length: () => cache.shape.length,
    grow: (longer) => {
      cache = grownCache(cache, longer);
      return Promise.resolve();
    },
    place: (slot, { keysValues, stride, length: count }) => {
      if (keysValues instanceof ResidentTensor) throw new EngineError("internal: expected a prompt's keys and values in memory, got a device's");
      placePrefill(cache, slot, keysValues, stride, count);
      return Promise.resolve();
    },
    again: run,
    step: async (step, outputs) => {
      const { positions } = step;
      const results = await run(step, [...outputs, NEXT_TOKEN_OUTPUTS.newKeysValues]);
      const made = floatsOf(results, NEXT_TOKEN_OUTPUTS.newKeysValues);
      positions.forEach((position, slot) => {
        if (position !== undefined) placeStep(cache, slot, made, position);
      });
      return results;
    },
  };
}

/** The caches are written where they lie; what crosses is a step's tokens, masks and places, and what comes next. */
export async function createDeviceCache(policy: FedPolicy, sessions: SessionCache, memory: DeviceMemory, size: CacheSize): Promise<DecodeCache> {
  const { config } = policy.model;
  const { batch } = size;
  let { length } = size;
  let tables = await tablesOf(length);
  async function tablesOf(positions: number): Promise<ReadonlyMap<string, ResidentTensor>> {
    const made: [string, ResidentTensor][] = [];
    for (const [name, shape] of cacheTables(config, { batch, length: positions })) made.push([name, await memory.zeros(shape)]);
    return new Map(made);
  }
  const written = (to: ReadonlyMap<string, ResidentTensor>): ReadonlyMap<string, ResidentTensor> =>
    new Map([...to].map(([name, table]) => [writtenName(name), table]));
  const placesOf = (spans: readonly CacheSpan[]): readonly (readonly [string, Numbers])[] => {
    const shape = { layers: config.layerCount, kvHeads: config.kvHeadCount, headSize: config.headSize, batch, length };
    return [
      ["keyPlaces", keyPlaces(shape, spans)],
      ["valuePlaces", valuePlaces(shape, spans)],
    ];
  };
  const run: DecodeCache["step"] = async ({ feeds, positions }, outputs) => {
    const session = await sessions.get(`${policy.key}/decode-written/${batch}/${length}`, () =>
      buildDecodeGraph(policy.model, batch, length, "written"),
    );
    // An empty row writes too, where its next prompt begins; a step that is run again writes the same once more.
    const places = placesOf(positions.map((position, row) => ({ row, start: position ?? 0, count: 1 })));
    return await session.run(new Map<string, Fed>([...feeds, ...tables, ...places]), outputs, written(tables));
  };
  return {
    length: () => length,
    grow: async (longer) => {
      const session = await sessions.get(`${policy.key}/grow/${batch}/${length}/${longer}`, () => buildGrowGraph(config, { batch, length }, longer));
      const grown = await tablesOf(longer);
      await session.run(new Map<string, Fed>([...tables, ["zero", Float32Array.of(0)]]), [], written(grown));
      for (const table of tables.values()) table.release();
      [tables, length] = [grown, longer];
    },
    place: async (slot, { keysValues, stride }) => {
      const session = await sessions.get(`${policy.key}/place/${batch}/${length}/${stride}`, () =>
        buildPlaceGraph(config, { batch, length }, stride),
      );
      const places = placesOf([{ row: slot, start: 0, count: placedPositions(stride, { length }) }]);
      await session.run(new Map<string, Fed>([...tables, ...places, ["keysValues", keysValues]]), [], written(tables));
    },
    step: run,
    again: run,
  };
}
