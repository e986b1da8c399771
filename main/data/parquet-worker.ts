/** The thread that decodes Parquet: a row group is decoded in one go, which would hold up whoever shares the thread. */
import { parentPort, workerData } from "node:worker_threads";
import { asyncBufferFromFile, type AsyncBuffer, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { InternalError } from "#app/base/errors.ts";
import type { ParquetAnswer, ParquetJob } from "./parquet-rows.ts";

const BATCH = 100;

async function* batches({ path, bytes }: ParquetJob): AsyncGenerator<readonly unknown[]> {
  const file = bytes === undefined ? await asyncBufferFromFile(path) : bufferOf(bytes);
  const metadata = await parquetMetadataAsync(file);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const rows: readonly unknown[] = await parquetReadObjects({ file, metadata, compressors, parsers, rowStart, rowEnd });
    for (let start = 0; start < rows.length; start += BATCH) yield rows.slice(start, start + BATCH).map(asJson);
    rowStart = rowEnd;
  }
}

/** A text may begin with a byte order mark, which the package's own decoder would drop. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const parsers = { stringFromBytes: (bytes: Uint8Array): string => decoder.decode(bytes) };

function bufferOf(bytes: Uint8Array): AsyncBuffer {
  return {
    byteLength: bytes.byteLength,
    // A copy: what is decoded may outlive the view.
    slice: (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer,
  };
}

/** Values as JSON would have them: whole numbers of 64 bits as numbers where they fit, times as texts. */
function asJson(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return value.toISOString();
  if (value === undefined) return null;
  if (value === null || typeof value !== "object") return value;
  if (ArrayBuffer.isView(value)) return Array.isArray(value) ? value : "bytes";
  if (Array.isArray(value)) return value.map(asJson);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asJson(member)]));
}

if (parentPort === null) throw new InternalError("the Parquet thread has no parent");
const parent = parentPort;
const source = batches(workerData as ParquetJob)[Symbol.asyncIterator](); // parquet-rows.ts starts it with one

parent.on("message", (order: "next" | "stop") => {
  if (order === "stop") {
    parent.close();
    return;
  }
  source.next().then(
    ({ done, value }) => {
      parent.postMessage((done === true ? { kind: "end" } : { kind: "rows", rows: value }) satisfies ParquetAnswer);
    },
    (thrown: unknown) => {
      parent.postMessage({ kind: "failed", reason: thrown instanceof Error ? thrown.message : String(thrown) } satisfies ParquetAnswer);
    },
  );
});
