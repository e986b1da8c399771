/** Numbers to run a graph with where only its time and memory are asked for. */
import { elementCount } from "#app/graph/shapes.ts";
import type { Value } from "#app/graph/types.ts";
import type { Numbers } from "#main/engine/runtime/runtime-session.ts";

/** Tokens below 256, masks that hide nothing. */
export function feedsOf(inputs: readonly Value[]): Map<string, Numbers> {
  const feeds = new Map<string, Numbers>();
  for (const { name, shape, dataType } of inputs) {
    const count = elementCount(shape);
    if (dataType === "int64")
      feeds.set(
        name,
        BigInt64Array.from({ length: count }, (_, i) => BigInt((37 * i + 5) % 256)),
      );
    else
      feeds.set(
        name,
        Float32Array.from({ length: count }, (_, i) => (name.startsWith("mask") ? 0 : 0.1 * Math.sin(i))),
      );
  }
  return feeds;
}
