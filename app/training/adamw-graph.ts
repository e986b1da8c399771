/** The norm of gradients and AdamW as graphs, for a device on which parameters, gradients and moments stay; elsewhere adamw.kernel.ts. */
import { GraphBuilder } from "#app/graph/builder.ts";
import { elementCount } from "#app/graph/shapes.ts";
import type { Graph, Shape, Value } from "#app/graph/types.ts";
import type { AdamWSettings } from "./adamw.kernel.ts";

/** Of a parameter, its gradient summed over a step's runs. */
export function sumName(parameter: string): string {
  return `sum:${parameter}`;
}

export const MOMENT_NAMES = { first: (parameter: string) => `first:${parameter}`, second: (parameter: string) => `second:${parameter}` } as const;

/** The output that is written over an input. */
export function updatedName(input: string): string {
  return `updated:${input}`;
}

/** Σ g² of each tensor, [tensors, 1]. */
export const SQUARES = "squares";

/** Inputs: the gradient sums. Rows first, then the rows' sums: float32 keeps more digits, and a device has more to do at once. */
export function buildSquaresGraph(shapes: ReadonlyMap<string, Shape>): Graph {
  const g = new GraphBuilder();
  const squares = [...shapes].map(([name, shape]) => {
    const gradient = g.input(sumName(name), shape);
    const rows = g.reshape(gradient, shape.length === 2 ? shape : [1, elementCount(shape)]);
    return g.sum(g.sum(g.mul(rows, rows), [1]), [0]);
  });
  g.output(SQUARES, g.concat(squares, 0));
  return g.build();
}

/** What a step is fed as numbers, each []. */
export type AdamWScalars = {
  /** Multiplies each gradient (clipping). */
  readonly scale: number;
  /** lr / (1 − β₁ᵗ) */
  readonly stepSize: number;
  /** 1 / √(1 − β₂ᵗ) */
  readonly inverseRoot: number;
  /** lr · λ */
  readonly decay: number;
  /** 1: see `buildAdamWGraph`. */
  readonly one: number;
};

/** `step` counts from 1. */
export function adamWScalars(step: number, scale: number, { learningRate, beta1, beta2, weightDecay }: Omit<AdamWSettings, "epsilon">): AdamWScalars {
  return {
    scale,
    stepSize: learningRate / (1 - beta1 ** step),
    inverseRoot: 1 / Math.sqrt(1 - beta2 ** step),
    decay: learningRate * weightDecay,
    one: 1,
  };
}

/**
 * The step of `adamWStep`, in float32. Inputs: of each parameter itself, its gradient sum and its moments, and the scalars;
 * outputs: parameter and moments, each to be written over its input. So the node that makes an output may not read the
 * input that it is written over; it reads a product with an input that is 1 instead, which nothing can leave out.
 */
export function buildAdamWGraph(
  shapes: ReadonlyMap<string, Shape>,
  { beta1, beta2, epsilon }: Pick<AdamWSettings, "beta1" | "beta2" | "epsilon">,
): Graph {
  const g = new GraphBuilder();
  const scalar = (name: keyof AdamWScalars): Value => g.input(name, []);
  const [scale, stepSize, inverseRoot, decay, one] = [scalar("scale"), scalar("stepSize"), scalar("inverseRoot"), scalar("decay"), scalar("one")];
  for (const [name, shape] of shapes) {
    const [first, second] = [MOMENT_NAMES.first(name), MOMENT_NAMES.second(name)];
    const parameter = g.input(name, shape);
    const gradient = g.mul(g.input(sumName(name), shape), scale);
    const m = g.add(g.scale(g.input(first, shape), beta1), g.scale(gradient, 1 - beta1));
    const v = g.add(g.scale(g.input(second, shape), beta2), g.scale(g.mul(gradient, gradient), 1 - beta2));
    const root = g.add(g.mul(g.one("Sqrt", [v]), inverseRoot), g.constant([epsilon]));
    const change = g.add(g.mul(parameter, decay), g.one("Div", [g.mul(m, stepSize), root]));
    g.output(updatedName(name), g.sub(g.mul(parameter, one), change));
    g.output(updatedName(first), m);
    g.output(updatedName(second), v);
  }
  return g.build();
}
