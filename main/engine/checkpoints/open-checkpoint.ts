/** Opens a checkpoint (a Hugging Face folder or a GGUF file) as float32 tensors that the engine can map. */
import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DataError, InternalError } from "#app/base/errors.ts";
import type { TokenizerFiles } from "#app/decoding/tokenizer-files.ts";
import type { CheckpointRecord } from "#app/domain/policy.ts";
import { elementCount } from "#app/graph/shapes.ts";
import type { TensorLocation } from "#app/graph/types.ts";
import { checkpointTensors, requireTensors } from "#app/models/checkpoint-tensors.ts";
import { type ModelConfig, parseModelConfig } from "#app/models/model-config.ts";
import { checkpointWords } from "#app/text/checkpoints.ts";
import type { CheckpointSource, StoredTensor } from "./checkpoint-source.ts";
import { contentHashOf, headerHashOf } from "./content-hash.ts";
import { type Conversion, convertWeights } from "./convert-weights.ts";
import { readGgufCheckpoint } from "./gguf-checkpoint.ts";
import { readHuggingFaceFolder } from "./hugging-face-folder.ts";

export type OpenCheckpoint = {
  readonly record: CheckpointRecord;
  /** As in a Hugging Face config.json. */
  readonly config: unknown;
  /** The text part of a model that also sees pictures. */
  readonly isTextPart: boolean;
  /** The tensors that the model reads, by their Hugging Face names. */
  readonly tensors: ReadonlyMap<string, TensorLocation>;
  readonly tokenizerFiles: TokenizerFiles;
};

export type OpenProgress =
  | { readonly kind: "hashing"; readonly doneBytes: number; readonly totalBytes: number }
  /** Said once, before the first byte is converted. */
  | ({ readonly kind: "conversion"; readonly estimatedSeconds: number } & Conversion)
  | { readonly kind: "converting"; readonly doneBytes: number; readonly totalBytes: number };

export type OpenOptions = {
  /** Where converted weights are kept; may be emptied at any time while no engine runs. */
  readonly cacheDir: string;
  /** The record of an earlier opening: where size, time and header still agree, its hash is not computed again. */
  readonly known?: CheckpointRecord;
  readonly onProgress?: (progress: OpenProgress) => void;
  readonly signal?: AbortSignal;
};

/** Bytes of float32 written a second, of the slower kind of disk and processor; only for the estimate. */
const CONVERTED_BYTES_PER_SECOND = 150e6;

/**
 * Throws DataError (files missing, cut short, of an unknown number format, not the known content), ConfigError (another
 * architecture), CancelledError.
 */
export async function openCheckpoint(path: string, options: OpenOptions): Promise<OpenCheckpoint> {
  const { cacheDir, known, signal } = options;
  const report = options.onProgress ?? (() => undefined);
  const source = await readSource(path);
  const config = parseModelConfig(source.config, source.configPlace);
  const needed = neededTensors(source, config);
  const record = await recordOf(source, config, known, report, signal);
  if (known !== undefined && record.hash !== known.hash) throw changed(known, record);
  const tensors = locationsInPlace(needed) ?? (await converted());
  return { record, config: source.config, isTextPart: source.isTextPart, tensors, tokenizerFiles: source.tokenizerFiles };

  function converted(): Promise<ReadonlyMap<string, TensorLocation>> {
    const listener = {
      onStart: (conversion: Conversion) => {
        report({ kind: "conversion", estimatedSeconds: Math.ceil(conversion.targetBytes / CONVERTED_BYTES_PER_SECOND), ...conversion });
      },
      onBytes: (doneBytes: number, totalBytes: number) => {
        report({ kind: "converting", doneBytes, totalBytes });
      },
    };
    return convertWeights(needed, record.hash, cacheDir, listener, signal);
  }
}

/**
 * Whether a checkpoint is still what it was: by size, time and header, and by its whole content where these differ.
 * Returns the record, with the new time if only that changed. Throws DataError if the content is another or gone.
 */
