/** Which of a model's tensors are multiplied in 8 bits where its base is quantised, and the shapes of what is stored of each. */
import { QUANTISED_BLOCK } from "#app/graph/op-table.ts";
import { dimOf } from "#app/graph/shapes.ts";
import type { Shape, TensorLocation } from "#app/graph/types.ts";
import { checkpointTensors, headName, LINEAR_MODULES, modulePath } from "./checkpoint-tensors.ts";
import type { ModelConfig } from "./model-config.ts";

export type QuantisedTensor = {
  /** uint8 [outputs, blocks, 32]. */
  readonly codes: TensorLocation;
  /** float32 [outputs · blocks]. */
  readonly scales: TensorLocation;
};

/** By the checkpoint's names. */
export type QuantisedTensors = ReadonlyMap<string, QuantisedTensor>;

/** The linear maps of every layer and the head, with their shapes [outputs, inputs]. The embedding is looked up in float32. */
export function quantisedShapes(config: ModelConfig): ReadonlyMap<string, Shape> {
  const shapes = checkpointTensors(config);
  const layers = Array.from({ length: config.layerCount }, (_, layer) => layer);
  const names = [...layers.flatMap((layer) => LINEAR_MODULES.map((module) => `${modulePath(layer, module)}.weight`)), headName(config)];
  return new Map(names.map((name) => [name, shapes.get(name) ?? []]));
}

export function codesShape(shape: Shape): Shape {
  return [dimOf(shape, 0), blocksOf(shape), QUANTISED_BLOCK];
}

export function scalesShape(shape: Shape): Shape {
  return [dimOf(shape, 0) * blocksOf(shape)];
}

function blocksOf(shape: Shape): number {
  return Math.ceil(dimOf(shape, 1) / QUANTISED_BLOCK);
}
