/** What samplers are asked when they are measured side by side, and what each answers. */
import * as z from "zod";
import type { SamplingPrecision } from "#app/domain/sampling.ts";

export type PeerSamplingJob = {
  /** A folder or file, in what the sampler reads. */
  readonly model: string;
  /** Ours reads one model for both; a peer has its own files. */
  readonly precision: SamplingPrecision;
  /** Where a peer may put what it makes. */
  readonly scratch: string;
  readonly prompts: readonly string[];
  /** The same as token ids, through the chat template. */
  readonly promptIds: readonly (readonly number[])[];
  readonly rows: readonly number[];
  /** Tokens of each response: the difference in time of the two is that of decoding alone. End tokens end none. */
  readonly newTokens: readonly number[];
  readonly repeats: number;
  readonly threads: number;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
};

const runSchema = z.object({
  rows: z.number(),
  newTokens: z.number(),
  seconds: z.number(),
  cpuSeconds: z.number(),
  /** Seconds of the run by what they went to, where a sampler can say; what is missing to `seconds` is the rest. */
  parts: z.record(z.string(), z.number()).optional(),
});
export type PeerRun = Readonly<z.infer<typeof runSchema>>;

export const peerReportSchema = z.object({
  versions: z.record(z.string(), z.string()),
  flags: z.string(),
  runs: z.array(runSchema),
});
export type PeerReport = Readonly<z.infer<typeof peerReportSchema>>;

/** Runs every size, after each was run once unmeasured. `takeParts`: what the run since the last call spent its seconds on. */
export async function measureRuns(
  job: PeerSamplingJob,
  cpuSeconds: () => number,
  sample: (promptIds: readonly (readonly number[])[], newTokens: number) => Promise<void>,
  takeParts?: () => Readonly<Record<string, number>>,
): Promise<PeerRun[]> {
  const runs: PeerRun[] = [];
  for (const rows of job.rows) {
    const prompts = job.promptIds.slice(0, rows);
    for (let repeat = -1; repeat < job.repeats; repeat++) {
      for (const newTokens of job.newTokens) {
        const [startedAt, cpuBefore] = [performance.now(), cpuSeconds()];
        await sample(prompts, newTokens);
        const run = { rows, newTokens, seconds: (performance.now() - startedAt) / 1000, cpuSeconds: cpuSeconds() - cpuBefore, parts: takeParts?.() };
        if (repeat >= 0) runs.push(run);
      }
    }
  }
  return runs;
}
