/** Converts stored weights to one float32 file in a content-addressed cache: once, whole or not at all. */
import { mkdir, readdir, rm, stat, statfs } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { CancelledError, ConfigError, EngineError, InternalError } from "#app/base/errors.ts";
import type { ContentHash } from "#app/base/ids.ts";
import type { TensorLocation } from "#app/graph/types.ts";
import { checkpointWords } from "#app/text/checkpoints.ts";
import type { StoredTensor } from "./checkpoint-source.ts";
import { separateRotaryHalves, subtract } from "./dequantise.kernel.ts";
import { openToRead, planSafetensors, readExactly, type SafetensorsPlan, writeAtomically } from "./safetensors.ts";

/** Weights held in memory at a time, unless one tensor's rows must change places. */
const CHUNK_WEIGHTS = 4 << 20;
/** Raised when the conversion itself changes, so that no older result is taken for a new one. */
const CONVERTER = "nashlab-f32-1";

export type Conversion = {
  /** Formats of the stored weights, most common first. */
  readonly from: readonly string[];
  readonly sourceBytes: number;
  readonly targetBytes: number;
  readonly target: string;
};

export type ConversionListener = {
  /** Before anything is written. */
  readonly onStart: (conversion: Conversion) => void;
  readonly onBytes: (doneBytes: number, totalBytes: number) => void;
};

/** Where a checkpoint's converted weights stand in the cache. */
export function convertedPath(cacheDir: string, hash: ContentHash): string {
  return join(resolve(cacheDir), "checkpoints", hash, "model.safetensors");
}

/**
 * The tensors as float32 in the cache, converted now unless they are there already. Throws EngineError when the disk has
 * no room, CancelledError when the signal says so; either leaves nothing behind.
 */
export async function convertWeights(
  tensors: ReadonlyMap<string, StoredTensor>,
  hash: ContentHash,
  cacheDir: string,
  listener: ConversionListener,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, TensorLocation>> {
  const target = convertedPath(cacheDir, hash);
  const plan = planSafetensors(new Map([...tensors].map(([name, { shape }]) => [name, shape])), { converter: CONVERTER, source: hash });
  requireAligned(plan);
  if (!(await isWhole(target, plan))) {
    await mkdir(dirname(target), { recursive: true });
    await removeAbandoned(target);
    await requireRoom(dirname(target), plan.fileBytes);
    listener.onStart({
      from: formatsOf(tensors),
      sourceBytes: sum([...tensors.values()].map(({ length }) => length)),
      targetBytes: plan.fileBytes,
      target,
    });
    await writeConverted(target, plan, tensors, listener, signal);
  }
  return new Map([...plan.tensors].map(([name, { shape, offset, length }]) => [name, { path: target, offset, length, shape, dataType: "float32" }]));
}

/** A file of another length or with another header is not what would be written: it was cut, altered or is of old. */
async function isWhole(path: string, plan: SafetensorsPlan): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found?.size !== plan.fileBytes) return false;
  const file = await openToRead(path);
  try {
    return Buffer.compare(await readExactly(file, path, 0, plan.headerBytes.length), plan.headerBytes) === 0;
  } finally {
    await file.close();
  }
}

async function writeConverted(
  target: string,
  plan: SafetensorsPlan,
  tensors: ReadonlyMap<string, StoredTensor>,
  listener: ConversionListener,
  signal: AbortSignal | undefined,
): Promise<void> {
  await writeAtomically(target, async (file) => {
    await file.writeFile(plan.headerBytes);
    let doneBytes = plan.headerBytes.length;
    for (const name of plan.tensors.keys()) {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw new InternalError(`expected ${name} among the stored tensors`);
      for await (const weights of decodedChunks(tensor)) {
        if (signal?.aborted === true) throw new CancelledError();
        await file.writeFile(new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength));
        doneBytes += weights.byteLength;
        listener.onBytes(doneBytes, plan.fileBytes);
      }
    }
    if (doneBytes !== plan.fileBytes) throw new InternalError(`expected to write ${plan.fileBytes} bytes to ${target}, wrote ${doneBytes}`);
  });
}

async function* decodedChunks(tensor: StoredTensor): AsyncGenerator<Float32Array> {
  const { path, offset, length, format, interleavedHeads, storedOffset, shape } = tensor;
  const bytesAtOnce = interleavedHeads === null ? Math.max(1, Math.floor(CHUNK_WEIGHTS / format.blockWeights)) * format.blockBytes : length;
  const file = await openToRead(path);
  try {
    for (let start = 0; start < length; start += bytesAtOnce) {
      const stored = await readExactly(file, path, offset + start, Math.min(bytesAtOnce, length - start));
      const weights = new Float32Array((stored.length / format.blockBytes) * format.blockWeights);
      format.decode(stored, weights);
      if (storedOffset !== 0) subtract(weights, storedOffset);
      if (interleavedHeads === null) yield weights;
      else {
        const inOrder = new Float32Array(weights.length);
        separateRotaryHalves(weights, inOrder, interleavedHeads, shape[1] ?? 1);
        yield inOrder;
      }
    }
  } finally {
    await file.close();
  }
}

/** ONNX Runtime maps weights only at multiples of 8 bytes; the format allows no gaps in which to make room. */
function requireAligned(plan: SafetensorsPlan): void {
  for (const [name, { offset, shape }] of plan.tensors) {
    if (offset % 8 !== 0)
      throw new ConfigError(checkpointWords.oddTensor(name, shape.join(", ")), {
        name,
      });
  }
}

/** Throws EngineError where the disk has no room for so many bytes. */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < bytes)
    throw new EngineError(checkpointWords.noDiskToConvert(folder, megabytes(bytes), megabytes(free)), {
      folder,
      bytes,
      free,
    });
}

/** What a process left that died while it wrote; those of living processes stay. */
export async function removeAbandoned(target: string): Promise<void> {
  const folder = dirname(target);
  for (const name of await readdir(folder)) {
    const pid = name.startsWith(`${basename(target)}.`) ? /\.(\d+)\.[0-9a-f-]+\.partial$/.exec(name)?.[1] : undefined;
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // Not allowed to signal it: it lives, under another user.
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}

function formatsOf(tensors: ReadonlyMap<string, StoredTensor>): readonly string[] {
  const bytesOf = new Map<string, number>();
  for (const { format, length } of tensors.values()) bytesOf.set(format.name, (bytesOf.get(format.name) ?? 0) + length);
  return [...bytesOf].sort(([, a], [, b]) => b - a).map(([name]) => name);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}
