/** How a graph is spelled for ONNX Runtime: transposed factors of products, composites whole, rows added in order, and the order in which nodes are to run. */
import { describe, expect, it } from "vitest";
import { GraphBuilder } from "#app/graph/builder.ts";
import { lower } from "#app/graph/lower.ts";
import { wholeComposites } from "#app/graph/onnx/composite-nodes.ts";
import { type OnnxOptions, onnxNodes } from "#app/graph/onnx/onnx-nodes.ts";
import { interpret } from "#app/graph/reference/interpret.ts";
import { tensor } from "#app/graph/reference/tensor.ts";
import type { Graph } from "#app/graph/types.ts";
import { runOnnx } from "#tests/support/onnx-runtime.ts";

/** aᵀ b, a b, a cᵀ and aᵀ as an output beside. */
function productGraph(): Graph {
  const g = new GraphBuilder();
  const [a, b, c] = [g.input("a", [2, 3, 4]), g.input("b", [2, 3, 5]), g.input("c", [2, 5, 4])];
  g.output("left", g.matMul(g.swapLast(a), b));
  g.output("right", g.matMul(a, g.swapLast(c)));
  const shown = g.swapLast(b);
  g.output("both", g.matMul(shown, a));
  g.output("shown", shown);
  // Turns another pair of axes.
  g.output("other", g.matMul(g.transpose(b, [2, 1, 0]), g.transpose(g.input("d", [6, 2]), [1, 0])));
  return g.build();
}

const feeds = new Map(
  [
    ["a", [2, 3, 4]],
    ["b", [2, 3, 5]],
    ["c", [2, 5, 4]],
    ["d", [6, 2]],
  ].map(([name, shape]) => {
    const dims = shape as number[]; // of the pairs above
    const count = dims.reduce((product, dim) => product * dim, 1);
    return [
      name as string,
      tensor(
        dims,
        Array.from({ length: count }, (_, i) => Math.sin(i + count)),
      ),
    ];
  }),
);

