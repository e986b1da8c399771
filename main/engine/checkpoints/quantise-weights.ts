/** Quantises a checkpoint's weights to 8 bits into the content-addressed cache: once, whole or not at all. */
import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CancelledError, ConfigError, InternalError } from "#app/base/errors.ts";
import type { ContentHash } from "#app/base/ids.ts";
import { QUANTISED_BLOCK, QUANTISED_ZERO } from "#app/graph/op-table.ts";
import { dimOf, elementCount } from "#app/graph/shapes.ts";
import type { Shape, TensorLocation } from "#app/graph/types.ts";
import type { ModelConfig } from "#app/models/model-config.ts";
import { codesShape, type QuantisedTensors, quantisedShapes, scalesShape } from "#app/models/quantised.ts";
import { checkpointWords } from "#app/text/checkpoints.ts";
import { convertedPath, removeAbandoned, requireRoom } from "./convert-weights.ts";
import { quantiseRows } from "./quantise.kernel.ts";
import { openToRead, planSafetensors, readExactly, type SafetensorsPlan, writeAtomically } from "./safetensors.ts";

/** Raised when the quantiser itself changes, so that no older result is taken for a new one. */
const QUANTISER = "nashlab-8bit-1";
/** Weights held in memory at a time. */
const CHUNK_WEIGHTS = 4 << 20;

export type QuantiseHooks = {
  /** Before the first byte is written, and then as it goes. */
  readonly onBytes: (doneBytes: number, totalBytes: number) => void;
  readonly isCancelled: () => boolean;
};

/** Where a checkpoint's weights in 8 bits stand in the cache: codes and scales, a file each. */
export function quantisedPaths(cacheDir: string, hash: ContentHash): { readonly codes: string; readonly scales: string } {
  const folder = dirname(convertedPath(cacheDir, hash));
  return { codes: join(folder, "eight-bits-codes.safetensors"), scales: join(folder, "eight-bits-scales.safetensors") };
}

/**
 * The weights in 8 bits, made now unless they are there already. Throws ConfigError for shapes that cannot be mapped,
 * EngineError when the disk has no room, CancelledError; the last two leave nothing behind.
 */
export async function quantiseWeights(
  tensors: ReadonlyMap<string, TensorLocation>,
  config: ModelConfig,
  place: { readonly hash: ContentHash; readonly cacheDir: string },
  hooks: QuantiseHooks,
): Promise<QuantisedTensors> {
  const shapes = quantisedShapes(config);
  const paths = quantisedPaths(place.cacheDir, place.hash);
  const metadata = { quantiser: QUANTISER, source: place.hash };
  const plans = {
    codes: planSafetensors(mapped(shapes, codesShape), metadata, { name: "U8", bytes: 1 }),
    scales: planSafetensors(mapped(shapes, scalesShape), metadata),
  };
  requireAligned(plans.scales);
  if (!(await isThere(paths.codes, plans.codes)) || !(await isThere(paths.scales, plans.scales))) {
    await mkdir(dirname(paths.codes), { recursive: true });
    for (const path of Object.values(paths)) await removeAbandoned(path);
    await requireRoom(dirname(paths.codes), plans.codes.fileBytes + plans.scales.fileBytes);
    await write(paths, plans, tensors, hooks);
  }
  const located = (path: string, plan: SafetensorsPlan, name: string, dataType: TensorLocation["dataType"]): TensorLocation => {
    const entry = plan.tensors.get(name);
    if (entry === undefined) throw new InternalError(`expected ${name} in the plan of ${path}`);
    return { path, offset: entry.offset, length: entry.length, shape: entry.shape, dataType };
  };
  return new Map(
    [...shapes.keys()].map((name) => [
      name,
      { codes: located(paths.codes, plans.codes, name, "uint8"), scales: located(paths.scales, plans.scales, name, "float32") },
    ]),
  );
}

function mapped(shapes: ReadonlyMap<string, Shape>, stored: (shape: Shape) => Shape): ReadonlyMap<string, Shape> {
  return new Map([...shapes].map(([name, shape]) => [name, stored(shape)]));
}

/** ONNX Runtime maps tensors only at multiples of 8 bytes. */
function requireAligned(plan: SafetensorsPlan): void {
  for (const [name, { offset }] of plan.tensors) {
    if (offset % 8 !== 0) throw new ConfigError(checkpointWords.oddScales(name), { name });
  }
}

async function isThere(path: string, plan: SafetensorsPlan): Promise<boolean> {
  if ((await stat(path).catch(() => undefined))?.size !== plan.fileBytes) return false;
  const file = await openToRead(path);
  try {
    return Buffer.compare(await readExactly(file, path, 0, plan.headerBytes.length), plan.headerBytes) === 0;
  } finally {
    await file.close();
  }
}

type Both<Item> = { readonly codes: Item; readonly scales: Item };

/** Both files appear only when both are whole. */
async function write(
  paths: Both<string>,
  plans: Both<SafetensorsPlan>,
  tensors: ReadonlyMap<string, TensorLocation>,
  hooks: QuantiseHooks,
): Promise<void> {
  const total = plans.codes.fileBytes + plans.scales.fileBytes;
  let done = plans.codes.headerBytes.length + plans.scales.headerBytes.length;
  hooks.onBytes(done, total);
  await writeAtomically(paths.scales, async (scalesFile) => {
    await scalesFile.writeFile(plans.scales.headerBytes);
    await writeAtomically(paths.codes, async (codesFile) => {
      await codesFile.writeFile(plans.codes.headerBytes);
      for (const name of plans.codes.tensors.keys()) {
        const tensor = tensors.get(name);
        if (tensor === undefined) throw new InternalError(`expected ${name} among the checkpoint's tensors`);
        for await (const { codes, scales } of quantisedChunks(tensor)) {
          if (hooks.isCancelled()) throw new CancelledError();
          await codesFile.writeFile(codes);
          await scalesFile.writeFile(new Uint8Array(scales.buffer));
          done += codes.byteLength + scales.byteLength;
          hooks.onBytes(done, total);
        }
      }
    });
  });
}

async function* quantisedChunks({ path, offset, shape }: TensorLocation): AsyncGenerator<{ codes: Uint8Array; scales: Float32Array<ArrayBuffer> }> {
  const [rows, width] = [dimOf(shape, 0), dimOf(shape, 1)];
  const rowsAtOnce = Math.max(1, Math.floor(CHUNK_WEIGHTS / width));
  const file = await openToRead(path);
  try {
    for (let row = 0; row < rows; row += rowsAtOnce) {
      const part = [Math.min(rowsAtOnce, rows - row), width];
      const weights = new Float32Array((await readExactly(file, path, offset + 4 * row * width, 4 * elementCount(part))).buffer);
      const codes = new Uint8Array(elementCount(codesShape(part)));
      const scales = new Float32Array(elementCount(scalesShape(part)));
      quantiseRows(weights, width, QUANTISED_BLOCK, QUANTISED_ZERO, codes, scales);
      yield { codes, scales };
    }
  } finally {
    await file.close();
  }
}
