/** AdamW and the norm as graphs against the kernel that the CPU runs, step by step. */
import { expect, it } from "vitest";
import { rngFor } from "#app/base/random.ts";
import { elementCount } from "#app/graph/shapes.ts";
import { adamWScalars, buildAdamWGraph, buildSquaresGraph, MOMENT_NAMES, SQUARES, sumName, updatedName } from "#app/training/adamw-graph.ts";
import { adamWStep, globalNorm } from "#app/training/adamw.kernel.ts";
import { type Tensor, tensor } from "#app/graph/reference/tensor.ts";
import { runOnnx } from "#tests/support/onnx-runtime.ts";

/** Of each number relative to the largest of its tensor: float32 where the kernel computes in float64 and stores float32. */
const TOLERANCE = 5e-7;

const SHAPES = new Map([
  ["matrix", [5, 7]],
  ["vector", [11]],
]);

it("AdamW as a graph follows the kernel, with weight decay, clipping and a rate that changes", async () => {
  const settings = { beta1: 0.9, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.1 };
  const graph = buildAdamWGraph(SHAPES, settings);
  const rng = rngFor(1, "adamw");
  const draw = (shape: readonly number[], size: number) => Float32Array.from({ length: elementCount(shape) }, () => size * (rng.next() - 0.5));
  const zeros = (shape: readonly number[]) => new Float32Array(elementCount(shape));
  const byKernel = new Map([...SHAPES].map(([name, shape]) => [name, [draw(shape, 2), zeros(shape), zeros(shape)] as const]));
  let byGraph = new Map<string, Tensor>();
  for (const [name, [parameters, first, second]] of byKernel) {
    const shape = SHAPES.get(name) ?? [];
    byGraph.set(name, tensor(shape, parameters));
    byGraph.set(MOMENT_NAMES.first(name), tensor(shape, first));
    byGraph.set(MOMENT_NAMES.second(name), tensor(shape, second));
  }
  for (let step = 1; step <= 6; step++) {
    const [learningRate, scale] = [0.02 / step, step % 2 === 0 ? 0.25 : 1];
    const gradients = new Map([...SHAPES].map(([name, shape]) => [name, draw(shape, 0.3)]));
    const scalars = Object.entries(adamWScalars(step, scale, { ...settings, learningRate }));
    const feeds = new Map([...byGraph, ...scalars.map(([name, value]) => [name, tensor([], [value])] as const)]);
    for (const [name, gradient] of gradients) feeds.set(sumName(name), tensor(SHAPES.get(name) ?? [], gradient));
    const updated = await runOnnx(graph, feeds);
    byGraph = new Map([...byGraph.keys()].map((name) => [name, updated.get(updatedName(name)) ?? tensor([0], [])]));
    for (const [name, [parameters, first, second]] of byKernel) {
      adamWStep(parameters, gradients.get(name) ?? zeros([0]), first, second, step, scale, { ...settings, learningRate });
      const want = { [name]: parameters, [MOMENT_NAMES.first(name)]: first, [MOMENT_NAMES.second(name)]: second };
      for (const [input, numbers] of Object.entries(want)) {
        const largest = Math.max(...numbers.map(Math.abs));
        numbers.forEach((number, i) => {
          expect(Math.abs((byGraph.get(input)?.numbers[i] ?? Number.NaN) - number), `${input}[${i}] after step ${step}`).toBeLessThan(
            TOLERANCE * largest,
          );
        });
      }
    }
  }
});

it("the nodes whose outputs are written over inputs read none of these", () => {
  const { nodes, inputs, outputs } = buildAdamWGraph(SHAPES, { beta1: 0.9, beta2: 0.99, epsilon: 1e-6 });
  const names = new Set(inputs.map(({ name }) => name));
  expect(outputs.length).toBe(6);
  for (const { name, value } of outputs) {
    expect(names.has(name.replace(/^updated:/u, ""))).toBe(true);
    const made = nodes.find((node) => node.outputs.includes(value));
    expect(made?.inputs.some((input) => names.has(input.name) && input.shape.length > 0)).toBe(false);
  }
});

it("squares of all tensors add up to the norm", async () => {
  const rng = rngFor(2, "squares");
  const sums = [...SHAPES].map(([name, shape]) => [name, Float32Array.from({ length: elementCount(shape) }, () => 4 * rng.next() - 2)] as const);
  const results = await runOnnx(buildSquaresGraph(SHAPES), new Map(sums.map(([name, sum]) => [sumName(name), tensor(SHAPES.get(name) ?? [], sum)])));
  const squares = results.get(SQUARES)?.numbers ?? new Float64Array();
  expect(squares).toHaveLength(2);
  const norm = globalNorm(sums.map(([, sum]) => sum));
  expect(Math.abs(Math.sqrt(squares.reduce((sum, square) => sum + square, 0)) - norm)).toBeLessThan(TOLERANCE * norm);
});
