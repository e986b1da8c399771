/** Step 4: the folder that training starts from: vocabulary found in the stories, chat template, configuration, random weights. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rngFor, type Rng } from "#app/base/random.ts";
import { elementCount } from "#app/graph/shapes.ts";
import { checkpointTensors } from "#app/models/checkpoint-tensors.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import { byteLevelTokenizer, byteLevelTokenizerConfig, type Merge, vocabularyOf } from "#main/engine/checkpoints/byte-level-tokenizer.ts";
import { writeSafetensors } from "#main/engine/checkpoints/safetensors.ts";
import { readStories, START } from "./files.ts";
import { findMerges } from "./vocabulary.ts";

const SEED = 20261125;
const VOCABULARY = 1536;
const LAYERS = 4;
const MAX_POSITIONS = 256;
const END = "<|end|>";
const SPECIAL = ["<|system|>", "<|user|>", "<|assistant|>", END] as const;
const CHAT_TEMPLATE = `{% for message in messages %}<|{{ message.role }}|>{{ message.content }}${END}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}`;
/** What GPT-2 starts from; maps whose output is added to the residual start smaller, as there are two a layer. */
const SPREAD = 0.02;

function configOf(merges: readonly Merge[]): Readonly<Record<string, unknown>> {
  const vocabulary = vocabularyOf(merges, SPECIAL);
  return {
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    hidden_size: 128,
    intermediate_size: 384,
    num_hidden_layers: LAYERS,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    hidden_act: "silu",
    max_position_embeddings: MAX_POSITIONS,
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    tie_word_embeddings: true,
    torch_dtype: "float32",
    vocab_size: vocabulary.length,
    bos_token_id: null,
    eos_token_id: vocabulary.indexOf(END),
    pad_token_id: vocabulary.indexOf(END),
  };
}

function startWeights(name: string, count: number): Float32Array {
  if (name.includes("norm")) return new Float32Array(count).fill(1);
  const spread = /o_proj|down_proj/u.test(name) ? SPREAD / Math.sqrt(2 * LAYERS) : SPREAD;
  return normals(count, spread, rngFor(SEED, name));
}

function normals(count: number, spread: number, rng: Rng): Float32Array {
  return Float32Array.from({ length: count }, () => spread * Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next()));
}

async function writeJson(name: string, json: unknown): Promise<void> {
  await writeFile(join(START, name), `${JSON.stringify(json, null, 2)}\n`);
}

const stories = await readStories();
const merges = findMerges(
  stories.flatMap(({ prompt, story }) => [prompt, story]),
  VOCABULARY - 256 - SPECIAL.length,
);
const json = configOf(merges);
const tensors = [...checkpointTensors(parseModelConfig(json, START))].map(
  ([name, shape]) => [name, { shape, data: startWeights(name, elementCount(shape)) }] as const,
);
await mkdir(START, { recursive: true });
await writeSafetensors(join(START, "model.safetensors"), new Map(tensors));
await writeJson("config.json", json);
await writeJson("tokenizer.json", byteLevelTokenizer(merges, SPECIAL));
await writeJson(
  "tokenizer_config.json",
  byteLevelTokenizerConfig({ special: SPECIAL, end: END, maxPositions: MAX_POSITIONS, chatTemplate: CHAT_TEMPLATE }),
);
const parameters = tensors.reduce((sum, [, { data }]) => sum + data.length, 0);
process.stdout.write(`${merges.length} merges, ${parameters} parameters\n`);