export async function checkUnchanged(record: CheckpointRecord, signal?: AbortSignal): Promise<CheckpointRecord> {
  const source = await readSource(record.path);
  const now = await recordOf(source, parseModelConfig(source.config, source.configPlace), record, () => undefined, signal);
  if (now.hash !== record.hash) throw changed(record, now);
  return now;
}

async function readSource(path: string): Promise<CheckpointSource> {
  const named = resolve(path);
  const found = await stat(named).catch((cause: unknown) => {
    throw new DataError(checkpointWords.nothingThere(named), { path: named }, { cause });
  });
  if (!found.isDirectory()) {
    if (named.endsWith(".safetensors")) throw new DataError(checkpointWords.oneWeightFile(named), { path: named });
    return readGgufCheckpoint(named, named);
  }
  const names = await readdir(named);
  const [gguf, ...others] = names.filter((name) => name.endsWith(".gguf"));
  if (names.includes("config.json") || gguf === undefined) return readHuggingFaceFolder(named);
  if (others.length > 0) throw new DataError(checkpointWords.severalGguf(named, others.length + 1), { path: named });
  return readGgufCheckpoint(join(named, gguf), named);
}

/** Of all that the file holds, what the decoder reads; each is there and has the right shape. */
function neededTensors(source: CheckpointSource, config: ModelConfig): ReadonlyMap<string, StoredTensor> {
  const found = new Map(
    [...source.tensors].map(([name, { path, offset, length, shape }]) => [name, { path, offset, length, shape, dataType: "float32" as const }]),
  );
  requireTensors(config, found, source.path);
  return new Map(
    [...checkpointTensors(config).keys()].map((name) => {
      const tensor = source.tensors.get(name);
      if (tensor === undefined) throw new InternalError(`${name} was there a moment ago`);
      return [name, tensor];
    }),
  );
}

async function recordOf(
  source: CheckpointSource,
  config: ModelConfig,
  known: CheckpointRecord | undefined,
  report: (progress: OpenProgress) => void,
  signal: AbortSignal | undefined,
): Promise<CheckpointRecord> {
  const sizeBytes = source.weightFiles.reduce((total, file) => total + file.sizeBytes, 0);
  const modifiedAtMs = Math.max(...source.weightFiles.map((file) => file.modifiedAtMs));
  const headerHash = headerHashOf(source);
  if (known?.sizeBytes === sizeBytes && known.modifiedAtMs === modifiedAtMs && known.headerHash === headerHash)
    return { ...known, path: source.path };
  let doneBytes = 0;
  const hash = await contentHashOf(
    source,
    (count) => {
      doneBytes += count;
      report({ kind: "hashing", doneBytes, totalBytes: sizeBytes });
    },
    signal,
  );
  const parameterCount = [...checkpointTensors(config).values()].reduce((total, shape) => total + elementCount(shape), 0);
  return { hash, path: source.path, family: config.family, parameterCount, sizeBytes, modifiedAtMs, headerHash };
}

/** Undefined if any tensor is not float32 at a multiple of 8 bytes: such cannot be mapped as they are. */
function locationsInPlace(tensors: ReadonlyMap<string, StoredTensor>): ReadonlyMap<string, TensorLocation> | undefined {
  const locations = new Map<string, TensorLocation>();
  for (const [name, { path, offset, length, shape, format, interleavedHeads, storedOffset }] of tensors) {
    if (format.name !== "F32" || offset % 8 !== 0 || interleavedHeads !== null || storedOffset !== 0) return undefined;
    locations.set(name, { path, offset, length, shape, dataType: "float32" });
  }
  return locations;
}

function changed(known: CheckpointRecord, now: CheckpointRecord): DataError {
  return new DataError(checkpointWords.changed(known.path, known.hash, now.hash), {
    path: known.path,
    expected: known.hash,
    found: now.hash,
  });
}
