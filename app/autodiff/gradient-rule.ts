/** What a gradient rule is, and the arithmetic that rules share. */
import { GraphError } from "#app/base/errors.ts";
import type { GraphBuilder } from "#app/graph/builder.ts";
import { inputAt, sameShape } from "#app/graph/shapes.ts";
import type { OpNode, Shape, Value } from "#app/graph/types.ts";

export type GradientCall = {
  readonly g: GraphBuilder;
  readonly node: OpNode;
  /** Gradient of the loss by the node's first output, of that output's shape. */
  readonly dy: Value;
  /** Whether the gradient by an input is wanted; what nobody wants is not built. */
  needs(index: number): boolean;
};

/** Gradients of the loss by the node's inputs, in their order; undefined where none is needed or none exists. */
export type GradientRule = (call: GradientCall) => readonly (Value | undefined)[];

export function inputOf(call: GradientCall, index: number): Value {
  return inputAt(call.node.op, call.node.inputs, index);
}

export function outputOf(call: GradientCall, index: number): Value {
  const value = call.node.outputs[index];
  if (value === undefined) throw new GraphError(`${call.node.op}: expected an output number ${index}`);
  return value;
}

/** Sums a gradient over the axes along which its value was broadcast. */
export function unbroadcast(g: GraphBuilder, gradient: Value, shape: Shape): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const offset = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((dim, i) => (i < offset || (shape[i - offset] === 1 && dim !== 1) ? [i] : []));
  const summed = axes.length === 0 ? gradient : g.sum(gradient, axes);
  return offset === 0 ? summed : g.reshape(summed, shape);
}

/** A gradient that was reduced, spread again over the shape it came from. */
export function spread(g: GraphBuilder, gradient: Value, reduced: Shape, shape: Shape): Value {
  const kept = sameShape(gradient.shape, reduced) ? gradient : g.reshape(gradient, reduced);
  return sameShape(reduced, shape) ? kept : g.one("Expand", [kept], { shape });
}
