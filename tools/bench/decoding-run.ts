/** Measures a decoding step at one size in a process of its own, so that its peak memory is its own; prints a report as JSON. */
import { resourceUsage } from "node:process";
import * as z from "zod";
import { weightsFromFiles } from "#app/models/decoder.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import { buildDecodeGraph, NEXT_TOKEN_OUTPUTS } from "#app/models/sampling-graphs.ts";
import { openCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { heldBytes } from "#main/engine/runtime/process-memory.ts";
import { createRuntimeSession } from "#main/engine/runtime/runtime-session.ts";
import { nextTokenOutputs } from "#main/engine/sampling/next-token.ts";
import { feedsOf } from "./graph-feeds.ts";

const jobSchema = z.strictObject({ model: z.string(), cacheDir: z.string(), rows: z.int(), cacheLength: z.int(), steps: z.int() });
export type DecodingJob = Readonly<z.infer<typeof jobSchema>>;

const job = jobSchema.parse(JSON.parse(process.argv[2] ?? "null"));
const { tensors, config: described } = await openCheckpoint(job.model, { cacheDir: job.cacheDir });
const model = { config: parseModelConfig(described, job.model), weights: weightsFromFiles(tensors), adapter: null };
const bytesBefore = heldBytes();
const graph = buildDecodeGraph(model, job.rows, job.cacheLength);
const session = await createRuntimeSession(graph, { threads: 1, fusion: "fast" });
const feeds = feedsOf(graph.inputs);
const outputs = [...nextTokenOutputs(false), NEXT_TOKEN_OUTPUTS.newKeysValues];
const cpuMs: number[] = [];
// The first touches pages and caches.
for (let step = -1; step < job.steps; step++) {
  const before = process.cpuUsage();
  await session.run(feeds, outputs);
  const { user, system } = process.cpuUsage(before);
  if (step >= 0) cpuMs.push((user + system) / 1000);
}
process.stdout.write(JSON.stringify({ cpuMs: Math.min(...cpuMs), bytes: resourceUsage().maxRSS * 1024 - bytesBefore }));
