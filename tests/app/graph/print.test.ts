/** The printer shows a graph as text in which every input, constant, op and output can be told apart. */
import { expect, it } from "vitest";
import { GraphBuilder } from "#app/graph/builder.ts";
import { printGraph } from "#app/graph/print.ts";

it("prints a line for each input, constant, op and output, in the order of computing", () => {
  const g = new GraphBuilder();
  const x = g.input("x", [2, 3]);
  g.output("sums", g.one("ReduceSum", [g.mul(x, g.constant([2]))], { axes: [1], keepdims: 0 }));
  expect(printGraph(g.build()).split("\n")).toEqual([
    "input x float32[2, 3]",
    "constant constant_0 float32[] = 2",
    "Mul_0 float32[2, 3] = Mul(x, constant_0)",
    "ReduceSum_1 float32[2] = ReduceSum(Mul_0) {axes: 1; keepdims: 0}",
    "output sums = ReduceSum_1 float32[2]",
  ]);
});
