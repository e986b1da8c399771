/** What opening a checkpoint is busy with, in words. */
import { basename } from "node:path";
import type { OpenProgress } from "#main/engine/checkpoints/open-checkpoint.ts";
import type { OpeningProgress } from "./protocol.ts";

export function openingProgress(path: string, progress: OpenProgress): OpeningProgress {
  const name = basename(path);
  switch (progress.kind) {
    case "hashing":
      return { message: `Reading ${name}`, share: share(progress) };
    case "conversion":
      return {
        message: `Converting ${name} to float32 once: ${megabytes(progress.targetBytes)} MB in the cache, about ${progress.estimatedSeconds} s`,
        share: 0,
      };
    case "converting":
      return { message: `Converting ${name}: ${megabytes(progress.doneBytes)} of ${megabytes(progress.totalBytes)} MB`, share: share(progress) };
    default:
      return progress satisfies never;
  }
}

function share({ doneBytes, totalBytes }: { readonly doneBytes: number; readonly totalBytes: number }): number {
  return totalBytes === 0 ? 1 : doneBytes / totalBytes;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
