/** A GGUF file of the Llama family in Hugging Face's terms: configuration, tensor names, row order. */
import { realpath } from "node:fs/promises";
import { ConfigError, DataError } from "#app/base/errors.ts";
import { canonicalJson } from "#app/base/json.ts";
import type { CheckpointSource, StoredTensor } from "./checkpoint-source.ts";
import { type GgufFile, readGguf } from "./gguf-file.ts";
import { tokenizerFilesOf } from "./gguf-tokenizer.ts";

/** Hugging Face's module for each of llama.cpp's, within a layer. */
const LAYER_MODULES: ReadonlyMap<string, string> = new Map([
  ["attn_norm", "input_layernorm"],
  ["ffn_norm", "post_attention_layernorm"],
  ["attn_q", "self_attn.q_proj"],
  ["attn_k", "self_attn.k_proj"],
  ["attn_v", "self_attn.v_proj"],
  ["attn_output", "self_attn.o_proj"],
  ["ffn_gate", "mlp.gate_proj"],
  ["ffn_up", "mlp.up_proj"],
  ["ffn_down", "mlp.down_proj"],
]);

const TOP_NAMES: ReadonlyMap<string, string> = new Map([
  ["token_embd.weight", "model.embed_tokens.weight"],
  ["output_norm.weight", "model.norm.weight"],
  ["output.weight", "lm_head.weight"],
]);

/** Throws ConfigError for another architecture, DataError for a file that cannot be read. `namedPath` is what the user named. */
export async function readGgufCheckpoint(path: string, namedPath: string): Promise<CheckpointSource> {
  const file = await readGguf(path);
  const real = await realpath(path);
  const config = configOf(path, file);
  const tensors = new Map<string, StoredTensor>();
  for (const { name, shape, format, offset, length } of file.tensors) {
    const known = huggingFaceName(name);
    if (known !== undefined) tensors.set(known, { path: real, offset, length, shape, format, interleavedHeads: interleavedHeads(known, config) });
  }
  const { sizeBytes, modifiedAtMs, headerBytes } = file;
  return {
    path: namedPath,
    configPlace: path,
    config,
    tokenizerFiles: { ...tokenizerFilesOf(path, file.metadata), modelConfig: config },
    // All of it stands in the header, which is hashed; this names the reading of it.
    descriptions: new Map([["config.json", canonicalJson(config)]]),
    weightFiles: [{ path: real, sizeBytes, modifiedAtMs, headerBytes }],
    tensors,
  };
}

function huggingFaceName(name: string): string | undefined {
  const top = TOP_NAMES.get(name);
  if (top !== undefined) return top;
  const [, layer, module, kind] = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(name) ?? [];
  const known = module === undefined ? undefined : LAYER_MODULES.get(module);
  return layer === undefined || known === undefined || kind === undefined ? undefined : `model.layers.${layer}.${known}.${kind}`;
}

function interleavedHeads(name: string, config: LlamaConfig): number | null {
  if (name.includes(".q_proj.")) return config.num_attention_heads;
  return name.includes(".k_proj.") ? config.num_key_value_heads : null;
}

type LlamaConfig = ReturnType<typeof configOf>;

/** The members of a Hugging Face config.json that this metadata determines. */
function configOf(path: string, { metadata, tensors }: GgufFile) {
  const architecture = metadata.get("general.architecture");
  if (architecture !== "llama") throw new ConfigError(`${path}: expected a GGUF of the architecture llama, got ${String(architecture)}`, { path });
  const named = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  if (named.has("rope_freqs.weight")) {
    throw new ConfigError(
      `${path}: expected plain rotary positions, got scaled ones (rope_freqs.weight), whose rule a GGUF does not say; use the checkpoint's Hugging Face folder`,
      { path },
    );
  }
  if (optionalNumber(metadata, "llama.expert_count", 0) > 0)
    throw new ConfigError(`${path}: expected a dense model, got a mixture of experts`, { path });
  const number = (key: string): number => requiredNumber(path, metadata, key);
  const heads = number("llama.attention.head_count");
  const hidden = number("llama.embedding_length");
  const vocabulary = named.get("token_embd.weight")?.shape[0];
  if (vocabulary === undefined) throw new DataError(`${path}: expected a tensor token_embd.weight, found none`, { path });
  return {
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    hidden_act: "silu",
    hidden_size: hidden,
    intermediate_size: number("llama.feed_forward_length"),
    num_hidden_layers: number("llama.block_count"),
    num_attention_heads: heads,
    num_key_value_heads: optionalNumber(metadata, "llama.attention.head_count_kv", heads),
    head_dim: optionalNumber(metadata, "llama.attention.key_length", optionalNumber(metadata, "llama.rope.dimension_count", hidden / heads)),
    max_position_embeddings: number("llama.context_length"),
    rms_norm_eps: shortFloat(number("llama.attention.layer_norm_rms_epsilon")),
    rope_theta: shortFloat(optionalNumber(metadata, "llama.rope.freq_base", 10_000)),
    rope_scaling: ropeScaling(metadata),
    vocab_size: vocabulary,
    tie_word_embeddings: !named.has("output.weight"),
    attention_bias: named.has("blk.0.attn_q.bias"),
    mlp_bias: named.has("blk.0.ffn_up.bias"),
    bos_token_id: optionalId(metadata, "tokenizer.ggml.bos_token_id"),
    eos_token_id: optionalId(metadata, "tokenizer.ggml.eos_token_id"),
    pad_token_id: optionalId(metadata, "tokenizer.ggml.padding_token_id"),
    torch_dtype: "float32",
  };
}

function ropeScaling(metadata: ReadonlyMap<string, unknown>): { readonly rope_type: string; readonly factor: number } | null {
  const kind = metadata.get("llama.rope.scaling.type");
  if (typeof kind !== "string" || kind === "none") return null;
  return { rope_type: kind, factor: optionalNumber(metadata, "llama.rope.scaling.factor", 1) };
}

function requiredNumber(path: string, metadata: ReadonlyMap<string, unknown>, key: string): number {
  const value = metadata.get(key);
  if (typeof value !== "number" && typeof value !== "bigint")
    throw new ConfigError(`${path}: expected a number for ${key}, got ${value === undefined ? "nothing" : typeof value}`, { path, key });
  return Number(value);
}

function optionalNumber(metadata: ReadonlyMap<string, unknown>, key: string, fallback: number): number {
  const value = metadata.get(key);
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : fallback;
}

function optionalId(metadata: ReadonlyMap<string, unknown>, key: string): number | null {
  const id = optionalNumber(metadata, key, -1);
  return id < 0 ? null : id;
}

/** The shortest decimal that is the same float32: 0.00001 where the file's float32 reads 0.000009999999747378752. */
function shortFloat(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return short;
  }
  return value;
}
