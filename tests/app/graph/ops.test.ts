/** Every op: its shape law, its meaning and what ONNX Runtime computes agree; composites agree with their lowered form. */
import { describe, expect, it } from "vitest";
import { checkGraph } from "#app/graph/check.ts";
import { isComposite, lower } from "#app/graph/lower.ts";
import { opTable } from "#app/graph/op-table.ts";
import { interpret } from "#app/graph/reference/interpret.ts";
import type { Tensor } from "#app/graph/reference/tensor.ts";
import { caseName, feedsOf, graphOf, type OpCase, opCases } from "#tests/support/op-cases.ts";
import { runOnnx } from "#tests/support/onnx-runtime.ts";

/** Float32 rounding of a handful of operations on numbers around 1. */
const TOLERANCE = 2e-6;

function expectClose(actual: ReadonlyMap<string, Tensor>, expected: ReadonlyMap<string, Tensor>, tolerance: number): void {
  expect([...actual.keys()]).toEqual([...expected.keys()]);
  for (const [name, want] of expected) {
    const got = actual.get(name);
    expect(got?.shape).toEqual(want.shape);
    want.numbers.forEach((number, i) => {
      expect(Math.abs((got?.numbers[i] ?? Number.NaN) - number), `${name}[${i}]`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(number)));
    });
  }
}

describe("the op table", () => {
  it("has a case for every op", () => {
    expect(new Set(opCases.map((opCase) => opCase.op))).toEqual(new Set(Object.keys(opTable)));
  });

  it.each(opCases.map((opCase) => [caseName(opCase), opCase] as const))("%s means what ONNX Runtime computes", async (_, opCase) => {
    const graph = graphOf(opCase);
    checkGraph(graph);
    for (const seed of [1, 2]) {
      const feeds = feedsOf(opCase, seed);
      expectClose(await runOnnx(graph, feeds), interpret(graph, feeds), TOLERANCE);
    }
  });

  it.each([
    { shape: [2, 49_152], keepdims: 1 },
    { shape: [3, 50_257], keepdims: 0 },
    { shape: [1, 2, 4096], keepdims: 0 },
  ])("ReduceLogSumExp over a vocabulary ($shape, keepdims $keepdims) loses no digits on the way", async ({ shape, keepdims }) => {
    for (const axis of [-1, shape.length - 1]) {
      const opCase: OpCase = { op: "ReduceLogSumExp", inputs: [shape], attributes: { axes: [axis], keepdims }, range: [-12, 12] };
      const [graph, feeds] = [graphOf(opCase), feedsOf(opCase, 4)];
      // Of numbers near 20.
      expectClose(await runOnnx(graph, feeds), interpret(graph, feeds), 4e-7);
    }
  });

  it.each(opCases.filter((opCase) => isComposite(opCase.op)).map((opCase) => [caseName(opCase), opCase] as const))(
    "%s equals its lowered form",
    (_, opCase) => {
      const graph = graphOf(opCase);
      const lowered = lower(graph);
      checkGraph(lowered);
      expect(lowered.nodes.some((node) => isComposite(node.op))).toBe(false);
      const feeds = feedsOf(opCase, 3);
      expectClose(interpret(lowered, feeds), interpret(graph, feeds), 1e-12);
    },
  );
});
