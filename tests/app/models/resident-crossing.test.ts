/** What a step carries between memory and a device, counted from its graphs for SmolLM2-135M's shapes: the figures of docs/adr/0012. */
import { expect, it } from "vitest";
import { elementCount } from "#app/graph/shapes.ts";
import type { Graph, Value } from "#app/graph/types.ts";
import { adapterTensors, type AdapterShape } from "#app/models/adapter.ts";
import { cacheTables } from "#app/models/cache-graphs.ts";
import { LINEAR_MODULES } from "#app/models/checkpoint-tensors.ts";
import type { Model } from "#app/models/decoder.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import { parameterShapes } from "#app/models/parameter-shapes.ts";
import { buildDecodeGraph, NEXT_TOKEN_OUTPUTS } from "#app/models/sampling-graphs.ts";
import { MOMENT_NAMES, sumName } from "#app/training/adamw-graph.ts";
import { buildPairTrainingGraph } from "#app/training/pair-graph.ts";
import { trainingSettingsSchema } from "#app/domain/training.ts";

const adapter: AdapterShape = { rank: 16, alpha: 32, targets: LINEAR_MODULES };
const config = parseModelConfig(
  {
    model_type: "llama",
    hidden_size: 576,
    intermediate_size: 1536,
    num_hidden_layers: 30,
    num_attention_heads: 9,
    num_key_value_heads: 3,
    hidden_act: "silu",
    max_position_embeddings: 8192,
    rms_norm_eps: 1e-5,
    rope_theta: 100_000,
    tie_word_embeddings: true,
    vocab_size: 49_152,
  },
  "SmolLM2-135M",
);
const shaped: Model = {
  config,
  adapter,
  weights: (g, name, shape) => g.weight(name, { path: "/model", offset: 0, length: 4 * elementCount(shape), shape, dataType: "float32" }),
};

const SIZES = { float32: 4, int64: 8, uint8: 1 } as const;

function bytesOf(values: readonly Value[]): number {
  return values.reduce((sum, { shape, dataType }) => sum + SIZES[dataType] * elementCount(shape), 0);
}

/** Inputs that are not on the device, and outputs that come back. */
function crossing(graph: Graph, resident: ReadonlySet<string>, back: (name: string) => boolean): number {
  return (
    bytesOf(graph.inputs.filter(({ name }) => !resident.has(name))) +
    bytesOf(graph.outputs.filter(({ name }) => back(name)).map(({ value }) => value))
  );
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e4) / 100;
const factors = new Set(adapterTensors(config, adapter).map(({ name }) => name));

it("a step of decoding 32 rows over caches of 512 positions carries 776 MB, and 0.15 MB where caches and adapter stay", () => {
  const [batch, length] = [32, 512];
  const small = new Set<string>([
    NEXT_TOKEN_OUTPUTS.topValues,
    NEXT_TOKEN_OUTPUTS.topIndices,
    NEXT_TOKEN_OUTPUTS.logSumExp,
    NEXT_TOKEN_OUTPUTS.logSumExpScaled,
  ]);
  const before = crossing(buildDecodeGraph(shaped, batch, length), new Set(), (name) => small.has(name) || name === NEXT_TOKEN_OUTPUTS.newKeysValues);
  const resident = new Set([...cacheTables(config, { batch, length }).keys(), ...factors]);
  const after = crossing(buildDecodeGraph(shaped, batch, length, "written"), resident, (name) => small.has(name));
  expect([megabytes(before), megabytes(after)]).toEqual([776.09, 0.15]);
});

it("a step of training, 16 runs of one pair of 512 tokens, carries 644 MB, and 19 MB where its state stays", () => {
  const objective = trainingSettingsSchema.parse({});
  const [bucket, runs] = [{ length: 512, rows: 256 }, 16];
  const before = crossing(buildPairTrainingGraph(shaped, 1, bucket, objective), new Set(), () => true);
  const names = [...parameterShapes(shaped).keys()];
  const resident = new Set(names.flatMap((name) => [name, sumName(name), MOMENT_NAMES.first(name), MOMENT_NAMES.second(name)]));
  const after = crossing(buildPairTrainingGraph(shaped, 1, bucket, objective, "summed"), resident, (name) => !name.startsWith("gradient:"));
  expect([megabytes(runs * before), megabytes(runs * after)]).toEqual([644.25, 19.04]);
});
