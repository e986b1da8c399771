/** Reads a GGUF file's header: metadata, and where each tensor lies. */
import { stat } from "node:fs/promises";
import { gguf, type GGUFParseOutput } from "@huggingface/gguf";
import { DataError } from "#app/base/errors.ts";
import type { Shape } from "#app/graph/types.ts";
import { openToRead, readExactly } from "./safetensors.ts";
import { GGUF_FORMATS, type WeightFormat } from "./weight-formats.ts";

export type GgufTensor = {
  readonly name: string;
  /** Rows first, as everywhere else in the lab; the file has it the other way round. */
  readonly shape: Shape;
  readonly format: WeightFormat;
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly length: number;
};

export type GgufFile = {
  readonly metadata: ReadonlyMap<string, unknown>;
  readonly tensors: readonly GgufTensor[];
  readonly headerBytes: Uint8Array;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
};

/** Throws DataError when the file is missing, cut short, no GGUF, or holds a number format that the lab does not read. */
export async function readGguf(path: string): Promise<GgufFile> {
  const { size, mtimeMs } = await stat(path).catch((cause: unknown) => {
    throw new DataError(`${path}: expected a GGUF file, found none`, { path }, { cause });
  });
  const parsed = await parse(path);
  const dataStart = Number(parsed.tensorDataOffset);
  // The parser reads zeros behind the end of a file.
  if (parsed.tensorInfoByteRange[1] > size)
    throw new DataError(`${path}: expected a GGUF header of ${parsed.tensorInfoByteRange[1]} bytes, the file has ${size}: it was cut short`, {
      path,
    });
  if (!parsed.littleEndian) throw new DataError(`${path}: expected a little-endian GGUF file, got a big-endian one`, { path });
  const metadata = new Map<string, unknown>(Object.entries(parsed.metadata));
  const splitCount = Number(metadata.get("split.count") ?? 1);
  if (splitCount > 1)
    throw new DataError(`${path}: expected a GGUF in one file, got one of ${splitCount} parts; join them with llama-gguf-split --merge`, { path });
  const tensors = parsed.tensorInfos.map((info) => {
    const format = GGUF_FORMATS.get(info.dtype);
    if (format === undefined) {
      const known = [...GGUF_FORMATS.values()].map(({ name }) => name).join(", ");
      throw new DataError(`${path}: expected weights as ${known}, got GGUF type ${info.dtype} for ${info.name}`, { path, name: info.name });
    }
    const shape = info.shape.map(Number).reverse();
    const weights = shape.reduce((product, dim) => product * dim, 1);
    if ((shape.at(-1) ?? 0) % format.blockWeights !== 0)
      throw new DataError(
        `${path}: expected rows of a multiple of ${format.blockWeights} weights for ${info.name} in ${format.name}, got ${shape.at(-1) ?? 0}`,
        { path, name: info.name },
      );
    const length = (weights / format.blockWeights) * format.blockBytes;
    const offset = dataStart + Number(info.offset);
    if (offset + length > size)
      throw new DataError(`${path}: ${info.name} ends at byte ${offset + length}, but the file has ${size}: it was cut short`, {
        path,
        name: info.name,
      });
    return { name: info.name, shape, format, offset, length };
  });
  return {
    metadata,
    tensors,
    headerBytes: await readHeaderBytes(path, Math.min(dataStart, size)),
    sizeBytes: size,
    modifiedAtMs: Math.floor(mtimeMs),
  };
}

async function parse(path: string): Promise<GGUFParseOutput<{ strict: false }>> {
  try {
    return await gguf(path, { allowLocalFile: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`${path}: expected a GGUF file, could not read its header (${reason})`, { path }, { cause });
  }
}

async function readHeaderBytes(path: string, length: number): Promise<Uint8Array> {
  const file = await openToRead(path);
  try {
    return await readExactly(file, path, 0, length);
  } finally {
    await file.close();
  }
}
