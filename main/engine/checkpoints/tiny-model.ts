/** Writes a tiny random Llama as a Hugging Face folder: for tests and pictures, with a real tokenizer and chat template. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { rngFor, type Rng } from "#app/base/random.ts";
import { elementCount } from "#app/graph/shapes.ts";
import { checkpointTensors } from "#app/models/checkpoint-tensors.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import { writeAtomically, writeSafetensors } from "./safetensors.ts";
import { TINY_VOCABULARY, tinyTokenizer, tinyTokenizerConfig, TURN_END } from "./tiny-tokenizer.ts";

export type TinyModelOptions = {
  readonly seed: number;
  readonly hiddenSize?: number;
  readonly layerCount?: number;
  readonly maxPositions?: number;
};

/** Logits in favour of what makes babble readable, and of an end after some twenty tokens. */
const READABLE_BONUS = 3;
const END_BONUS = 3.4;
/** Size of the constant part that every hidden state carries; the bonuses are written against it. */
const CONSTANT = 1;
const SPREAD = 0.25;

/** The same options give the same files. Transformers loads the folder. */
export async function writeTinyModel(folder: string, options: TinyModelOptions): Promise<void> {
  const { seed, hiddenSize = 64, layerCount = 2, maxPositions = 512 } = options;
  const json = {
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    hidden_size: hiddenSize,
    intermediate_size: 2 * hiddenSize,
    num_hidden_layers: layerCount,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    hidden_act: "silu",
    max_position_embeddings: maxPositions,
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    tie_word_embeddings: false,
    torch_dtype: "float32",
    vocab_size: TINY_VOCABULARY.length,
    bos_token_id: null,
    eos_token_id: TINY_VOCABULARY.indexOf(TURN_END),
  };
  await mkdir(folder, { recursive: true });
  const config = parseModelConfig(json, folder);
  const tensors = [...checkpointTensors(config)].map(([name, shape]) => {
    const data = normals(elementCount(shape), spreadOf(name, shape), rngFor(seed, name));
    if (name.includes("norm")) data.fill(1);
    if (name === "model.embed_tokens.weight") for (let row = 0; row < TINY_VOCABULARY.length; row++) data[row * hiddenSize] = CONSTANT;
    if (name === "lm_head.weight") addBonuses(data, hiddenSize);
    return [name, { shape, data }] as const;
  });
  await writeSafetensors(join(folder, "model.safetensors"), new Map(tensors));
  await writeJson(join(folder, "config.json"), json);
  await writeJson(join(folder, "tokenizer.json"), tinyTokenizer());
  await writeJson(join(folder, "tokenizer_config.json"), tinyTokenizerConfig(maxPositions));
}

/** Linear maps are small, so that the constant part comes through; the head is of a size that makes draws varied. */
function spreadOf(name: string, shape: readonly number[]): number {
  if (name === "lm_head.weight") return 0.15;
  return name === "model.embed_tokens.weight" ? SPREAD : 0.5 / Math.sqrt(shape.at(-1) ?? 1);
}

/** What the constant part is after the last norm, about: the bonus in logits is this times the weight. */
function addBonuses(head: Float32Array, hiddenSize: number): void {
  const constantAfterNorm = CONSTANT / Math.sqrt((CONSTANT ** 2 + (hiddenSize - 1) * SPREAD ** 2) / hiddenSize);
  TINY_VOCABULARY.forEach((token, row) => {
    const isReadable = /^Ġ?[a-z]+$|^[Ġ.,]$/u.test(token);
    const bonus = token === TURN_END ? END_BONUS : isReadable ? READABLE_BONUS : -READABLE_BONUS;
    head[row * hiddenSize] = (head[row * hiddenSize] ?? 0) + bonus / constantAfterNorm;
  });
}

function normals(count: number, spread: number, rng: Rng): Float32Array {
  return Float32Array.from({ length: count }, () => spread * Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next()));
}

async function writeJson(path: string, json: unknown): Promise<void> {
  await writeAtomically(path, (file) => file.writeFile(`${JSON.stringify(json, null, 2)}\n`));
}
