/** By what a checkpoint is known: a hash of all of its content, and a cheaper one of its descriptions and headers. */
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { CancelledError } from "#app/base/errors.ts";
import type { ContentHash } from "#app/base/ids.ts";
import type { CheckpointSource } from "./checkpoint-source.ts";

const READ_BYTES = 4 << 20;

/** Changes with every description (configuration, tokenizer, chat template) and every name, type and place of a tensor. */
export function headerHashOf(source: CheckpointSource): ContentHash {
  const digest = createHash("sha256");
  for (const [name, text] of [...source.descriptions].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const bytes = Buffer.from(text);
    digest.update(`${name} ${bytes.length}\n`).update(bytes);
  }
  for (const { headerBytes, sizeBytes } of source.weightFiles) digest.update(`weights ${headerBytes.length} ${sizeBytes}\n`).update(headerBytes);
  return hexOf(digest);
}

/** Of the header hash and every byte of the weight files. `onBytes` hears how many more bytes were read. */
export async function contentHashOf(source: CheckpointSource, onBytes: (count: number) => void, signal?: AbortSignal): Promise<ContentHash> {
  const digest = createHash("sha256").update(headerHashOf(source));
  for (const { path } of source.weightFiles) {
    for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) {
      if (signal?.aborted === true) throw new CancelledError();
      const bytes = chunk as Buffer; // a stream without an encoding gives buffers
      digest.update(bytes);
      onBytes(bytes.length);
    }
  }
  return hexOf(digest);
}

function hexOf(digest: Hash): ContentHash {
  return digest.digest("hex") as ContentHash; // a digest is what the brand stands for
}
