/** SmolLM2, see README.md: opens its GGUF file and writes it again as a Hugging Face folder and as GGUF files of the lab's. */
import { join } from "node:path";
import { writeGgufFile } from "#main/engine/checkpoints/export/write-gguf.ts";
import { writeHuggingFaceFolder } from "#main/engine/checkpoints/export/write-hugging-face.ts";
import { openCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";

const [, , source = "", scratch = ""] = process.argv;
const quiet = { onBytes: () => undefined, isCancelled: () => false, breathe: () => Promise.resolve() };
const checkpoint = await openCheckpoint(source, { cacheDir: join(scratch, "cache") });
const weights = { tensors: checkpoint.tensors, adapter: undefined };
await writeHuggingFaceFolder(join(scratch, "hf"), checkpoint, weights, "f32", quiet);
for (const precision of ["f16", "q8_0"] as const) await writeGgufFile(join(scratch, `${precision}.gguf`), checkpoint, weights, precision, quiet);
