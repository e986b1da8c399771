/** Reads a checkpoint in Hugging Face's layout: config.json, safetensors in one file or in shards, tokenizer files. */
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { DataError } from "#app/base/errors.ts";
import { textPartOf } from "#app/models/text-part.ts";
import { checkpointWords } from "#app/text/checkpoints.ts";
import type { CheckpointSource, StoredTensor, WeightFile } from "./checkpoint-source.ts";
import { formatOf, readSafetensorsHeader, type SafetensorsEntry } from "./safetensors.ts";

const CONFIG = "config.json";
const WEIGHTS = "model.safetensors";
const INDEX = "model.safetensors.index.json";
const CHAT_TEMPLATE = "chat_template.jinja";
const OTHER_FILES = ["tokenizer.json", "tokenizer_config.json", "generation_config.json", CHAT_TEMPLATE] as const;

/** Throws DataError for a missing or unreadable file, a missing shard, an unknown number format. */
export async function readHuggingFaceFolder(folder: string): Promise<CheckpointSource> {
  const descriptions = await readDescriptions(folder);
  const parsed = (name: string): unknown => {
    const text = descriptions.get(name);
    return text === undefined ? undefined : parseJson(join(folder, name), text);
  };
  const stated = parsed(CONFIG);
  const textPart = textPartOf(stated);
  const config = textPart?.config ?? stated;
  const tokenizerConfig = parsed("tokenizer_config.json");
  const chatTemplate = descriptions.get(CHAT_TEMPLATE) ?? templateIn(tokenizerConfig);
  const shards = await findShards(folder);
  const weightFiles: WeightFile[] = [];
  const tensors = new Map<string, StoredTensor>();
  for (const [name, expected] of shards) {
    const { file, entries } = await readShard(folder, name);
    weightFiles.push(file);
    for (const tensorName of expected ?? entries.keys()) {
      const entry = entries.get(tensorName);
      if (entry === undefined)
        throw new DataError(checkpointWords.notInFile(join(folder, INDEX), tensorName, name), { path: folder, name: tensorName });
      const known = textPart === null ? tensorName : textPart.nameOf(tensorName);
      if (known !== undefined) tensors.set(known, storedTensor(join(folder, name), file.path, tensorName, entry));
    }
  }
  return {
    path: folder,
    configPlace: join(folder, CONFIG),
    config,
    isTextPart: textPart !== null,
    tokenizerFiles: {
      tokenizerJson: parsed("tokenizer.json"),
      tokenizerConfig,
      ...(chatTemplate === undefined ? {} : { chatTemplate }),
      generationConfig: parsed("generation_config.json"),
      modelConfig: config,
    },
    descriptions,
    weightFiles,
    tensors,
  };
}

async function readDescriptions(folder: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const config = await readText(join(folder, CONFIG));
  if (config === undefined) {
    throw new DataError(checkpointWords.noCheckpoint(folder, await listing(folder)), {
      path: folder,
    });
  }
  texts.set(CONFIG, config);
  for (const name of OTHER_FILES) {
    const text = await readText(join(folder, name));
    if (text !== undefined) texts.set(name, text);
  }
  return texts;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR")) return undefined;
    throw new DataError(checkpointWords.unreadableText(path), { path }, { cause });
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : checkpointWords.notJsonReason;
    throw new DataError(checkpointWords.notJson(path, text.length, reason), { path }, { cause });
  }
}

/** tokenizer_config.json may hold one template, or several by name; the one called "default" is for chats. */
function templateIn(tokenizerConfig: unknown): string | undefined {
  if (typeof tokenizerConfig !== "object" || tokenizerConfig === null || !("chat_template" in tokenizerConfig)) return undefined;
  const { chat_template: template } = tokenizerConfig;
  if (typeof template === "string") return template;
  if (!Array.isArray(template)) return undefined;
  const items: readonly unknown[] = template;
  for (const item of items) {
    if (
      typeof item === "object" &&
      item !== null &&
      "name" in item &&
      "template" in item &&
      item.name === "default" &&
      typeof item.template === "string"
    )
      return item.template;
  }
  return undefined;
}

/** Files with the tensors that the index expects in each; null where there is no index: all that is in the file. */
async function findShards(folder: string): Promise<ReadonlyMap<string, readonly string[] | null>> {
  const index = await readText(join(folder, INDEX));
  if (index !== undefined) return shardsOf(join(folder, INDEX), parseJson(join(folder, INDEX), index));
  const names = await readdir(folder);
  if (names.includes(WEIGHTS)) return new Map([[WEIGHTS, null]]);
  if (names.includes("adapter_model.safetensors")) {
    throw new DataError(checkpointWords.isAdapter(folder, WEIGHTS), {
      path: folder,
    });
  }
  if (names.some((name) => name.endsWith(".bin") || name.endsWith(".pth"))) {
    throw new DataError(checkpointWords.isPickled(folder, WEIGHTS), {
      path: folder,
    });
  }
  throw new DataError(checkpointWords.noWeights(folder, WEIGHTS, INDEX, await listing(folder)), { path: folder });
}

function shardsOf(path: string, index: unknown): ReadonlyMap<string, readonly string[]> {
  const weightMap: unknown = typeof index === "object" && index !== null && "weight_map" in index ? index.weight_map : undefined;
  if (typeof weightMap !== "object" || weightMap === null) throw new DataError(checkpointWords.noWeightMap(path), { path });
  const shards = new Map<string, string[]>();
  for (const [tensor, file] of Object.entries<unknown>({ ...weightMap })) {
    // A name that climbs out of the folder would let a downloaded index read any file.
    if (typeof file !== "string" || file !== basename(file))
      throw new DataError(checkpointWords.notAFileName(path, tensor, JSON.stringify(file)), { path, tensor });
    const names = shards.get(file);
    if (names === undefined) shards.set(file, [tensor]);
    else names.push(tensor);
  }
  return new Map([...shards].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function readShard(
  folder: string,
  name: string,
): Promise<{ readonly file: WeightFile; readonly entries: ReadonlyMap<string, SafetensorsEntry> }> {
  const named = join(folder, name);
  const path = await realpath(named).catch((cause: unknown) => {
    throw new DataError(checkpointWords.weightFileMissing(folder, name), { path: named }, { cause });
  });
  const header = await readSafetensorsHeader(path);
  const { mtimeMs } = await stat(path);
  return {
    file: { path, sizeBytes: header.fileBytes, modifiedAtMs: Math.floor(mtimeMs), headerBytes: header.bytes },
    entries: header.tensors,
  };
}

function storedTensor(where: string, path: string, name: string, entry: SafetensorsEntry): StoredTensor {
  const { offset, length, shape } = entry;
  return { path, offset, length, shape, format: formatOf(where, name, entry), interleavedHeads: null, storedOffset: 0 };
}

async function listing(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) return "nothing";
  return names.length > 6 ? checkpointWords.firstOf(names.slice(0, 6), names.length - 6) : names.join(", ");
}
