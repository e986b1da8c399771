/** The blocks that causal attention works in. */
import { GraphError } from "#app/base/errors.ts";
import { dimOf, intAttribute } from "./shapes.ts";
import type { Attributes, Value } from "./types.ts";

/** Queries `start` to `end`, which see keys 0 to `end`. */
export type QueryBlock = { readonly start: number; readonly end: number };

/** The blocks of a CausalAttention's queries, first to last; the last may be shorter. */
export function queryBlocks(q: Value, attributes: Attributes): readonly QueryBlock[] {
  const [length, size] = [dimOf(q.shape, 2), intAttribute("CausalAttention", attributes, "queryBlock")];
  if (!Number.isInteger(size) || size < 1) throw new GraphError(`CausalAttention: expected blocks of 1 query or more, got ${size}`);
  return Array.from({ length: Math.ceil(length / size) }, (_, i) => ({ start: i * size, end: Math.min(length, (i + 1) * size) }));
}
