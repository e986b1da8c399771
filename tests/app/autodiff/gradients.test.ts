/** Every gradient rule against central differences in float64, and composites against the gradient of their lowered form. */
import { describe, expect, it } from "vitest";
import { gradients } from "#app/autodiff/gradients.ts";
import { GraphBuilder } from "#app/graph/builder.ts";
import { checkGraph } from "#app/graph/check.ts";
import { isComposite, lower } from "#app/graph/lower.ts";
import { interpret } from "#app/graph/reference/interpret.ts";
import { type Tensor, tensor } from "#app/graph/reference/tensor.ts";
import type { Graph, Value } from "#app/graph/types.ts";
import { caseName, differentiableInputs, feedsOf, graphOf, type OpCase, opCases } from "#tests/support/op-cases.ts";

const STEP = 1e-5;
/** Central differences of step h err by h² and by rounding / h: about 1e-10 here. */
const TOLERANCE = 1e-7;

/** Σ weight · y over the first output, with weights that no symmetry hides. */
function weightedSum(g: GraphBuilder, y: Value): Value {
  const count = y.shape.reduce((product, dim) => product * dim, 1);
  const weights = g.constant(
    Array.from({ length: count }, (_, i) => Math.cos(1 + 2 * i)),
    y.shape,
  );
  const flat = g.reshape(g.mul(y, weights), [count]);
  return g.sum(flat, [0], false);
}

/** Loss, and its gradients under the names d0, d1, ...; composites are lowered before the walk if asked. */
function lossGraph(opCase: OpCase, lowered: boolean): Graph {
  const source = lowered ? lower(graphOf(opCase)) : graphOf(opCase);
  const g = new GraphBuilder();
  const values = new Map<string, Value>();
  for (const input of source.inputs) values.set(input.name, g.input(input.name, input.shape, input.dataType));
  for (const initializer of source.initializers) {
    if (initializer.kind === "numbers")
      values.set(initializer.value.name, g.constant(initializer.numbers, initializer.value.shape, initializer.value.dataType));
  }
  const valueOf = (value: Value | undefined): Value => {
    const found = values.get(value?.name ?? "");
    if (found === undefined) throw new Error(`no value ${value?.name}`);
    return found;
  };
  for (const node of source.nodes) {
    g.apply(node.op, node.inputs.map(valueOf), node.attributes).forEach((output, i) => values.set(node.outputs[i]?.name ?? "", output));
  }
  const loss = weightedSum(g, valueOf(source.outputs[0]?.value));
  g.output("loss", loss);
  const wrt = differentiableInputs(opCase).map((i) => valueOf(source.inputs[i]));
  gradients(g, loss, wrt).forEach((gradient, i) => {
    g.output(`d${differentiableInputs(opCase)[i]}`, gradient);
  });
  return g.build();
}

function centralDifference(graph: Graph, feeds: ReadonlyMap<string, Tensor>, name: string, index: number): number {
  const lossAt = (delta: number): number => {
    const fed = feeds.get(name);
    if (fed === undefined) throw new Error(`no feed ${name}`);
    const moved = tensor(
      fed.shape,
      fed.numbers.map((number, i) => (i === index ? number + delta : number)),
    );
    return (
      interpret({ ...graph, outputs: graph.outputs.filter((output) => output.name === "loss") }, new Map(feeds).set(name, moved)).get("loss")
        ?.numbers[0] ?? Number.NaN
    );
  };
  return (lossAt(STEP) - lossAt(-STEP)) / (2 * STEP);
}

const differentiable = opCases.filter((opCase) => differentiableInputs(opCase).length > 0);

describe("gradients", () => {
  it.each(differentiable.map((opCase) => [caseName(opCase), opCase] as const))("%s agrees with central differences", (_, opCase) => {
    const graph = lossGraph(opCase, false);
    checkGraph(graph);
    const feeds = feedsOf(opCase, 11);
    const results = interpret(graph, feeds);
    for (const i of differentiableInputs(opCase)) {
      const gradient = results.get(`d${i}`);
      expect(gradient?.shape).toEqual(opCase.inputs[i]);
      gradient?.numbers.forEach((number, index) => {
        expect(Math.abs(number - centralDifference(graph, feeds, `x${i}`, index)), `d${i}[${index}]`).toBeLessThan(TOLERANCE);
      });
    }
  });

  it.each(opCases.filter((opCase) => isComposite(opCase.op)).map((opCase) => [caseName(opCase), opCase] as const))(
    "%s: by hand equals through the lowered form",
    (_, opCase) => {
      const feeds = feedsOf(opCase, 12);
      const [byHand, lowered] = [interpret(lossGraph(opCase, false), feeds), interpret(lossGraph(opCase, true), feeds)];
      for (const [name, want] of lowered) {
        want.numbers.forEach((number, i) => {
          expect(byHand.get(name)?.numbers[i]).toBeCloseTo(number, 11);
        });
      }
    },
  );

  it("adds up over several uses of a value", () => {
    const g = new GraphBuilder();
    const x = g.input("x", [2]);
    const loss = g.sum(g.mul(g.mul(x, x), x), [0], false);
    const [dx] = gradients(g, loss, [x]);
    if (dx === undefined) throw new Error("no gradient");
    g.output("dx", dx);
    expect([...(interpret(g.build(), new Map([["x", tensor([2], [2, -3])]])).get("dx")?.numbers ?? [])]).toEqual([12, 27]);
  });

  it("builds nothing for what is frozen", () => {
    const g = new GraphBuilder();
    const [x, frozen, trained] = [g.input("x", [2, 3]), g.input("frozen", [4, 3]), g.input("trained", [4, 3])];
    const loss = weightedSum(g, g.add(g.gemm(x, frozen, { transB: true }), g.gemm(x, trained, { transB: true })));
    const before = g.nodes.length;
    gradients(g, loss, [trained]);
    expect(g.nodes.slice(before).filter((node) => node.op === "Gemm")).toHaveLength(1);
  });

  it("refuses a loss of several numbers, a value it does not depend on, and an op without a gradient", () => {
    const g = new GraphBuilder();
    const [x, other] = [g.input("x", [3]), g.input("other", [3])];
    expect(() => gradients(g, x, [x])).toThrow("expected a loss of one element, got [3]");
    expect(() => gradients(g, g.sum(x, [0]), [other])).toThrow("does not depend on other");
    const top = g.one("TopK", [x], { k: 1 });
    expect(() => gradients(g, g.sum(top, [0]), [x])).toThrow("TopK has no gradient");
  });
});
