/** The graphs that write a device's caches do what the kernels do in memory: prompts placed, steps added, caches made longer. */
import { describe, expect, it } from "vitest";
import { rngFor } from "#app/base/random.ts";
import { GraphBuilder } from "#app/graph/builder.ts";
import { type Tensor, tensor } from "#app/graph/reference/tensor.ts";
import type { Graph } from "#app/graph/types.ts";
import { buildGrowGraph, buildPlaceGraph, cacheTables, placedPositions, writtenCaches, writtenName } from "#app/models/cache-graphs.ts";
import { probePolicy } from "#main/engine/devices/probe-model.ts";
import { type CacheSpan, keyPlaces, valuePlaces } from "#main/engine/sampling/cache-places.kernel.ts";
import { createKvCache, grownCache, type KvCache, placePrefill, placeStep } from "#main/engine/sampling/kv-cache.kernel.ts";
import { runOnnx } from "#tests/support/onnx-runtime.ts";

const { config } = probePolicy().model;
const SHAPE = { layers: config.layerCount, kvHeads: config.kvHeadCount, headSize: config.headSize, batch: 3, length: 4 };
const rng = rngFor(1, "cache");

function random(count: number): Float32Array {
  return Float32Array.from({ length: count }, () => rng.next() - 0.5);
}

function filled(): KvCache {
  const cache = createKvCache(SHAPE);
  for (const numbers of [...cache.keys, ...cache.values]) numbers.set(random(numbers.length));
  return cache;
}

/** A cache in memory as the tables of the graphs, which hold the same numbers in the same order. */
function tablesOf(cache: KvCache): Map<string, Tensor> {
  const numbers = new Map<string, Float32Array>([
    ...cache.keys.map((keys, i) => [`keys_${i}`, keys] as const),
    ...cache.values.map((values, i) => [`values_${i}`, values] as const),
  ]);
  return new Map([...cacheTables(config, cache.shape)].map(([name, shape]) => [name, tensor(shape, numbers.get(name) ?? [])]));
}

async function written(graph: Graph, cache: KvCache, spans: readonly CacheSpan[], more: ReadonlyMap<string, Tensor>): Promise<Map<string, Tensor>> {
  const places = Object.entries({ keyPlaces: keyPlaces(cache.shape, spans), valuePlaces: valuePlaces(cache.shape, spans) });
  const feeds = new Map([
    ...tablesOf(cache),
    ...places.map(([name, some]) => [name, tensor([some.length], Array.from(some, Number))] as const),
    ...more,
  ]);
  const results = await runOnnx(graph, feeds);
  return new Map([...cacheTables(config, cache.shape).keys()].map((name) => [name, results.get(writtenName(name)) ?? tensor([0], [])]));
}

describe("caches on a device", () => {
  // A prompt's graph may be longer than the cache: only padding is left out.
  it.each([3, 6])("take a prompt's prefill of %d positions into a free row", async (stride) => {
    const cache = filled();
    const prefill = random(2 * SHAPE.layers * SHAPE.kvHeads * stride * SHAPE.headSize);
    const count = placedPositions(stride, SHAPE);
    const keysValues = tensor([2 * SHAPE.layers, SHAPE.kvHeads, stride, SHAPE.headSize], prefill);
    const got = await written(buildPlaceGraph(config, SHAPE, stride), cache, [{ row: 1, start: 0, count }], new Map([["keysValues", keysValues]]));
    placePrefill(cache, 1, prefill, stride, count);
    expect(got).toEqual(tablesOf(cache));
  });

  it("take the keys and values of a step, each row's where it stands", async () => {
    const cache = filled();
    const made = random(2 * SHAPE.layers * SHAPE.batch * SHAPE.kvHeads * SHAPE.headSize);
    const g = new GraphBuilder();
    const caches = writtenCaches(g, config, SHAPE, SHAPE.batch);
    const rows = new Map<string, Tensor>();
    for (let layer = 0; layer < SHAPE.layers; layer++) {
      const part = (index: number) => {
        const shape = [SHAPE.batch, SHAPE.kvHeads, 1, SHAPE.headSize];
        const size = made.length / (2 * SHAPE.layers);
        rows.set(`made_${index}`, tensor(shape, made.subarray(index * size, (index + 1) * size)));
        return g.input(`made_${index}`, shape);
      };
      caches(layer, part(2 * layer), part(2 * layer + 1));
    }
    const positions = [2, 0, 3];
    const got = await written(
      g.build(),
      cache,
      positions.map((start, row) => ({ row, start, count: 1 })),
      rows,
    );
    positions.forEach((position, row) => {
      placeStep(cache, row, made, position);
    });
    expect(got).toEqual(tablesOf(cache));
  });

  it("keep their rows when they grow", async () => {
    const cache = filled();
    const longer = grownCache(cache, 7);
    const results = await runOnnx(buildGrowGraph(config, SHAPE, 7), new Map([...tablesOf(cache), ["zero", tensor([], [0])]]));
    for (const [name, table] of tablesOf(longer)) expect(results.get(writtenName(name)), name).toEqual(table);
  });
});
