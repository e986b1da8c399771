/** The shapes of what training changes: an adapter's factors by PEFT's names, without one all weights by the checkpoint's. */
import type { Shape } from "#app/graph/types.ts";
import { adapterTensors } from "./adapter.ts";
import { checkpointTensors } from "./checkpoint-tensors.ts";
import type { Model } from "./decoder.ts";

export function parameterShapes({ config, adapter }: Pick<Model, "config" | "adapter">): ReadonlyMap<string, Shape> {
  if (adapter === null) return checkpointTensors(config);
  return new Map(adapterTensors(config, adapter).map(({ name, shape }) => [name, shape]));
}
