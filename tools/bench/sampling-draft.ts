/** The record of how fast sampling is, from the report of its measuring process. */
import type { ResultDraft } from "../results/record.ts";
import type { SamplingReport, SamplingRun } from "./sampling-shapes.ts";
import { CACHE_LENGTH, NEW_TOKENS } from "./sampling-shapes.ts";

/** The goals of the project. */
const FLOORS = { sampler: 0.85, bare: 0.45, many: 1.2, one: 2.5 };

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const best = (numbers: readonly number[]): number => Math.max(...numbers);

export function samplingDraft({ productRates, productFlops, runs }: SamplingReport, threads: number): ResultDraft {
  const runOf = (rows: number, precision: SamplingRun["precision"]): SamplingRun => {
    const found = runs.find((run) => run.rows === rows && run.precision === precision);
    if (found === undefined) throw new RangeError(`expected a run of ${rows} rows in ${precision}`);
    return found;
  };
  const [many, one] = [runOf(32, "8bit"), runOf(1, "8bit")];
  /** Tokens a second of the bare graph. */
  const bareRate = ({ rows, bareMs }: SamplingRun): number => (1000 * rows) / median(bareMs);
  const products = (1000 * productFlops) / median(productRates);
  const bare = (1000 * many.flops) / median(many.bareMs);
  const sampler = median(many.samplerRates) / bareRate(many);
  const gains = {
    many: median(many.samplerRates) / median(runOf(32, "float32").samplerRates),
    one: median(one.samplerRates) / median(runOf(1, "float32").samplerRates),
  };
  return {
    section: "Speed",
    title: "How fast SmolLM2-135M is sampled",
    summary: `${median(many.samplerRates).toFixed(0)} tokens a second at 32 rows in 8 bits with drawing and detokenising, ${percent(sampler)} of the bare decoding graph, which is at ${percent(bare / products)} of the kernel of products in 8 bits; ${gains.many.toFixed(2)} times float32 at 32 rows, ${gains.one.toFixed(2)} times for one response. ${threads} threads, cache ${CACHE_LENGTH}.`,
    commands: ["node tools/run.cjs bench-sampling"],
    sources: ["main/engine/sampling", "main/engine/runtime", "app/decoding", "app/graph", "app/models", "tools/bench"],
    tables: [
      {
        columns: ["what", "floor", "found"],
        rows: [
          ["products of 32 rows in 8 bits through ONNX Runtime", "", `${(products / 1e9).toFixed(0)} GFLOP/s`],
          ["bare decoding graph at 32 rows in 8 bits: share of that", percent(FLOORS.bare), percent(bare / products)],
          ["whole sampler at 32 rows in 8 bits: share of the bare graph", percent(FLOORS.sampler), percent(sampler)],
          ["8 bits over float32, whole sampler, 32 rows", `${FLOORS.many} times`, `${gains.many.toFixed(2)} times`],
          ["8 bits over float32, whole sampler, one response", `${FLOORS.one} times`, `${gains.one.toFixed(2)} times`],
        ],
      },
      {
        columns: ["rows", "precision", "bare step, best", "median", "bare tokens/s", "sampler tokens/s, best", "median"],
        rows: runs.map((run) => [
          run.rows,
          run.precision,
          `${Math.min(...run.bareMs).toFixed(1)} ms`,
          `${median(run.bareMs).toFixed(1)} ms`,
          bareRate(run).toFixed(0),
          best(run.samplerRates).toFixed(0),
          median(run.samplerRates).toFixed(0),
        ]),
      },
      {
        columns: ["rows", "precision", "where a bare step goes"],
        rows: runs.map(({ rows, precision, opMs }) => [rows, precision, opShares(opMs)]),
      },
    ],
    notes: [
      `The bare graph reads a token for each row and returns the 64 most likely, the normalisers, and the new keys and values. The sampler's rate is that of ${NEW_TOKENS} tokens a row at temperature 0.8 and top-p 0.95 once every row has its first; prefill is not in it. A lone row is padded to two.`,
      "Where a bare step goes is by the runtime's own clock around each kernel, which the ops of ONNX after its fusions go by; it slows small kernels most.",
      "Medians, in turns within one process, so that what else the machine does falls on all alike. A run of the sampler is many steps: the best single step of the bare graph is no measure for it.",
    ],
  };
}

/** Ops of a twentieth and more by name, the others together. */
function opShares(opMs: Readonly<Record<string, number>>): string {
  const total = Object.values(opMs).reduce((sum, ms) => sum + ms, 0);
  const named = Object.entries(opMs).filter(([, ms]) => ms >= 0.05 * total);
  const others = total - named.reduce((sum, [, ms]) => sum + ms, 0);
  const shares = [...named, [`${Object.keys(opMs).length - named.length} others`, others] as const];
  return shares.map(([op, ms]) => `${op} ${ms.toFixed(1)} ms (${((100 * ms) / total).toFixed(0)} %)`).join(", ");
}
