/** The bytes of a data file in pieces, from disk or from memory, and what is wrong with a path in words. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { DataError, fileReason } from "#app/base/errors.ts";
import type { ContentHash } from "#app/base/ids.ts";
import type { DataSource } from "#app/rounds/data-ports.ts";
import { dataWords } from "#app/text/data.ts";

const PIECE_BYTES = 256 * 1024;

export type Bytes = {
  readonly path: string;
  readonly sizeBytes: number;
  /** Its beginning, at most so many bytes. */
  head(length: number): Promise<Uint8Array>;
  /** The bytes as they lie there. */
  pieces(): AsyncIterable<Uint8Array>;
  /** The same, unpacked if they are gzip. */
  unpacked(): AsyncIterable<Uint8Array>;
};

/** Throws DataError for a path that is no file which can be read. */
export async function openBytes({ path, bytes }: DataSource): Promise<Bytes> {
  if (bytes !== undefined) {
    const pieces = (): AsyncIterable<Uint8Array> => slices(bytes);
    return {
      path,
      sizeBytes: bytes.byteLength,
      head: async (length) => bytes.subarray(0, length),
      pieces,
      unpacked: () => unpack(bytes, pieces, path),
    };
  }
  const { sizeBytes, head } = await inspect(path);
  const pieces = (): AsyncIterable<Uint8Array> => filePieces(path);
  return { path, sizeBytes, head: async (length) => head.subarray(0, length), pieces, unpacked: () => unpack(head, pieces, path) };
}

const HEAD_BYTES = 64 * 1024;

async function inspect(path: string): Promise<{ readonly sizeBytes: number; readonly head: Uint8Array }> {
  try {
    const handle = await open(path);
    try {
      const { size } = await handle.stat();
      const head = new Uint8Array(HEAD_BYTES);
      const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
      return { sizeBytes: size, head: head.subarray(0, bytesRead) };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function* filePieces(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) yield piece as Uint8Array; // a stream without an encoding gives bytes
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += PIECE_BYTES) {
    yield bytes.subarray(start, start + PIECE_BYTES);
    await nextTurn();
  }
}

function unpack(head: Uint8Array, pieces: () => AsyncIterable<Uint8Array>, path: string): AsyncIterable<Uint8Array> {
  return head[0] === 0x1f && head[1] === 0x8b ? gunzipped(pieces(), path) : pieces();
}

async function* gunzipped(pieces: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  const source = Readable.from(pieces);
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  source.on("error", (thrown: Error) => gunzip.destroy(thrown));
  try {
    for await (const piece of source.pipe(gunzip)) yield piece as Uint8Array; // a stream without an encoding gives bytes
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(dataWords.brokenGzip(path, fileReason(cause)), { path }, { cause });
  } finally {
    source.destroy();
  }
}

/** SHA-256 of all pieces. */
export async function hashBytes(bytes: Bytes): Promise<ContentHash> {
  const hash = createHash("sha256");
  for await (const piece of bytes.pieces()) hash.update(piece);
  return hash.digest("hex") as ContentHash;
}

function unreadable(path: string, cause: unknown): DataError {
  return new DataError(dataWords.unreadable(path, fileReason(cause)), { path }, { cause });
}
