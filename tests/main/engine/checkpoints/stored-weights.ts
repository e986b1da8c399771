/** Writes weights as other programs store them (half floats, shards, float32 at odd places), and reads what was opened. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TensorLocation } from "#app/graph/types.ts";
import type { NamedTensors } from "#main/engine/checkpoints/safetensors.ts";

export type StoredKind = "F16" | "BF16" | "misaligned F32";

/** Returns what the stored weights are as float32. */
export function writeStored(folder: string, tensors: NamedTensors, kind: StoredKind, shardCount: number): ReadonlyMap<string, Float32Array> {
  const names = [...tensors.keys()];
  const weightMap: Record<string, string> = {};
  const stored = new Map<string, Float32Array>();
  for (let shard = 0; shard < shardCount; shard++) {
    const file = shardCount === 1 ? "model.safetensors" : `model-${numbered(shard + 1)}-of-${numbered(shardCount)}.safetensors`;
    const parts: Buffer[] = [];
    const header: Record<string, unknown> = {};
    let at = 0;
    const add = (name: string, dtype: string, shape: readonly number[], bytes: Buffer): void => {
      header[name] = { dtype, shape, data_offsets: [at, at + bytes.length] };
      parts.push(bytes);
      at += bytes.length;
    };
    if (kind === "misaligned F32") add("one.weight", "F32", [1], Buffer.alloc(4));
    for (const name of names.filter((_, i) => i % shardCount === shard)) {
      const { shape, data } = tensors.get(name) ?? { shape: [], data: new Float32Array() };
      const { bytes, numbers } = encoded(data, kind);
      add(name, kind === "misaligned F32" ? "F32" : kind, shape, bytes);
      stored.set(name, numbers);
      weightMap[name] = file;
    }
    const json = Buffer.from(JSON.stringify(header));
    const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, " ")]);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(padded.length));
    writeFileSync(join(folder, file), Buffer.concat([length, padded, ...parts]));
  }
  if (shardCount > 1) writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify({ metadata: {}, weight_map: weightMap }));
  return stored;
}

function numbered(n: number): string {
  return String(n).padStart(5, "0");
}

function encoded(data: Float32Array, kind: StoredKind): { readonly bytes: Buffer; readonly numbers: Float32Array } {
  if (kind === "misaligned F32")
    return { bytes: Buffer.from(Uint8Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))), numbers: data };
  const bytes = Buffer.alloc(data.length * 2);
  const numbers = new Float32Array(data.length);
  // Node has half floats; the compiler's library not yet.
  const view = new DataView(bytes.buffer, bytes.byteOffset) as DataView & {
    setFloat16(at: number, value: number, little: boolean): void;
    getFloat16(at: number, little: boolean): number;
  };
  const words = new DataView(new ArrayBuffer(4));
  data.forEach((x, i) => {
    if (kind === "F16") {
      view.setFloat16(2 * i, x, true);
      numbers[i] = view.getFloat16(2 * i, true);
    } else {
      words.setFloat32(0, x);
      view.setUint16(2 * i, words.getUint16(0), true);
      words.setUint16(2, 0);
      numbers[i] = words.getFloat32(0);
    }
  });
  return { bytes, numbers };
}

/** A tensor's numbers by a reader of its own. */
export function numbersAt({ path, offset, length }: TensorLocation): Float32Array {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset + offset, bytes.byteOffset + offset + length));
}
