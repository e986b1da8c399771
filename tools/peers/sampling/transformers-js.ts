/** Samples with transformers.js, all prompts as one padded batch, and prints, as JSON, what that took: `transformers-js.ts JOB PACKAGES`. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as z from "zod";
import { measureRuns, type PeerReport, type PeerSamplingJob } from "../../bench/peer-sampling.ts";

type Tensor = { readonly dims: readonly number[]; slice(...ranges: readonly (readonly [number, null] | null)[]): Tensor };

/** The little of it that is used here: it is installed in the folder of the peers, not in the project. */
type TransformersJs = {
  readonly env: { readonly version: string; allowRemoteModels: boolean };
  readonly Tensor: new (type: "int64", data: BigInt64Array, dims: readonly number[]) => Tensor;
  readonly AutoTokenizer: {
    from_pretrained(folder: string, options: object): Promise<{ batch_decode(ids: Tensor, options: object): string[] }>;
  };
  readonly AutoModelForCausalLM: {
    from_pretrained(folder: string, options: object): Promise<{ generate(options: object): Promise<Tensor>; dispose(): Promise<unknown> }>;
  };
};

const exportSchema = z.object({ versions: z.record(z.string(), z.string()), logitGaps: z.record(z.string(), z.number()) });

const [text, packages] = process.argv.slice(2);
if (text === undefined || packages === undefined) throw new Error("expected a job as JSON, and the folder of the packages");
const job = JSON.parse(text) as PeerSamplingJob; // written by tools/tasks/bench-peers-sampling.ts
const load = createRequire(join(packages, "package.json"));
const library = load("@huggingface/transformers") as TransformersJs; // whose version setup.sh pins
const runtime = createRequire(load.resolve("@huggingface/transformers"))("onnxruntime-node/package.json") as { readonly version: string }; // a package's own
const exported = exportSchema.parse(JSON.parse(readFileSync(join(job.model, "export.json"), "utf8")));
library.env.allowRemoteModels = false;

const dtype = job.precision === "8bit" ? "q8" : "fp32";
const tokenizer = await library.AutoTokenizer.from_pretrained(job.model, { local_files_only: true });
const model = await library.AutoModelForCausalLM.from_pretrained(job.model, {
  dtype,
  device: "cpu",
  local_files_only: true,
  session_options: { intraOpNumThreads: job.threads },
});

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const tensorOf = (rows: readonly (readonly number[])[], length: number): Tensor =>
  new library.Tensor("int64", BigInt64Array.from(rows.flat(), BigInt), [rows.length, length]);
const repeated = (value: number, count: number): number[] => new Array<number>(count).fill(value);

const runs = await measureRuns(job, cpuSeconds, async (promptIds, newTokens) => {
  const longest = Math.max(...promptIds.map((ids) => ids.length));
  const padded = promptIds.map((ids) => [...repeated(0, longest - ids.length), ...ids]);
  const mask = promptIds.map((ids) => [...repeated(0, longest - ids.length), ...repeated(1, ids.length)]);
  const ids = await model.generate({
    input_ids: tensorOf(padded, longest),
    attention_mask: tensorOf(mask, longest),
    do_sample: true,
    temperature: job.temperature,
    top_k: job.topK,
    top_p: job.topP,
    max_new_tokens: newTokens,
    min_new_tokens: newTokens,
  });
  if (ids.dims[0] !== promptIds.length || ids.dims[1] !== longest + newTokens) {
    throw new Error(`expected ${newTokens} new tokens in each of ${promptIds.length} rows, got a tensor of ${ids.dims.join(" × ")}`);
  }
  const texts = tokenizer.batch_decode(ids.slice(null, [longest, null]), { skip_special_tokens: true });
  if (texts.length !== promptIds.length || texts.join("") === "") throw new Error("expected a text for each row");
});
await model.dispose();

const made = Object.entries(exported.versions).map(([name, version]) => `${name} ${version}`);
const flags = [
  `dtype ${dtype}`,
  "device cpu",
  `intraOpNumThreads ${job.threads}`,
  "all else as it defaults",
  "no top-p (it reads the option and does not apply it)",
  `model exported by ${made.join(", ")}, its logits on two texts up to ${(exported.logitGaps[job.precision] ?? Number.NaN).toPrecision(2)} from Transformers'`,
];
const versions = { "transformers.js": library.env.version, "onnxruntime-node": runtime.version };
process.stdout.write(JSON.stringify({ versions, flags: flags.join(", "), runs } satisfies PeerReport));
