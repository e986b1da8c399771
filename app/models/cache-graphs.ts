/** Graphs over caches of keys and values that lie on a device: what is new is written where it belongs, the rest stays. */
import { GraphBuilder } from "#app/graph/builder.ts";
import { dimOf } from "#app/graph/shapes.ts";
import type { Graph, Shape, Value } from "#app/graph/types.ts";
import type { ModelConfig } from "./model-config.ts";

/** Rows of responses, and positions that each can hold. */
export type CacheSize = { readonly batch: number; readonly length: number };

/**
 * Of each layer, the caches as attention reads them: keys [batch, kvHeads, headSize, length] and values [batch, kvHeads,
 * length, headSize]; `k` and `v` are what the layer adds to them.
 */
export type LayerCaches = (layer: number, k: Value, v: Value) => { readonly keys: Value; readonly values: Value };

/** What a graph writes into a cache is its output under this name, to be written over the input. */
export function writtenName(cache: string): string {
  return `written:${cache}`;
}

/** The caches of all layers by the names of their inputs, as tables: numbers of keys one a row, values a position a row. */
export function cacheTables(config: ModelConfig, { batch, length }: CacheSize): ReadonlyMap<string, Shape> {
  const heads = batch * config.kvHeadCount;
  return new Map(
    config.layers.flatMap((_, layer) => [
      [`keys_${layer}`, [heads * config.headSize * length, 1]],
      [`values_${layer}`, [heads * length, config.headSize]],
    ]),
  );
}

/** Tables as inputs, and a function that puts rows into them; further inputs: keyPlaces and valuePlaces, the rows to write. */
function tableInputs(g: GraphBuilder, config: ModelConfig, size: CacheSize, positionCount: number) {
  const heads = positionCount * config.kvHeadCount;
  const [keyPlaces, valuePlaces] = [g.input("keyPlaces", [heads * config.headSize], "int64"), g.input("valuePlaces", [heads], "int64")];
  const tables = new Map([...cacheTables(config, size)].map(([name, shape]) => [name, g.input(name, shape)] as const));
  const put = (name: string, rows: Value, places: Value): void => {
    const table = tableOf(tables, name);
    g.output(writtenName(name), g.one("PutRows", [table, g.reshape(rows, [dimOf(places.shape, 0), dimOf(table.shape, 1)]), places]));
  };
  return {
    tables,
    /** k, turned where it is more than one position a row, and v. */
    write: (layer: number, k: Value, v: Value): void => {
      put(`keys_${layer}`, k, keyPlaces);
      put(`values_${layer}`, v, valuePlaces);
    },
  };
}

function tableOf(tables: ReadonlyMap<string, Value>, name: string): Value {
  const found = tables.get(name);
  if (found === undefined) throw new RangeError(`internal: no cache ${name}`);
  return found;
}

/**
 * Caches that a step of decoding also writes. What is written is hidden from the step by its mask, whichever comes first.
 */
export function writtenCaches(g: GraphBuilder, config: ModelConfig, size: CacheSize, rows: number): LayerCaches {
  const { tables, write } = tableInputs(g, config, size, rows);
  const { batch, length } = size;
  return (layer, k, v) => {
    write(layer, k, v);
    return {
      keys: g.reshape(tableOf(tables, `keys_${layer}`), [batch, config.kvHeadCount, config.headSize, length]),
      values: g.reshape(tableOf(tables, `values_${layer}`), [batch, config.kvHeadCount, length, config.headSize]),
    };
  };
}

/** Positions of a prefill of `stride` that a cache takes. What is behind the prompt is padding, which masks hide. */
export function placedPositions(stride: number, { length }: Pick<CacheSize, "length">): number {
  return Math.min(stride, length);
}

/** Writes a prefill into a row. Inputs: keysValues [2 · layers, kvHeads, stride, headSize], the tables and places. */
export function buildPlaceGraph(config: ModelConfig, size: CacheSize, stride: number): Graph {
  const g = new GraphBuilder();
  const keysValues = g.input("keysValues", [2 * config.layerCount, config.kvHeadCount, stride, config.headSize]);
  const count = placedPositions(stride, size);
  const { write } = tableInputs(g, config, size, count);
  const part = (index: number): Value => g.slice(g.slice(keysValues, 0, index, index + 1), 2, 0, count);
  for (let layer = 0; layer < config.layerCount; layer++) write(layer, g.swapLast(part(2 * layer)), part(2 * layer + 1));
  return g.build();
}

/** The same rows with room for `length` positions. Inputs: the tables of `size`, and zero []. */
export function buildGrowGraph(config: ModelConfig, size: CacheSize, length: number): Graph {
  const g = new GraphBuilder();
  // An input: a constant would be folded into a tensor of the whole size.
  const zero = g.input("zero", []);
  const longer = cacheTables(config, { ...size, length });
  for (const [name, shape] of cacheTables(config, size)) {
    const width = dimOf(shape, 1);
    const lines = dimOf(shape, 0) / size.length;
    const table = g.reshape(g.input(name, shape), [lines, size.length * width]);
    const room = g.one("Expand", [zero], { shape: [lines, (length - size.length) * width] });
    g.output(writtenName(name), g.reshape(g.concat([table, room], 1), longer.get(name) ?? []));
  }
  return g.build();
}