describe("products with transposed factors", () => {
  it("are the same read as they lie", async () => {
    const graph = productGraph();
    const [wanted, got] = [interpret(graph, feeds), await runOnnx(graph, feeds, { fusesTransposes: true })];
    expect([...got.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [name, { shape, numbers }] of wanted) {
      expect(got.get(name)?.shape).toEqual(shape);
      numbers.forEach((number, i) => {
        expect(Math.abs((got.get(name)?.numbers[i] ?? Number.NaN) - number), `${name}[${i}]`).toBeLessThan(1e-6);
      });
    }
  });

  it("make no copy, but where the transposed value is an output or other axes are turned", () => {
    const opsOf = (options?: Parameters<typeof onnxNodes>[1]) => onnxNodes(productGraph(), options).nodes.map((node) => node.opType);
    const count = (ops: readonly string[], op: string): number => ops.filter((one) => one === op).length;
    expect(count(opsOf(), "Transpose")).toBe(5);
    expect(count(opsOf(), "FusedMatMul")).toBe(0);
    const fused = opsOf({ fusesTransposes: true });
    expect(count(fused, "Transpose")).toBe(2);
    expect(count(fused, "FusedMatMul")).toBe(3);
  });
});

/** Two rotations by the same tables, a norm, and a norm of whose second output is made use as a gradient does. */
function compositeGraph(): Graph {
  const g = new GraphBuilder();
  const [x, cos, sin, weight] = [g.input("x", [2, 3, 5, 8]), g.input("cos", [2, 1, 5, 4]), g.input("sin", [2, 1, 5, 4]), g.input("weight", [8])];
  g.output("turned", g.one("Rope", [x, cos, sin], { inverse: 0 }));
  g.output("again", g.one("Rope", [g.neg(x), cos, sin], { inverse: 0 }));
  g.output("back", g.one("Rope", [x, cos, sin], { inverse: 1 }));
  g.output("normed", g.one("RmsNorm", [x, weight], { epsilon: 1e-2 }));
  const [other, inverseRms] = g.apply("RmsNorm", [g.one("Exp", [x]), weight], { epsilon: 1e-2 });
  if (other === undefined || inverseRms === undefined) throw new Error("expected two outputs");
  g.output("differentiated", g.mul(other, inverseRms));
  return g.build();
}

const compositeFeeds = new Map(
  Object.entries({ x: [2, 3, 5, 8], cos: [2, 1, 5, 4], sin: [2, 1, 5, 4], weight: [8] }).map(([name, dims]) => {
    const count = dims.reduce((product, dim) => product * dim, 1);
    return [
      name,
      tensor(
        dims,
        Array.from({ length: count }, (_, i) => Math.sin(1 + i * i + name.length)),
      ),
    ];
  }),
);

describe("composite ops written whole", () => {
  it("are the same to 1e-5 of their reference", async () => {
    const graph = compositeGraph();
    const [wanted, got] = [interpret(graph, compositeFeeds), await runOnnx(graph, compositeFeeds, { keepsComposites: true })];
    for (const [name, { shape, numbers }] of wanted) {
      expect(got.get(name)?.shape).toEqual(shape);
      numbers.forEach((number, i) => {
        expect(Math.abs((got.get(name)?.numbers[i] ?? Number.NaN) - number), `${name}[${i}]`).toBeLessThan(1e-5);
      });
    }
  });

  it("are ONNX's ops where it has them: no rotation back, no norm for a gradient, tables shaped once", () => {
    const opsOf = (options: OnnxOptions) => {
      const graph = compositeGraph();
      return onnxNodes(lower(graph, wholeComposites(graph, options)), options).nodes.map((node) => node.opType);
    };
    const count = (ops: readonly string[], op: string): number => ops.filter((one) => one === op).length;
    const [whole, lowered] = [opsOf({ keepsComposites: true }), opsOf({})];
    expect([count(whole, "RotaryEmbedding"), count(whole, "RMSNormalization"), count(whole, "Reshape"), count(whole, "Reciprocal")]).toEqual([
      2, 1, 2, 1,
    ]);
    expect([count(lowered, "RotaryEmbedding"), count(lowered, "RMSNormalization"), count(lowered, "Reciprocal")]).toEqual([0, 0, 2]);
  });
});

describe("rows added into others", () => {
  const g = new GraphBuilder();
  g.output("sums", g.one("ScatterRows", [g.input("rows", [6, 3]), g.input("indices", [6], "int64")], { rowCount: 5 }));
  const graph = g.build();
  const rows = new Map([
    [
      "rows",
      tensor(
        [6, 3],
        Array.from({ length: 18 }, (_, i) => Math.sin(1 + i)),
      ),
    ],
    ["indices", tensor([6], [4, 0, 4, 2, 4, 0])],
  ]);

  it.each([{ addsInOrder: true }, {}])("are summed where an index comes again, and 0 where it never comes: %j", async (options) => {
    const [wanted, got] = [interpret(graph, rows).get("sums"), (await runOnnx(graph, rows, options)).get("sums")];
    expect(got?.shape).toEqual([5, 3]);
    wanted?.numbers.forEach((number, i) => {
      expect(got?.numbers[i], `[${i}]`).toBeCloseTo(number, 6);
    });
    expect([...(got?.numbers.slice(3, 6) ?? [])]).toEqual([0, 0, 0]);
  });

  it("are added one after the other where that is asked for", () => {
    const opsOf = (options: OnnxOptions): string[] => onnxNodes(graph, options).nodes.map((node) => node.opType);
    expect(opsOf({})).toEqual(["ConstantOfShape", "Reshape", "ScatterND", "Identity"]);
    expect(opsOf({ addsInOrder: true })).toEqual(["ConstantOfShape", "Reshape", "Expand", "ScatterElements", "Identity"]);
  });
});

describe("the order in the file", () => {
  it("ends with what no node reads, the last to run first", () => {
    const g = new GraphBuilder();
    const x = g.input("x", [2, 2]);
    const [first, chain] = [g.gemm(x, x), g.neg(x)];
    const second = g.gemm(chain, x);
    g.output("first", first);
    g.output("second", second);
    g.output("chain", chain);
    const { nodes } = onnxNodes(g.build());
    const made = nodes.map((node) => node.outputs[0]);
    expect(made).toEqual([chain.name, second.name, first.name, "chain", "second", "first"]);
  });
});
