/** Whatever shapes fit an op: what the op table says of its outputs is what the reference makes and what ONNX Runtime returns. */
import { describe, expect, test } from "vitest";
import { checkGraph } from "#app/graph/check.ts";
import { isComposite, lower } from "#app/graph/lower.ts";
import { interpret } from "#app/graph/reference/interpret.ts";
import type { Tensor } from "#app/graph/reference/tensor.ts";
import type { OpName } from "#app/graph/types.ts";
import { arbitraryCases } from "#tests/support/op-arbitraries.ts";
import { runOnnx } from "#tests/support/onnx-runtime.ts";
import { caseName, feedsOf, graphOf } from "#tests/support/op-cases.ts";
import { fc } from "#tests/support/properties.ts";

/** Float32 against float64, over sums of some dozens of numbers around 1. */
const TOLERANCE = 5e-6;

// The table's own keys, which the compiler knows to be complete.
const OPS = Object.keys(arbitraryCases) as OpName[];

function expectSame(got: ReadonlyMap<string, Tensor>, want: ReadonlyMap<string, Tensor>, tolerance: number, label: string): void {
  for (const [name, { shape, numbers }] of want) {
    expect(got.get(name)?.shape, `${name} of ${label}`).toEqual(shape);
    numbers.forEach((number, i) => {
      expect(Math.abs((got.get(name)?.numbers[i] ?? Number.NaN) - number), `${name}[${i}] of ${label}`).toBeLessThanOrEqual(
        tolerance * Math.max(1, Math.abs(number)),
      );
    });
  }
}

describe("the op table's shapes and the reference's numbers are ONNX Runtime's", () => {
  test.each(OPS)("%s", async (op) => {
    await fc.assert(
      fc.asyncProperty(arbitraryCases[op], fc.nat(1000), async (opCase, seed) => {
        const graph = graphOf(opCase);
        checkGraph(graph);
        const feeds = feedsOf(opCase, seed);
        const reference = interpret(graph, feeds);
        graph.outputs.forEach(({ name, value }) => {
          const made = reference.get(name);
          expect(made?.shape, name).toEqual(value.shape);
          expect(made?.numbers.length).toBe(value.shape.reduce((product, size) => product * size, 1));
        });
        expectSame(await runOnnx(graph, feeds), reference, TOLERANCE, caseName(opCase));
        if (isComposite(op)) expectSame(interpret(lower(graph), feeds), reference, 1e-12, caseName(opCase));
      }),
      { numRuns: 12, seed: 7 },
    );
  });
});
