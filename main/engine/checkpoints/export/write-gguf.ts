/** Writes a policy as one GGUF file: merged weights, configuration, tokenizer and chat template. */
import { basename } from "node:path";
import { CancelledError, ConfigError, InternalError } from "#app/base/errors.ts";
import { checkpointTensors } from "#app/models/checkpoint-tensors.ts";
import { familyOf } from "#app/models/families.ts";
import type { Family } from "#app/models/family.ts";
import { type ModelConfig, parseModelConfig } from "#app/models/model-config.ts";
import { elementCount } from "#app/graph/shapes.ts";
import { exportWords } from "#app/text/exports.ts";
import { ggufName, interleavedHeadsOf, isNorm, ROPE_FACTORS } from "../gguf-names.ts";
import type { OpenCheckpoint } from "../open-checkpoint.ts";
import { ropeFactors } from "../rope-factors.ts";
import { writeAtomically } from "../safetensors.ts";
import { addToEach, interleaveRotaryHalves } from "./encode-weights.kernel.ts";
import { encodeGgufHeader, type GgufMetadata, type GgufTensorPlan, type GgufValue, padded } from "./gguf-header.ts";
import { tokenizerEntries } from "./gguf-tokenizer-entries.ts";
import { columnsOf, mergedRows, type PolicyWeightFiles } from "./merged-rows.ts";
import { encodeBlocks, type Precision, WRITE_FORMATS, type WriteFormat } from "./write-formats.ts";
import type { ExportHooks } from "./write-hugging-face.ts";

/** llama.cpp's number for what most of a file's weights are. */
const FILE_TYPES: { readonly [P in Precision]: number } = { f32: 0, f16: 1, q8_0: 7, bf16: 32 };
const QUANTISATION_VERSION = 2;

/** Throws ConfigError for a model or tokenizer that llama.cpp has no way to say, CancelledError. The file appears whole or not at all. */
export async function writeGgufFile(
  path: string,
  checkpoint: OpenCheckpoint,
  weights: PolicyWeightFiles,
  precision: Precision,
  hooks: ExportHooks,
): Promise<void> {
  const config = parseModelConfig(checkpoint.config, checkpoint.record.path);
  const family = familyOf(modelTypeOf(checkpoint.config), checkpoint.record.path);
  const metadata = metadataOf(path, family, config, checkpoint, precision);
  const tensors = [...planTensors(family, config, precision), ...ropeFactorTensors(config)];
  const header = encodeGgufHeader(
    metadata,
    tensors.map(({ plan }) => plan),
  );
  const totalBytes = tensors.reduce((sum, { plan }) => sum + padded(plan.bytes), header.length);
  await writeAtomically(path, async (file) => {
    await file.writeFile(header);
    let doneBytes = header.length;
    for (const { plan, pieces } of tensors) {
      let written = 0;
      for await (const bytes of pieces(weights)) {
        await hooks.breathe();
        if (hooks.isCancelled()) throw new CancelledError();
        await file.writeFile(bytes);
        written += bytes.length;
        hooks.onBytes(doneBytes + written, totalBytes);
      }
      if (written !== plan.bytes) throw new InternalError(`expected ${plan.bytes} bytes for ${plan.name}, wrote ${written}`);
      await file.writeFile(new Uint8Array(padded(written) - written));
      doneBytes += padded(written);
    }
  });
}

function modelTypeOf(config: unknown): string {
  return typeof config === "object" && config !== null && "model_type" in config ? String(config.model_type) : "";
}

