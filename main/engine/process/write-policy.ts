/** Writes a policy for other tools: opens it, merges its adapter, tells how far it is. */
import { basename } from "node:path";
import { engineWords } from "#app/text/engine.ts";
import { writeGgufFile } from "#main/engine/checkpoints/export/write-gguf.ts";
import { writeHuggingFaceFolder } from "#main/engine/checkpoints/export/write-hugging-face.ts";
import type { EngineCall } from "./engine-methods.ts";
import type { LoadedPolicies } from "./loaded-policies.ts";
import type { EngineMethods, OpeningProgress } from "./protocol.ts";

const TELL_INTERVAL_MS = 250;

export async function writePolicy(
  policies: LoadedPolicies,
  { policy: files, path, layout, precision }: EngineMethods["writePolicy"]["params"],
  call: EngineCall<OpeningProgress>,
): Promise<EngineMethods["writePolicy"]["result"]> {
  const checkpoint = await policies.checkpointOf(files);
  const weights = { tensors: checkpoint.tensors, adapter: await policies.adapterOf(files) };
  let toldAt = -Infinity;
  const hooks = {
    onBytes: (doneBytes: number, totalBytes: number) => {
      const now = performance.now();
      if (now - toldAt < TELL_INTERVAL_MS && doneBytes < totalBytes) return;
      toldAt = now;
      call.emit({ message: engineWords.opening.writing(basename(path)), share: doneBytes / totalBytes });
    },
    isCancelled: call.isCancelled,
    breathe: call.breathe,
  };
  switch (layout) {
    case "hf":
      return { files: await writeHuggingFaceFolder(path, checkpoint, weights, precision, hooks) };
    case "gguf":
      await writeGgufFile(path, checkpoint, weights, precision, hooks);
      return { files: [basename(path)] };
    default:
      return layout satisfies never;
  }
}
