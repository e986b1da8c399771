/** What opening a checkpoint is busy with, in words. */
import { basename } from "node:path";
import { engineWords } from "#app/text/engine.ts";
import type { OpenProgress } from "#main/engine/checkpoints/open-checkpoint.ts";
import type { OpeningProgress } from "./protocol.ts";

export function openingProgress(path: string, progress: OpenProgress): OpeningProgress {
  const name = basename(path);
  const words = engineWords.opening;
  switch (progress.kind) {
    case "hashing":
      return { message: words.reading(name), share: share(progress) };
    case "conversion":
      return { message: words.toConvert(name, megabytes(progress.targetBytes), progress.estimatedSeconds), share: 0 };
    case "converting":
      return { message: words.converting(name, megabytes(progress.doneBytes), megabytes(progress.totalBytes)), share: share(progress) };
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
