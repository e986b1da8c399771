/** The inputs of a graph that say where tokens stand and what they see: rotary tables and masks, made and fed in one place. */
import { GraphError } from "#app/base/errors.ts";
import type { GraphBuilder } from "#app/graph/builder.ts";
import type { Value } from "#app/graph/types.ts";
import type { LayerConfig, ModelConfig } from "./model-config.ts";
import { ropeTables } from "./rope-tables.kernel.ts";
import { narrowMask } from "./window-mask.kernel.ts";

export type RopeInputs = { readonly cos: Value; readonly sin: Value };

function suffixOf(rope: number): string {
  return rope === 0 ? "" : `_${rope}`;
}

/** cos and sin [batch, 1, length, headSize / 2] for each of the model's ropes; further ones are cos_1, sin_1, ... */
export function ropeInputs(g: GraphBuilder, config: ModelConfig, batch: number, length: number): readonly RopeInputs[] {
  const table = [batch, 1, length, config.headSize / 2];
  return config.ropes.map((_, rope) => ({ cos: g.input(`cos${suffixOf(rope)}`, table), sin: g.input(`sin${suffixOf(rope)}`, table) }));
}

/** What `ropeInputs` are fed for tokens at these positions. */
export function ropeFeeds(frequencies: readonly Float32Array[], positions: ArrayLike<number>): ReadonlyMap<string, Float32Array> {
  return new Map(
    frequencies.flatMap((some, rope) => {
      const { cos, sin } = ropeTables(some, positions);
      return [[`cos${suffixOf(rope)}`, cos] as const, [`sin${suffixOf(rope)}`, sin] as const];
    }),
  );
}

/** The window of a layer where `keys` positions are at hand; null where it sees them all anyway. */
function windowOf(layer: LayerConfig, keys: number): number | null {
  return layer.window !== null && layer.window < keys ? layer.window : null;
}

function maskName(window: number | null): string {
  return window === null ? "mask" : `mask_${window}`;
}

/** The windows for which layers need masks of their own, null for the mask without one. */
function windowsOf(config: ModelConfig, keys: number): readonly (number | null)[] {
  return [...new Set(config.layers.map((layer) => windowOf(layer, keys)))];
}

/** Masks [batch, 1, 1, queries, keys], one for each window that matters among so many keys; the function finds a layer's. */
export function maskInputs(g: GraphBuilder, config: ModelConfig, batch: number, queries: number, keys: number): (layer: number) => Value {
  const masks = new Map(windowsOf(config, keys).map((window) => [window, g.input(maskName(window), [batch, 1, 1, queries, keys])]));
  return (layer) => {
    const found = config.layers[layer];
    const mask = found === undefined ? undefined : masks.get(windowOf(found, keys));
    if (mask === undefined) throw new GraphError(`expected a mask for layer ${layer}, the model has ${config.layers.length} layers`);
    return mask;
  };
}

/** Positions of the queries and of the keys, one for each row and column of a mask [rows, queries, keys]. */
export type MaskPositions = { readonly queries: ArrayLike<number>; readonly keys: ArrayLike<number> };

/** What `maskInputs` are fed: the mask itself, and narrowed to each window. */
export function maskFeeds(
  config: ModelConfig,
  mask: Float32Array,
  rows: number,
  { queries, keys }: MaskPositions,
): ReadonlyMap<string, Float32Array> {
  return new Map(
    windowsOf(config, keys.length / rows).map((window) => [maskName(window), window === null ? mask : narrowMask(mask, rows, queries, keys, window)]),
  );
}
