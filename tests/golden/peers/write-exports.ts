/** Steps 0 and 2 of 4, see README.md: writes the tokenizer, and then what the lab makes of each checkpoint with its adapter. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { writeGgufFile } from "#main/engine/checkpoints/export/write-gguf.ts";
import { writeHuggingFaceFolder } from "#main/engine/checkpoints/export/write-hugging-face.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { createLoadedPolicies } from "#main/engine/process/loaded-policies.ts";

const scratch = process.argv[2] ?? "";
const quiet = { onBytes: () => undefined, isCancelled: () => false, breathe: () => Promise.resolve() };

await writeTinyModel(join(scratch, "tokenizer"), { seed: 1 });
for (const name of readdirSync(scratch)) {
  const folder = join(scratch, name);
  if (!existsSync(join(folder, "adapter"))) continue;
  const policies = createLoadedPolicies(join(scratch, "cache"));
  const { record } = await policies.open(join(folder, "base"), {});
  const files = { checkpointHash: record.hash, checkpointPath: record.path, adapterPath: join(folder, "adapter") };
  const checkpoint = await policies.checkpointOf(files);
  const weights = { tensors: checkpoint.tensors, adapter: await policies.adapterOf(files) };
  await writeHuggingFaceFolder(join(folder, "merged"), checkpoint, weights, "f32", quiet);
  for (const precision of ["f32", "f16", "q8_0"] as const) await writeGgufFile(join(folder, `${precision}.gguf`), checkpoint, weights, precision, quiet);
}
