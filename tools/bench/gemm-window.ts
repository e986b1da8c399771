/** The machine's own rate of float32 products, through the runtime that training uses: what its speed is a share of. */
import { GraphBuilder } from "#app/graph/builder.ts";
import { costOf } from "#app/graph/cost.ts";
import { elementCount } from "#app/graph/shapes.ts";
import { createRuntimeSession } from "#main/engine/runtime/runtime-session.ts";

/** Rows, inputs, outputs: of a layer of SmolLM2-135M at 512 tokens, and a square. */
const SHAPES = [
  [512, 576, 1536],
  [512, 1536, 576],
  [1024, 1024, 1024],
] as const;

export type GemmWindow = {
  /** Runs products for about so long, and returns the rate of the fastest shape in operations a second. */
  measure(windowMs: number): Promise<number>;
  release(): Promise<void>;
};

export async function createGemmWindow(threads: number): Promise<GemmWindow> {
  const products = await Promise.all(
    SHAPES.map(async ([rows, inputs, outputs]) => {
      const g = new GraphBuilder();
      g.output("y", g.gemm(g.input("x", [rows, inputs]), g.input("w", [outputs, inputs]), { transB: true }));
      const graph = g.build();
      const feeds = new Map(graph.inputs.map(({ name, shape }) => [name, new Float32Array(elementCount(shape)).fill(0.5)]));
      return { session: await createRuntimeSession(graph, { threads, fusion: "exact" }), feeds, flops: costOf(graph).productFlops };
    }),
  );
  return {
    measure: async (windowMs) => {
      const rates: number[] = [];
      for (const { session, feeds, flops } of products) {
        const startedAt = performance.now();
        let runs = 0;
        do {
          await session.run(feeds, ["y"]);
          runs += 1;
        } while (performance.now() - startedAt < windowMs / products.length);
        rates.push((1000 * runs * flops) / (performance.now() - startedAt));
      }
      return Math.max(...rates);
    },
    release: async () => {
      for (const { session } of products) await session.release();
    },
  };
}
