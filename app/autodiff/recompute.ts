/** Recomputation (gradient checkpointing, Chen et al. 2016): a block's values are made anew when its gradients need them. */
import type { GraphBuilder } from "#app/graph/builder.ts";
import { elementCount } from "#app/graph/shapes.ts";
import type { NodeRange, OpNode, Value } from "#app/graph/types.ts";

/**
 * Adds a block's nodes once more and returns them. What the block reads of earlier nodes stays; all else that it made
 * need not be kept from the forward pass on. `after` is a value that must be made before: without it the copies could
 * run at once, and all blocks be alive together.
 */
export function addAgain(g: GraphBuilder, nodes: readonly OpNode[], block: NodeRange, after: Value): readonly OpNode[] {
  const madeBefore = new Set(nodes.slice(0, block.first).flatMap((node) => node.outputs.map((output) => output.name)));
  const again = new Map<string, Value>();
  const valueOf = (value: Value): Value => {
    const known = again.get(value.name);
    if (known !== undefined || !madeBefore.has(value.name)) return known ?? value;
    const held = heldUntil(g, value, after);
    again.set(value.name, held);
    return held;
  };
  return nodes.slice(block.first, block.end).map((node) => {
    const inputs = node.inputs.map(valueOf);
    const outputs = g.apply(node.op, inputs, node.attributes);
    node.outputs.forEach((output, i) => {
      const copy = outputs[i];
      if (copy !== undefined) again.set(output.name, copy);
    });
    return { ...node, inputs, outputs };
  });
}

/** x to the bit, made when `after` has been: one number of the latter is put behind x and cut off again. */
function heldUntil(g: GraphBuilder, x: Value, after: Value): Value {
  const count = elementCount(x.shape);
  const mark = g.slice(g.reshape(after, [elementCount(after.shape)]), 0, 0, 1);
  return g.reshape(g.slice(g.concat([g.reshape(x, [count]), mark], 0), 0, 0, count), x.shape);
}
