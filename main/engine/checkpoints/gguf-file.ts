/** Reads a GGUF file's header: metadata, and where each tensor lies. */
import { stat } from "node:fs/promises";
import { gguf, type GGUFParseOutput } from "@huggingface/gguf";
import { DataError } from "#app/base/errors.ts";
import type { Shape } from "#app/graph/types.ts";
import { checkpointWords } from "#app/text/checkpoints.ts";
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
    throw new DataError(checkpointWords.noGguf(path), { path }, { cause });
  });
  const parsed = await parse(path);
  const dataStart = Number(parsed.tensorDataOffset);
  // The parser reads zeros behind the end of a file.
  if (parsed.tensorInfoByteRange[1] > size)
    throw new DataError(checkpointWords.ggufHeaderCut(path, parsed.tensorInfoByteRange[1], size), {
      path,
    });
  if (!parsed.littleEndian) throw new DataError(checkpointWords.ggufBigEndian(path), { path });
  const metadata = new Map<string, unknown>(Object.entries(parsed.metadata));
  const splitCount = Number(metadata.get("split.count") ?? 1);
  if (splitCount > 1) throw new DataError(checkpointWords.ggufParts(path, splitCount), { path });
  const tensors = parsed.tensorInfos.map((info) => {
    const format = GGUF_FORMATS.get(info.dtype);
    if (format === undefined) {
      const known = [...GGUF_FORMATS.values()].map(({ name }) => name).join(", ");
      throw new DataError(checkpointWords.ggufType(path, known, info.dtype, info.name), { path, name: info.name });
    }
    const shape = info.shape.map(Number).reverse();
    const weights = shape.reduce((product, dim) => product * dim, 1);
    if ((shape.at(-1) ?? 0) % format.blockWeights !== 0)
      throw new DataError(checkpointWords.ggufRows(path, format.blockWeights, info.name, format.name, shape.at(-1) ?? 0), { path, name: info.name });
    const length = (weights / format.blockWeights) * format.blockBytes;
    const offset = dataStart + Number(info.offset);
    if (offset + length > size)
      throw new DataError(checkpointWords.cutShort(path, info.name, offset + length, size), {
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
    throw new DataError(checkpointWords.ggufHeader(path, reason), { path }, { cause });
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
