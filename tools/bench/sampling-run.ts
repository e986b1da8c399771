/** Measures sampling on SmolLM2-135M in one process: the kernel of products in 8 bits, the bare decoding graph, and the whole sampler. */
import { appendFileSync, writeFileSync } from "node:fs";
import type { PromptId } from "#app/base/ids.ts";
import { createTokenizer } from "#app/decoding/tokenizer.ts";
import { samplingSettingsSchema } from "#app/domain/sampling.ts";
import { GraphBuilder } from "#app/graph/builder.ts";
import { costOf } from "#app/graph/cost.ts";
import { QUANTISED_BLOCK } from "#app/graph/op-table.ts";
import { weightsFromFiles } from "#app/models/decoder.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import { ropeFrequencies } from "#app/models/rope-tables.kernel.ts";
import { buildDecodeGraph, NEXT_TOKEN_OUTPUTS } from "#app/models/sampling-graphs.ts";
import { openCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { quantiseWeights } from "#main/engine/checkpoints/quantise-weights.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";
import { createRuntimeSession, type Numbers, type RuntimeSession } from "#main/engine/runtime/runtime-session.ts";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import { nextTokenOutputs } from "#main/engine/sampling/next-token.ts";
import { sampleResponses } from "#main/engine/sampling/sample-responses.ts";
import { feedsOf } from "./graph-feeds.ts";
import { profileRuns } from "./step-profile.ts";
import { CACHE_LENGTH, NEW_TOKENS, PROMPT_WORDS, type SamplingJob, type SamplingReport } from "./sampling-shapes.ts";

const [text] = process.argv.slice(2);
if (text === undefined) throw new Error("expected a job as JSON");
const job = JSON.parse(text) as SamplingJob; // written by tools/tasks/bench-sampling.ts
const { threads, repeats } = job;

const opened = await openCheckpoint(job.model, { cacheDir: job.cacheDir });
const config = parseModelConfig(opened.config, job.model);
const tokenizer = { ...createTokenizer(opened.tokenizerFiles), eosIds: new Set<number>() };
const exact: PolicyModel = {
  key: "exact",
  model: { config, weights: weightsFromFiles(opened.tensors), adapter: null },
  factors: new Map(),
  frequencies: ropeFrequencies(config),
};
const place = { hash: opened.record.hash, cacheDir: job.cacheDir };
const quantised = await quantiseWeights(opened.tensors, config, place, { onBytes: () => undefined, isCancelled: () => false });
const policies = { float32: exact, "8bit": { ...exact, key: "8bit", model: { ...exact.model, quantised } } } as const;

const PROFILED_RUNS = 10;

/** Milliseconds of each of so many runs. */
async function timesOf(session: RuntimeSession, feeds: ReadonlyMap<string, Numbers>, outputs: readonly string[], runs: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const startedAt = performance.now();
    await session.run(feeds, outputs);
    times.push(performance.now() - startedAt);
  }
  return times;
}

/** Operations a second of products of 32 rows in 8 bits: the shapes of a layer, whose weights are constants as in a model. */
async function measureProducts(): Promise<{ readonly session: RuntimeSession; readonly feeds: Map<string, Numbers>; readonly flops: number }> {
  const g = new GraphBuilder();
  const path = `${job.cacheDir}/bench-codes.bin`;
  const [width, inner] = [config.hiddenSize, config.intermediateSize];
  const shapes = [
    [width, inner],
    [inner, width],
    [width, width],
  ] as const;
  const codeBytes = Math.max(...shapes.map(([k, n]) => n * Math.ceil(k / QUANTISED_BLOCK) * QUANTISED_BLOCK));
  const scaleCount = codeBytes / QUANTISED_BLOCK;
  writeFileSync(
    path,
    Uint8Array.from({ length: codeBytes }, (_, i) => (i * 37) % 256),
  );
  appendFileSync(path, new Uint8Array(new Float32Array(scaleCount).fill(1e-3).buffer));
  const outputs = shapes.map(([k, n], i) => {
    const blocks = Math.ceil(k / QUANTISED_BLOCK);
    const codes = g.weight(`codes_${i}`, {
      path,
      offset: 0,
      length: n * blocks * QUANTISED_BLOCK,
      shape: [n, blocks, QUANTISED_BLOCK],
      dataType: "uint8",
    });
    const scales = g.weight(`scales_${i}`, { path, offset: codeBytes, length: 4 * n * blocks, shape: [n * blocks], dataType: "float32" });
    return g.one("QuantisedGemm", [g.input(`x_${i}`, [32, k]), codes, scales], { accuracyLevel: 4 });
  });
  outputs.forEach((output, i) => {
    g.output(`y_${i}`, g.sum(output, [0, 1]));
  });
  const graph = g.build();
  return { session: await createRuntimeSession(graph, { threads, fusion: "fast" }), feeds: feedsOf(graph.inputs), flops: costOf(graph).productFlops };
}

