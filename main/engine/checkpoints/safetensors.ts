/** The safetensors format: reads a file's header, plans a file's layout, writes small files whole. */
import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { DataError, InternalError } from "#app/base/errors.ts";
import { elementCount } from "#app/graph/shapes.ts";
import type { Shape } from "#app/graph/types.ts";
import { checkpointWords } from "#app/text/checkpoints.ts";
import { SAFETENSORS_FORMATS, type WeightFormat } from "./weight-formats.ts";

export type SafetensorsEntry = {
  readonly dtype: string;
  readonly shape: Shape;
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly length: number;
};

export type SafetensorsHeader = {
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: Readonly<Record<string, string>>;
  /** The eight length bytes and the JSON, as they stand in the file. */
  readonly bytes: Uint8Array;
  readonly fileBytes: number;
};

/** Larger headers are refused, as the format's own library does. */
const MAX_HEADER_BYTES = 100_000_000;

/** Throws DataError when the file is missing, cut short, or its header does not describe it. */
export async function readSafetensorsHeader(path: string): Promise<SafetensorsHeader> {
  const file = await openToRead(path);
  try {
    const fileBytes = (await file.stat()).size;
    if (fileBytes < 8) throw new DataError(checkpointWords.notSafetensors(path, fileBytes), { path });
    const lengthBytes = await readExactly(file, path, 0, 8);
    const headerBytes = Number(new DataView(lengthBytes.buffer).getBigUint64(0, true));
    if (headerBytes > MAX_HEADER_BYTES || 8 + headerBytes > fileBytes) {
      throw new DataError(checkpointWords.safetensorsHeader(path, Math.min(MAX_HEADER_BYTES, fileBytes - 8), headerBytes), { path });
    }
    const bytes = await readExactly(file, path, 0, 8 + headerBytes);
    return { ...parseHeader(path, bytes, fileBytes), bytes, fileBytes };
  } finally {
    await file.close();
  }
}

function parseHeader(path: string, bytes: Uint8Array, fileBytes: number): Pick<SafetensorsHeader, "tensors" | "metadata"> {
  const json = parseJsonObject(path, new TextDecoder().decode(bytes.subarray(8)));
  const tensors = new Map<string, SafetensorsEntry>();
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(json)) {
    if (name === "__metadata__") {
      // Entries that are no text are left out: nothing here depends on them.
      metadata = Object.fromEntries(Object.entries(value ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
      continue;
    }
    const entry = parseEntry(value, bytes.length);
    if (entry === undefined) throw new DataError(checkpointWords.tensorEntry(path, name, JSON.stringify(value)), { path, name });
    if (entry.offset + entry.length > fileBytes) {
      throw new DataError(checkpointWords.cutShort(path, name, entry.offset + entry.length, fileBytes), {
        path,
        name,
      });
    }
    tensors.set(name, entry);
  }
  return { tensors, metadata };
}

function parseJsonObject(path: string, text: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new DataError(checkpointWords.headerNotJson(path), { path }, { cause });
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new DataError(checkpointWords.headerIs(path, typeof json), { path });
  return json as Readonly<Record<string, unknown>>; // an object, checked above
}

function parseEntry(value: unknown, dataStart: number): SafetensorsEntry | undefined {
  if (typeof value !== "object" || value === null || !("dtype" in value) || !("shape" in value) || !("data_offsets" in value)) return undefined;
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !isCountList(shape) || !isCountList(offsets)) return undefined;
  const [start, end] = offsets;
  if (offsets.length !== 2 || start === undefined || end === undefined || end < start) return undefined;
  return { dtype, shape, offset: dataStart + start, length: end - start };
}

function isCountList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

export type SafetensorsPlan = {
  /** The eight length bytes and the JSON. */
  readonly headerBytes: Uint8Array;
  /** In the order of the file; offsets from its start. */
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
  readonly fileBytes: number;
};

/** How a file's numbers are stored. */
export type StoredType = { readonly name: string; readonly bytes: number };

const F32: StoredType = { name: "F32", bytes: 4 };

