/** Writes a policy as a Hugging Face folder that stands alone: merged weights, configuration, tokenizer and chat template. */
import { copyFile, mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { CancelledError, ConfigError, InternalError } from "#app/base/errors.ts";
import { exportWords } from "#app/text/exports.ts";
import type { OpenCheckpoint } from "../open-checkpoint.ts";
import { type NamedTensors, planSafetensors, writeAtomically, writeSafetensors } from "../safetensors.ts";
import { mergedRows, type PolicyWeightFiles } from "./merged-rows.ts";
import { encodeBlocks, type Precision, WRITE_FORMATS } from "./write-formats.ts";

export type ExportHooks = {
  readonly onBytes: (doneBytes: number, totalBytes: number) => void;
  readonly isCancelled: () => boolean;
  /** Called between two pieces. Lets messages in, so that a cancel arrives. */
  breathe(): Promise<void>;
};

/** What of a checkpoint's folder goes along as it is. */
const SIDE_FILES = [
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "tokenizer.model",
  "vocab.json",
  "merges.txt",
  "chat_template.jinja",
  "generation_config.json",
] as const;

const TORCH_NAMES: { readonly [P in Precision]?: string } = { f32: "float32", f16: "float16", bf16: "bfloat16" };

/** Fills an empty folder and returns the names of its files. Throws ConfigError for a precision that such folders cannot have, CancelledError. */
export async function writeHuggingFaceFolder(
  folder: string,
  checkpoint: OpenCheckpoint,
  weights: PolicyWeightFiles,
  precision: Precision,
  hooks: ExportHooks,
): Promise<readonly string[]> {
  const torchName = TORCH_NAMES[precision];
  if (torchName === undefined) throw new ConfigError(exportWords.precision(precision));
  await mkdir(folder, { recursive: true });
  await writeWeights(join(folder, "model.safetensors"), weights, precision, hooks);
  const files = ["model.safetensors", "config.json", ...(await writeSideFiles(folder, checkpoint))];
  await writeConfig(folder, checkpoint, torchName);
  return files.sort();
}

/** The same of weights in memory, in float32: what training all weights of a checkpoint makes. */
export async function writeTrainedCheckpoint(folder: string, checkpoint: OpenCheckpoint, tensors: NamedTensors): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeSafetensors(join(folder, "model.safetensors"), tensors);
  await writeSideFiles(folder, checkpoint);
  await writeConfig(folder, checkpoint, "float32");
}

/** Last: a folder that has it is whole. */
async function writeConfig(folder: string, { config }: OpenCheckpoint, torchName: string): Promise<void> {
  await writeText(join(folder, "config.json"), toJson({ ...(config as object), ...typeEntry(config, torchName) })); // parsed as a model's configuration, which is an object
}

async function writeWeights(path: string, weights: PolicyWeightFiles, precision: Precision, hooks: ExportHooks): Promise<void> {
  const format = WRITE_FORMATS[precision];
  const shapes = new Map([...weights.tensors].map(([name, { shape }]) => [name, shape]));
  const plan = planSafetensors(shapes, { format: "pt" }, { name: format.name, bytes: format.blockBytes });
  await writeAtomically(path, async (file) => {
    await file.writeFile(plan.headerBytes);
    let doneBytes = plan.headerBytes.length;
    for (const name of plan.tensors.keys()) {
      for await (const rows of mergedRows(weights, name)) {
        await hooks.breathe();
        if (hooks.isCancelled()) throw new CancelledError();
        const bytes = encodeBlocks(rows, format, name);
        await file.writeFile(bytes);
        doneBytes += bytes.length;
        hooks.onBytes(doneBytes, plan.fileBytes);
      }
    }
    if (doneBytes !== plan.fileBytes) throw new InternalError(`expected to write ${plan.fileBytes} bytes to ${path}, wrote ${doneBytes}`);
  });
}

/** Transformers 5 says dtype where older versions said torch_dtype; older readers know the old name alone. */
function typeEntry(config: unknown, torchName: string): Readonly<Record<string, string>> {
  const knowsNew = typeof config === "object" && config !== null && "dtype" in config;
  return knowsNew ? { dtype: torchName } : { torch_dtype: torchName };
}

/** Those of the checkpoint's own folder to the byte; for a GGUF what its metadata says, as files. */
async function writeSideFiles(folder: string, { record, tokenizerFiles }: OpenCheckpoint): Promise<readonly string[]> {
  if ((await stat(join(record.path, "config.json")).catch(() => undefined)) !== undefined) {
    const present: string[] = [];
    for (const name of SIDE_FILES) {
      if ((await stat(join(record.path, name)).catch(() => undefined))?.isFile() !== true) continue;
      await copyFile(join(record.path, name), join(folder, name));
      present.push(name);
    }
    return present;
  }
  const { tokenizerJson, tokenizerConfig, chatTemplate, generationConfig } = tokenizerFiles;
  const texts: readonly (readonly [string, string | undefined])[] = [
    ["tokenizer.json", tokenizerJson === undefined ? undefined : JSON.stringify(tokenizerJson)],
    ["tokenizer_config.json", toJson({ tokenizer_class: "PreTrainedTokenizerFast", ...(tokenizerConfig as object) })], // put together by the reader of GGUF files
    ["chat_template.jinja", chatTemplate],
    ["generation_config.json", generationConfig === undefined ? undefined : toJson(generationConfig)],
  ];
  const written = texts.flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }]));
  for (const { name, text } of written) await writeText(join(folder, name), text);
  return written.map(({ name }) => name);
}

async function writeText(path: string, text: string): Promise<void> {
  await writeAtomically(path, (file) => file.writeFile(text));
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