async function bareSteps(precision: keyof typeof policies, rows: number) {
  const graph = buildDecodeGraph(policies[precision].model, rows, CACHE_LENGTH);
  const session = await createRuntimeSession(graph, { threads, fusion: "fast" });
  return {
    graph,
    session,
    feeds: feedsOf(graph.inputs),
    flops: costOf(graph).productFlops,
    outputs: [...nextTokenOutputs(false), NEXT_TOKEN_OUTPUTS.newKeysValues],
  };
}

/** Tokens a second of the whole sampler once every row has its first token; the first call makes the sessions. */
async function sample(
  precision: keyof typeof policies,
  responses: number,
  sessions: ReturnType<typeof createSessionCache>,
  newTokens: number,
): Promise<number> {
  const content = Array.from({ length: PROMPT_WORDS }, (_, i) => `word${i % 10}`).join(" ");
  let [startedAt, startedWith, done, characters] = [0, 0, 0, 0];
  await sampleResponses(
    {
      policy: policies[precision],
      tokenizer,
      sessions,
      settings: samplingSettingsSchema.parse({ temperature: 0.8, topP: 0.95, maxNewTokens: newTokens }),
      units: Array.from({ length: responses }, (_, sampleIndex) => ({
        promptId: "bench" as PromptId,
        messages: [{ role: "user" as const, content }],
        sampleIndex,
        seed: sampleIndex,
      })),
    },
    {
      sampled: (response) => {
        characters += response.text.length;
      },
      skipped: ({ reason }) => {
        throw new Error(reason);
      },
      isCancelled: () => false,
      breathe: (tokensDone) => {
        if (tokensDone === responses) [startedAt, startedWith] = [performance.now(), tokensDone];
        done = tokensDone;
        return Promise.resolve();
      },
    },
  );
  if (characters === 0) throw new Error("expected text");
  return (1000 * (done - startedWith)) / (performance.now() - startedAt);
}

const products = await measureProducts();
const report: SamplingReport = { productRates: [], productFlops: products.flops, runs: [] };
for (const rows of [32, 1] as const) {
  for (const precision of ["8bit", "float32"] as const) {
    // A lone row is padded to two.
    const bare = await bareSteps(precision, Math.max(2, rows));
    const sessions = createSessionCache(3, { threads, fusion: "fast" });
    await timesOf(bare.session, bare.feeds, bare.outputs, 3);
    await sample(precision, rows, sessions, 3);
    const [bareMs, samplerRates]: [number[], number[]] = [[], []];
    for (let repeat = 0; repeat < repeats; repeat++) {
      report.productRates.push(...(await timesOf(products.session, products.feeds, ["y_0", "y_1", "y_2"], 60)));
      bareMs.push(...(await timesOf(bare.session, bare.feeds, bare.outputs, rows === 1 ? 30 : 12)));
      samplerRates.push(await sample(precision, rows, sessions, NEW_TOKENS));
    }
    const told = `${Math.min(...bareMs).toFixed(1)} ms a bare step, ${Math.max(...samplerRates).toFixed(0)} tokens/s`;
    process.stderr.write(`bench-sampling: ${rows} rows in ${precision}: ${told}\n`);
    await bare.session.release();
    await sessions.release();
    // Its clock around each kernel costs time: a session of its own, after what was measured.
    const opMs = await profileRuns(bare.graph, bare.outputs, { threads, fusion: "fast" }, PROFILED_RUNS);
    report.runs.push({ rows, precision, flops: bare.flops, bareMs, samplerRates, opMs });
  }
}
process.stdout.write(JSON.stringify(report));
