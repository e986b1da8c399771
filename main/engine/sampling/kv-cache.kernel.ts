/** Moves keys and values between what runs return and the caches that decoding reads. */

export type CacheShape = {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly batch: number;
  /** Positions a row can hold. */
  readonly length: number;
};

/** Per layer keys [batch, kvHeads, headSize, length] and values [batch, kvHeads, length, headSize]. */
export type KvCache = { readonly shape: CacheShape; readonly keys: readonly Float32Array[]; readonly values: readonly Float32Array[] };

export function createKvCache(shape: CacheShape): KvCache {
  const make = () => Array.from({ length: shape.layers }, () => new Float32Array(shape.batch * shape.kvHeads * shape.headSize * shape.length));
  return { shape, keys: make(), values: make() };
}

export function cacheBytes(shape: CacheShape): number {
  return 8 * shape.layers * shape.batch * shape.kvHeads * shape.headSize * shape.length;
}

/** Copies the first `count` positions of a prefill [2 · layers, kvHeads, stride, headSize] into row `row`. */
export function placePrefill(cache: KvCache, row: number, prefill: Float32Array, stride: number, count: number): void {
  const { layers, kvHeads, headSize, length } = cache.shape;
  for (let layer = 0; layer < layers; layer++) {
    for (let head = 0; head < kvHeads; head++) {
      const keysFrom = (2 * layer * kvHeads + head) * stride * headSize;
      const valuesFrom = ((2 * layer + 1) * kvHeads + head) * stride * headSize;
      const to = (row * kvHeads + head) * headSize * length;
      const keys = cache.keys[layer];
      for (let position = 0; position < count; position++) {
        for (let d = 0; d < headSize; d++) keys[to + d * length + position] = prefill[keysFrom + position * headSize + d];
      }
      cache.values[layer].set(prefill.subarray(valuesFrom, valuesFrom + count * headSize), to);
    }
  }
}

/** Writes one new position of row `row` from a step's [2 · layers, batch, kvHeads, headSize]. */
export function placeStep(cache: KvCache, row: number, step: Float32Array, position: number): void {
  const { layers, kvHeads, headSize, batch, length } = cache.shape;
  for (let layer = 0; layer < layers; layer++) {
    for (let head = 0; head < kvHeads; head++) {
      const keysFrom = ((2 * layer * batch + row) * kvHeads + head) * headSize;
      const valuesFrom = (((2 * layer + 1) * batch + row) * kvHeads + head) * headSize;
      const to = (row * kvHeads + head) * headSize * length;
      for (let d = 0; d < headSize; d++) {
        cache.keys[layer][to + d * length + position] = step[keysFrom + d];
        cache.values[layer][to + position * headSize + d] = step[valuesFrom + d];
      }
    }
  }
}

/** The same rows in a cache with room for more positions. */
export function grownCache(cache: KvCache, length: number): KvCache {
  const grown = createKvCache({ ...cache.shape, length });
  const { layers, kvHeads, headSize, batch } = cache.shape;
  const old = cache.shape.length;
  for (let layer = 0; layer < layers; layer++) {
    for (let line = 0; line < batch * kvHeads * headSize; line++) {
      grown.keys[layer].set(cache.keys[layer].subarray(line * old, (line + 1) * old), line * length);
    }
    for (let head = 0; head < batch * kvHeads; head++) {
      grown.values[layer].set(cache.values[layer].subarray(head * old * headSize, (head + 1) * old * headSize), head * length * headSize);
    }
  }
  return grown;
}
