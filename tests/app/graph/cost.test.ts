/** What a run of a graph takes: products counted by hand, and what is alive at once. */
import { describe, expect, it } from "vitest";
import { GraphBuilder } from "#app/graph/builder.ts";
import { costOf } from "#app/graph/cost.ts";

describe("the cost of a graph", () => {
  it("counts two operations for each multiplication of a product, whichever way its factors lie", () => {
    const g = new GraphBuilder();
    const [a, b] = [g.input("a", [3, 5]), g.input("b", [5, 7])];
    g.output("plain", g.gemm(a, b));
    g.output("turned", g.gemm(g.input("at", [5, 3]), b, { transA: true }));
    g.output("stack", g.matMul(g.input("q", [2, 4, 3, 5]), g.input("k", [2, 4, 5, 7])));
    const product = 2 * 3 * 5 * 7;
    expect(costOf(g.build()).productFlops).toBe(product + product + 8 * product);
  });

  it("counts composites by what they are lowered to", () => {
    const g = new GraphBuilder();
    const [q, k, v] = [g.input("q", [1, 4, 6, 8]), g.input("k", [1, 2, 6, 8]), g.input("v", [1, 2, 6, 8])];
    g.output("y", g.one("Attention", [q, k, v, g.input("mask", [1, 1, 1, 6, 6])]));
    // q kᵀ and p v for 4 heads.
    expect(costOf(g.build()).productFlops).toBe(2 * (2 * 4 * 6 * 6 * 8));
  });

  it("keeps a value until its last reader, and inputs outside", () => {
    const g = new GraphBuilder();
    const x = g.input("x", [100, 1]);
    const kept = g.gemm(x, g.input("a", [1, 3]));
    const [first, second] = [g.gemm(kept, g.input("b", [3, 5])), g.gemm(kept, g.input("c", [3, 7]))];
    g.output("first", g.sum(first, [0, 1], false));
    g.output("second", g.sum(second, [0, 1], false));
    // The nodes stand in the order kept, first, second: all three are alive together.
    expect(costOf(g.build()).peakBytes).toBe(4 * 100 * (3 + 5 + 7));
  });

  it("lets an op write over what nobody reads any more, and sees through views", () => {
    const g = new GraphBuilder();
    const x = g.gemm(g.input("x", [10, 1]), g.input("a", [1, 10]));
    const turned = g.reshape(g.neg(g.one("Exp", [x])), [100]);
    g.output("y", g.one("Exp", [turned]));
    expect(costOf(g.build()).peakBytes).toBe(4 * 100);
    // Read once more later: it cannot be written over.
    g.output("z", g.mul(x, x));
    expect(costOf(g.build()).peakBytes).toBe(4 * 200);
  });

  it("counts what adding rows takes beside its sums: an index for each number, and a copy of it", () => {
    const g = new GraphBuilder();
    const rows = g.gemm(g.input("x", [100, 1]), g.input("a", [1, 7]));
    g.output("sums", g.one("ScatterRows", [rows, g.input("indices", [100], "int64")], { rowCount: 5 }));
    expect(costOf(g.build()).peakBytes).toBe(4 * 100 * 7 + 4 * 5 * 7 + 16 * 100 * 7);
  });

  it("frees at once what nobody reads", () => {
    const g = new GraphBuilder();
    const [y] = g.apply("RmsNorm", [g.input("x", [4, 8]), g.input("w", [8])], { epsilon: 1e-5 });
    if (y !== undefined) g.output("y", y);
    const { peakBytes } = costOf(g.build());
    // x², then its mean and what becomes of it, and two products by rows.
    expect(peakBytes).toBeLessThanOrEqual(4 * (2 * 32 + 4));
    expect(peakBytes).toBeGreaterThanOrEqual(4 * 36);
  });
});
