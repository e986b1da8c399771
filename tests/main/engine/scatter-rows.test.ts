/** Rows added into others by indices that come many times: no addition is lost, and the order of adding is always the same. */
import { Tensor } from "onnxruntime-node";
import { expect, it } from "vitest";
import { rngFor } from "#app/base/random.ts";
import { GraphBuilder } from "#app/graph/builder.ts";
import { openInferenceSession } from "#main/engine/runtime/onnx-session.ts";

/** As many rows and columns as a batch of a real model has: below that, the runtime does not share the work out. */
const [ROWS, COLUMNS, TARGETS] = [4096, 576, 50];

it("is the same to the bit whenever it runs, on several threads too", async () => {
  const g = new GraphBuilder();
  const [rows, indices] = [g.input("rows", [ROWS, COLUMNS]), g.input("indices", [ROWS], "int64")];
  g.output("sums", g.one("ScatterRows", [rows, indices], { rowCount: TARGETS }));
  const session = await openInferenceSession(g.build(), { threads: 4, fusion: "exact" }, "come back");
  const random = rngFor(1, "rows");
  const numbers = Float32Array.from({ length: ROWS * COLUMNS }, () => random.next() - 0.5);
  const targets = Array.from({ length: ROWS }, () => random.below(TARGETS));
  const expected = new Float32Array(TARGETS * COLUMNS);
  targets.forEach((target, row) => {
    for (let column = 0; column < COLUMNS; column += 1) {
      const at = target * COLUMNS + column;
      expected[at] = (expected[at] ?? 0) + (numbers[row * COLUMNS + column] ?? 0);
    }
  });
  const feeds = {
    rows: new Tensor("float32", numbers, [ROWS, COLUMNS]),
    indices: new Tensor("int64", BigInt64Array.from(targets, BigInt), [ROWS]),
  };
  try {
    for (let run = 0; run < 20; run += 1) expect((await session.run(feeds))["sums"]?.data).toEqual(expected);
  } finally {
    await session.release();
  }
});
