/** The record of sampling beside other samplers, from their reports. */
import type { ResultDraft } from "../results/record.ts";
import type { PeerReport, PeerSamplingJob } from "./peer-sampling.ts";

export type NamedReport = { readonly name: string; readonly precision: string; readonly report: PeerReport };

export const OURS = "Nash Lab";
/** The goals of the project: over the best peer of the same precision. */
const GOALS: Readonly<Record<number, string>> = { 32: "1.3 times", 1: "1 time" };

type Rates = {
  /** Tokens a second from prompts to texts, and of a second of the processor's time. */
  readonly whole: number;
  readonly byProcessor: number;
  /** Of decoding alone. */
  readonly decoding: number;
};

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function ratesOf({ runs }: PeerReport, rows: number, newTokens: readonly number[]): Rates {
  const [most, least] = [Math.max(...newTokens), Math.min(...newTokens)];
  const at = (tokens: number, of: "seconds" | "cpuSeconds"): number =>
    median(runs.filter((run) => run.rows === rows && run.newTokens === tokens).map((run) => run[of]));
  return {
    whole: (rows * most) / at(most, "seconds"),
    byProcessor: (rows * most) / at(most, "cpuSeconds"),
    decoding: (rows * (most - least)) / (at(most, "seconds") - at(least, "seconds")),
  };
}

export function peerSamplingDraft(reports: readonly NamedReport[], job: PeerSamplingJob): ResultDraft {
  const { rows: sizes, newTokens, threads } = job;
  const found = (rows: number) => reports.map((entry) => ({ ...entry, rates: ratesOf(entry.report, rows, newTokens) }));
  const comparisons = sizes.flatMap((rows) =>
    [...new Set(reports.map(({ precision }) => precision))].flatMap((precision) => {
      const entries = found(rows).filter((entry) => entry.precision === precision);
      const ours = entries.find(({ name }) => name === OURS);
      const [best] = entries.filter(({ name }) => name !== OURS).toSorted((a, b) => b.rates.whole - a.rates.whole);
      return ours === undefined || best === undefined ? [] : [{ rows, precision, ours, best }];
    }),
  );
  const over = (of: keyof Rates) => (comparison: (typeof comparisons)[number]) =>
    `${(comparison.ours.rates[of] / comparison.best.rates[of]).toFixed(2)} times`;
  const versions = Object.entries(Object.assign({}, ...reports.map(({ report }) => report.versions)) as Record<string, string>); // of strings
  const lengths = job.promptIds.map((ids) => ids.length);
  return {
    section: "Peers",
    title: "Sampling beside Transformers, transformers.js and llama.cpp",
    summary: `${Math.max(...sizes)} prompts of ${Math.min(...lengths)} to ${Math.max(...lengths)} tokens answered side by side with ${Math.max(...newTokens)} tokens each, and one alone, by SmolLM2-135M with ${threads} threads; temperature ${job.temperature}, top-k ${job.topK}, top-p ${job.topP}. Ours over the best peer: ${comparisons.map((c) => `${over("whole")(c)} at ${c.rows} in ${c.precision}`).join(", ")}.`,
    commands: ["tools/peers/sampling/setup.sh FOLDER", "node tools/run.cjs bench-peers-sampling FOLDER"],
    sources: ["main/engine/sampling", "main/engine/runtime", "app/decoding", "app/models", "tools/peers/sampling", "tools/bench"],
    tables: [
      {
        columns: ["rows", "precision", "best peer", "goal", "ours over it", "decoding alone", "by processor time"],
        rows: comparisons.map((c) => [
          c.rows,
          c.precision,
          c.best.name,
          GOALS[c.rows] ?? "",
          over("whole")(c),
          over("decoding")(c),
          over("byProcessor")(c),
        ]),
      },
      {
        columns: ["rows", "precision", "what", "tokens a second", "decoding alone", "of a second of processor time"],
        rows: sizes.flatMap((rows) =>
          found(rows).map(({ name, precision, rates }) => [
            rows,
            precision,
            name,
            rates.whole.toFixed(1),
            rates.decoding.toFixed(1),
            rates.byProcessor.toFixed(1),
          ]),
        ),
      },
      ...profileTables(reports, job),
    ],
    notes: [
      `Versions: ${versions.map(([name, version]) => `${name} ${version}`).join(", ")}. Flags: ${reports
        .filter(({ name }) => name !== OURS)
        .map(({ name, precision, report }) => `${name} in ${precision}: ${report.flags}`)
        .join("; ")}.`,
      "All read the same token ids and end no response early. Tokens a second are from the prompts to the last text; decoding alone is the difference to responses of a few tokens. Medians, one sampler after the other in one run: on a busy machine compare processor times.",
      "Ours returns the log-probability of every token, and draws what it would draw alone.",
    ],
  };
}

/** Where ours spends its time, at its most tokens: of the run that took the median. */
function profileTables(reports: readonly NamedReport[], { rows: sizes, newTokens }: PeerSamplingJob): NonNullable<ResultDraft["tables"]> {
  const most = Math.max(...newTokens);
  const rows = sizes.flatMap((size) =>
    reports.flatMap(({ name, precision, report: { runs } }) => {
      const ofSize = runs.filter((run) => run.rows === size && run.newTokens === most).toSorted((a, b) => a.seconds - b.seconds);
      const { seconds, parts } = ofSize[Math.floor(ofSize.length / 2)] ?? {};
      if (seconds === undefined || parts === undefined) return [];
      const rest = seconds - Object.values(parts).reduce((sum, part) => sum + part, 0);
      const shares = Object.entries({ ...parts, "drawing, texts and the rest": rest }).map(
        ([part, taken]) => `${part} ${((100 * taken) / seconds).toFixed(0)} %`,
      );
      return [[name, size, precision, seconds.toFixed(2), shares.join(", ")]];
    }),
  );
  return rows.length === 0 ? [] : [{ columns: ["where the time goes", "rows", "precision", "s", "of it"], rows }];
}