function metadataOf(path: string, family: Family, config: ModelConfig, checkpoint: OpenCheckpoint, precision: Precision): GgufMetadata {
  const [architecture] = family.gguf.architectures;
  if (architecture === undefined) throw new ConfigError(exportWords.familyUnknown(family.modelType));
  const { scaling } = config.ropes[0] ?? { scaling: { kind: "none" as const } };
  const window = Math.min(...config.layers.map((layer) => layer.window ?? Infinity));
  const uint32 = (value: number): GgufValue => ({ type: "uint32", value });
  const entries: readonly (readonly [string, GgufValue])[] = [
    ["block_count", uint32(config.layerCount)],
    // Where llama.cpp knows of no window, only as many positions as see each other in both.
    ["context_length", uint32(family.gguf.hasWindows === true ? config.maxPositions : Math.min(config.maxPositions, window))],
    ["embedding_length", uint32(config.hiddenSize)],
    ["feed_forward_length", uint32(config.intermediateSize)],
    ["attention.head_count", uint32(config.headCount)],
    ["attention.head_count_kv", uint32(config.kvHeadCount)],
    ["attention.key_length", uint32(config.headSize)],
    ["attention.value_length", uint32(config.headSize)],
    ["attention.layer_norm_rms_epsilon", { type: "float32", value: config.rmsEpsilon }],
    ["rope.dimension_count", uint32(config.headSize)],
    ["rope.freq_base", { type: "float32", value: config.ropes[0]?.theta ?? 10_000 }],
    ["vocab_size", uint32(config.vocabularySize)],
    ...(scaling.kind === "linear"
      ? ([
          ["rope.scaling.type", { type: "string", value: "linear" }],
          ["rope.scaling.factor", { type: "float32", value: scaling.factor }],
        ] as const)
      : []),
    ...(family.gguf.entries?.(config) ?? []).map(({ key, type, value }) => [key, { type, value } as GgufValue] as const), // a family names the type that its value has
  ];
  return new Map<string, GgufValue>([
    ["general.architecture", { type: "string", value: architecture }],
    ["general.type", { type: "string", value: "model" }],
    ["general.name", { type: "string", value: basename(path).replace(/\.gguf$/iu, "") }],
    ["general.file_type", uint32(FILE_TYPES[precision])],
    ["general.quantization_version", uint32(QUANTISATION_VERSION)],
    ...entries.map(([key, value]) => [`${architecture}.${key}`, value] as const),
    ...tokenizerEntries(checkpoint.tokenizerFiles, config.vocabularySize),
  ]);
}

type PlannedTensor = { readonly plan: GgufTensorPlan; readonly pieces: (weights: PolicyWeightFiles) => AsyncIterable<Uint8Array> };

function planTensors(family: Family, config: ModelConfig, precision: Precision): readonly PlannedTensor[] {
  return [...checkpointTensors(config)].map(([name, shape]) => {
    const stored = ggufName(family, name);
    if (stored === undefined) throw new InternalError(`expected a name of llama.cpp's for ${name}`);
    const format = formatFor(shape, precision);
    const bytes = (elementCount(shape) / format.blockWeights) * format.blockBytes;
    const heads = interleavedHeadsOf(family, name, config);
    const offset = config.hasOffsetNorms && isNorm(name) ? 1 : 0;
    return {
      plan: { name: stored, shape, type: format.ggufType, bytes },
      pieces: (weights) => encodedRows(weights, name, format, { heads, offset, columns: columnsOf(shape) }),
    };
  });
}

/** Lists stay float32; rows that are no whole number of blocks, float16, as llama.cpp does. */
function formatFor(shape: readonly number[], precision: Precision): WriteFormat {
  if (shape.length < 2) return WRITE_FORMATS.f32;
  const format = WRITE_FORMATS[precision];
  return columnsOf(shape) % format.blockWeights === 0 ? format : WRITE_FORMATS.f16;
}

type RowForm = { readonly heads: number | null; readonly offset: number; readonly columns: number };

async function* encodedRows(weights: PolicyWeightFiles, name: string, format: WriteFormat, form: RowForm): AsyncGenerator<Uint8Array> {
  const { heads, offset } = form;
  // A list's entries change places as rows of one weight do.
  const columns = weights.tensors.get(name)?.shape.length === 1 ? 1 : form.columns;
  const whole: Float32Array[] = [];
  for await (const rows of mergedRows(weights, name)) {
    if (offset !== 0) addToEach(rows, offset);
    if (heads === null) yield encodeBlocks(rows, format, name);
    else whole.push(rows);
  }
  if (heads === null) return;
  const rows = joined(whole);
  const interleaved = new Float32Array(rows.length);
  interleaveRotaryHalves(rows, interleaved, heads, columns);
  yield encodeBlocks(interleaved, format, name);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** llama.cpp has no key for Llama 3's rule; it reads the factors themselves. */
function ropeFactorTensors(config: ModelConfig): readonly PlannedTensor[] {
  const { scaling } = config.ropes[0] ?? {};
  if (scaling?.kind !== "llama3") return [];
  const factors = ropeFactors(config, scaling);
  const bytes = new Uint8Array(factors.buffer, factors.byteOffset, factors.byteLength);
  return [
    {
      plan: { name: ROPE_FACTORS, shape: [factors.length], type: WRITE_FORMATS.f32.ggufType, bytes: bytes.length },
      pieces: async function* () {
        yield await Promise.resolve(bytes);
      },
    },
  ];
}
