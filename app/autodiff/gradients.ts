/** The reverse walk: from a loss to its gradients by chosen values, as nodes added to the same graph. */
import { GraphError } from "#app/base/errors.ts";
import type { GraphBuilder } from "#app/graph/builder.ts";
import { isComposite } from "#app/graph/lower.ts";
import { elementCount, shapeText } from "#app/graph/shapes.ts";
import type { NodeRange, OpNode, Value } from "#app/graph/types.ts";
import { compositeRules } from "./composite-rules.ts";
import { portableRules } from "./portable-rules.ts";
import { addAgain } from "./recompute.ts";

/**
 * Gradients of a loss with one element by each of `wrt`, in their order and of their shapes. Nodes are added only where
 * a gradient on the way to one of `wrt` is needed, so that frozen weights cost nothing. What `recomputed` blocks made is
 * computed again for their gradients: the same numbers to the bit, in less memory and more time. Throws GraphError for a
 * loss that is no single number, for a value the loss does not depend on, and for an op without a gradient on the way.
 */
export function gradients(g: GraphBuilder, loss: Value, wrt: readonly Value[], recomputed: readonly NodeRange[] = []): readonly Value[] {
  if (elementCount(loss.shape) !== 1) throw new GraphError(`expected a loss of one element, got ${shapeText(loss.shape)}`);
  const nodes = [...g.nodes];
  const needed = valuesOnTheWay(nodes, wrt);
  const gradientOf = new Map<string, Value>([[loss.name, g.constant([1], loss.shape)]]);
  const blockByEnd = new Map(recomputed.map((block) => [block.end, block]));
  const copies = new Map<number, OpNode>();
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i];
    if (node === undefined) continue;
    const block = blockByEnd.get(i + 1);
    const after = block && lastGradient(nodes.slice(block.first, block.end), gradientOf);
    if (block !== undefined && after !== undefined)
      addAgain(g, nodes, block, after).forEach((copy, offset) => copies.set(block.first + offset, copy));
    const [output] = node.outputs;
    const dy = output === undefined ? undefined : gradientOf.get(output.name);
    requireNoOtherGradient(node, gradientOf);
    if (dy === undefined || !node.inputs.some((input) => needed.has(input.name))) continue;
    const rule = isComposite(node.op) ? compositeRules[node.op] : portableRules[node.op];
    if (rule === null) throw new GraphError(`${node.op} has no gradient, and the loss depends on ${output?.name ?? node.op}`);
    const needs = (index: number): boolean => needed.has(node.inputs[index]?.name ?? "");
    rule({ g, node: copies.get(i) ?? node, dy, needs }).forEach((gradient, index) => {
      const input = node.inputs[index];
      if (gradient === undefined || input === undefined || !needed.has(input.name)) return;
      const sofar = gradientOf.get(input.name);
      gradientOf.set(input.name, sofar === undefined ? gradient : g.add(sofar, gradient));
    });
  }
  return wrt.map((value) => {
    const gradient = gradientOf.get(value.name);
    if (gradient === undefined) throw new GraphError(`the loss ${loss.name} does not depend on ${value.name}`);
    return gradient;
  });
}

/** The gradient by the last of what these nodes make that has one. */
function lastGradient(nodes: readonly OpNode[], gradientOf: ReadonlyMap<string, Value>): Value | undefined {
  return nodes.flatMap((node) => node.outputs.flatMap((output) => gradientOf.get(output.name) ?? [])).at(-1);
}

/** The names of all values that depend on one of `wrt`, those included. */
function valuesOnTheWay(nodes: readonly OpNode[], wrt: readonly Value[]): ReadonlySet<string> {
  const names = new Set(wrt.map((value) => value.name));
  for (const node of nodes) {
    if (node.inputs.some((input) => names.has(input.name))) for (const output of node.outputs) names.add(output.name);
  }
  return names;
}

/** Second outputs (1/rms, probabilities, logits) serve the rules; a loss built on one of them would be missed. */
function requireNoOtherGradient(node: OpNode, gradientOf: ReadonlyMap<string, Value>): void {
  const other = node.outputs.slice(1).find((output) => gradientOf.has(output.name));
  if (other !== undefined) throw new GraphError(`${node.op}: expected a gradient by the first output alone, the loss depends on ${other.name} too`);
}