/** The layout of a file of tensors of one type in the order of their names: the same tensors give the same bytes. */
export function planSafetensors(
  shapes: ReadonlyMap<string, Shape>,
  metadata: Readonly<Record<string, string>>,
  type: StoredType = F32,
): SafetensorsPlan {
  const names = [...shapes.keys()].sort();
  let end = 0;
  const placed = names.map((name) => {
    const shape = shapes.get(name) ?? [];
    const start = end;
    end += elementCount(shape) * type.bytes;
    return { name, shape, start, length: end - start };
  });
  const described = placed.map(({ name, shape, start, length }) => [name, { dtype: type.name, shape, data_offsets: [start, start + length] }]);
  const json = JSON.stringify(Object.fromEntries([["__metadata__", metadata], ...described]));
  // Padded with spaces, so that the data begin at a multiple of 8.
  const text = new TextEncoder().encode(json);
  const headerBytes = new Uint8Array(8 + Math.ceil(text.length / 8) * 8).fill(0x20);
  new DataView(headerBytes.buffer).setBigUint64(0, BigInt(headerBytes.length - 8), true);
  headerBytes.set(text, 8);
  const tensors = placed.map(
    ({ name, shape, start, length }) => [name, { dtype: type.name, shape, offset: headerBytes.length + start, length }] as const,
  );
  return { headerBytes, tensors: new Map(tensors), fileBytes: headerBytes.length + end };
}

export type NamedTensors = ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;

/** Writes float32 tensors; the file appears whole or not at all, and is durable when this resolves. */
export async function writeSafetensors(
  path: string,
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = { format: "pt" },
): Promise<void> {
  const plan = planSafetensors(new Map([...tensors].map(([name, { shape }]) => [name, shape])), metadata);
  await writeAtomically(path, async (file) => {
    await file.writeFile(plan.headerBytes);
    for (const [name, { length }] of plan.tensors) {
      const data = tensors.get(name)?.data;
      if (data?.byteLength !== length) throw new InternalError(`${name}: expected ${length} bytes, got ${data?.byteLength ?? 0}`);
      await file.writeFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
  });
}

/** Writes under another name beside the path, syncs, renames: a reader never sees half a file, a crash leaves none. */
export async function writeAtomically(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const partial = partialPath(path);
  try {
    const file = await open(partial, "wx");
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (thrown) {
    await rm(partial, { force: true });
    throw thrown;
  }
  await syncFolder(dirname(path));
}

/** The process id tells a later run whether the writer still lives. */
function partialPath(path: string): string {
  return `${path}.${process.pid}.${randomUUID()}.partial`;
}

async function syncFolder(path: string): Promise<void> {
  // Windows does not open folders; there a rename is durable by itself.
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Opens a file for reading; DataError if there is none. */
export async function openToRead(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (cause) {
    throw new DataError(checkpointWords.cannotOpen(path, missing(cause)), { path }, { cause });
  }
}

function missing(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
}

/** Reads `length` bytes at an offset into memory of their own; DataError if the file ends before. */
export async function readExactly(file: FileHandle, path: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new DataError(checkpointWords.endsBefore(path, length, offset, length - done), { path });
    done += bytesRead;
  }
  return bytes;
}

/** How a tensor's numbers are stored. Throws DataError for a format that the lab does not read, and where bytes and shape differ. */
export function formatOf(path: string, name: string, { dtype, shape, length }: SafetensorsEntry): WeightFormat {
  const format = SAFETENSORS_FORMATS.get(dtype);
  if (format === undefined)
    throw new DataError(checkpointWords.weightType(path, [...SAFETENSORS_FORMATS.keys()].join(", "), dtype, name), { path, name });
  const expected = elementCount(shape) * format.blockBytes;
  if (length !== expected) throw new DataError(checkpointWords.tensorBytes(path, expected, name, length), { path, name });
  return format;
}

/** Reads a small file of tensors whole, as float32. Throws DataError where it is cut short or a tensor has another type. */
export async function readSafetensors(path: string): Promise<NamedTensors> {
  const { tensors } = await readSafetensorsHeader(path);
  const file = await openToRead(path);
  try {
    const read: [string, { readonly shape: Shape; readonly data: Float32Array }][] = [];
    for (const [name, entry] of tensors) {
      const format = formatOf(path, name, entry);
      const bytes = await readExactly(file, path, entry.offset, entry.length);
      read.push([name, { shape: entry.shape, data: floatsOf(bytes, format) }]);
    }
    return new Map(read);
  } finally {
    await file.close();
  }
}

function floatsOf(bytes: Uint8Array<ArrayBuffer>, format: WeightFormat): Float32Array {
  if (format.name === F32.name) return new Float32Array(bytes.buffer);
  const floats = new Float32Array(bytes.length / format.blockBytes);
  format.decode(bytes, floats);
  return floats;
}
