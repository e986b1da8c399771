/** What a run of a graph spends its time on, by ONNX Runtime's own clock around each kernel. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import * as z from "zod";
import type { Graph } from "#app/graph/types.ts";
import { encodedFor, runInferenceSession, type SessionOptions } from "#main/engine/runtime/onnx-session.ts";
import { feedsOf } from "./graph-feeds.ts";

const eventsSchema = z.array(
  z.object({ cat: z.string(), name: z.string(), dur: z.number(), args: z.object({ op_name: z.string().optional() }).optional() }),
);

/** Milliseconds a run by kind of op, the longest first; what is between kernels is in none. */
export async function profileRuns(graph: Graph, outputs: readonly string[], options: SessionOptions, runs: number): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), "nashlab-profile-"));
  try {
    const { model, how } = encodedFor(graph, options, "come back");
    const session = await InferenceSession.create(model, { ...how, enableProfiling: true, profileFilePrefix: join(folder, "run") });
    const shapes = new Map(graph.inputs.map(({ name, shape }) => [name, shape]));
    const feeds = Object.fromEntries(
      [...feedsOf(graph.inputs)].map(([name, numbers]) => [
        name,
        numbers instanceof Float32Array ? new Tensor("float32", numbers, shapes.get(name)) : new Tensor("int64", numbers, shapes.get(name)),
      ]),
    );
    const fetched = Object.fromEntries(outputs.map((name) => [name, null]));
    for (let i = 0; i < runs; i++) await runInferenceSession(session, feeds, fetched, options);
    session.endProfiling();
    await session.release();
    return msByOp(join(folder, readdirSync(folder)[0] ?? ""), runs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function msByOp(path: string, runs: number): Record<string, number> {
  const events = eventsSchema.parse(
    (JSON.parse(readFileSync(path, "utf8")) as readonly Readonly<Record<string, unknown>>[]).filter(({ cat }) => cat === "Node"), // ONNX Runtime writes a list
  );
  const sums = new Map<string, number>();
  for (const { name, dur, args } of events) {
    const op = args?.op_name;
    if (op !== undefined && name.endsWith("_kernel_time")) sums.set(op, (sums.get(op) ?? 0) + dur / 1000 / runs);
  }
  return Object.fromEntries([...sums].toSorted(([, a], [, b]) => b - a));
}
