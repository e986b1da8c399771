/** Settings of an evaluation and what it reports. */
import * as z from "zod";
import type { AttemptId, PolicyId } from "#app/base/ids.ts";

export const evaluationSettingsSchema = z.strictObject({
  /** Validation selects and recommends; test is only reported, and each look is counted. */
  split: z.enum(["validation", "test"]).default("validation"),
  /** At most so many held-out prompts, in hash order; 0 means all. */
  maxPrompts: z.int().min(0).default(0),
  temperature: z.number().min(0).max(5).default(0.7),
  confidence: z.number().gt(0.5).lt(1).default(0.95),
  /** The collapse watch looks at so many responses of a round's policy, in hash order of their prompts; 0 switches it off. */
  watchResponses: z.int().min(0).default(64),
  /** Resamples of the prompts for the simultaneous interval. */
  bootstrapSamples: z.int().min(100).max(100_000).default(2000),
});
export type EvaluationSettings = Readonly<z.infer<typeof evaluationSettingsSchema>>;

/** One policy against one opponent on the held-out prompts; rates and errors as shares of 1. */
export type WinRateRow = {
  readonly attemptId: AttemptId;
  readonly policyId: PolicyId;
  readonly opponentId: PolicyId;
  /** Which of the standing opponents it is; one policy can be both. */
  readonly roles: readonly ("previous" | "first")[];
  /** Prompts that count, and prompts whose asks gave no usable answer. */
  readonly n: number;
  readonly missing: number;
  readonly winRate: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  /** How the interval was made. */
  readonly interval: "maxTBootstrap" | "wilson";
  /** True where the interval covers all rows of the evaluation together. */
  readonly isSimultaneous: boolean;
  readonly meanLength: number;
  readonly opponentMeanLength: number;
};

export type Recommendation = {
  readonly policyId: PolicyId;
  /** improved: every interval is above ½; cycle: so too, but verdicts run in circles; worse: one lies below ½; else no significant change. */
  readonly verdict: "improved" | "noSignificantChange" | "worse" | "tooFew" | "cycle";
  /** One sentence in the voice of a careful colleague. */
  readonly sentence: string;
};
