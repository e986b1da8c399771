/** How responses are drawn, and what one response is. */
import * as z from "zod";
import type { AttemptId, PolicyId, PromptId, ResponseId } from "#app/base/ids.ts";

export const precisionSchema = z.enum(["float32", "8bit"]);
export type SamplingPrecision = z.infer<typeof precisionSchema>;

export const samplingSettingsSchema = z.strictObject({
  /** K: responses a prompt. */
  responsesPerPrompt: z.int().min(1).max(64).default(5),
  /** Divides the logits; 0 means greedy. */
  temperature: z.number().min(0).max(5).default(0.7),
  /** Nucleus: the smallest set of most likely tokens with at least this much probability. 1 switches it off. */
  topP: z.number().gt(0).max(1).default(0.95),
  /** Only the k most likely tokens. 0 switches it off. */
  topK: z.int().min(0).default(0),
  maxNewTokens: z.int().min(1).max(32768).default(256),
  /** The response ends before the first of these texts. */
  stop: z.array(z.string().min(1)).max(16).default([]),
  /**
   * `8bit` samples from the base in 8 bits with the adapter in float32 beside it: faster, most for few responses, and off
   * the policy by a little. What that comes to is measured and kept; where it is too much float32 is used. Evaluations
   * always sample in float32.
   */
  precision: precisionSchema.default("float32"),
  /** A response whose share of repeated n-grams is above `repeatShare` is flagged as defective. */
  repeatNgram: z.int().min(1).max(32).default(4),
  repeatShare: z.number().min(0).max(1).default(0.3),
});
export type SamplingSettings = Readonly<z.infer<typeof samplingSettingsSchema>>;

/** endOfText: the policy ended it; stop: a stop text; length: cut at maxNewTokens. */
export type FinishReason = "endOfText" | "stop" | "length";

/** `policy`: sampled in the lab; `teacher`: brought along with the prompt; `imported`: someone else's sample. */
export type ResponseSource = "policy" | "teacher" | "imported";

export type Response = {
  readonly id: ResponseId;
  readonly promptId: PromptId;
  /** Null for a teacher's response, which no policy of the lab made. */
  readonly policyId: PolicyId | null;
  /** The run that sampled it; null for what was imported with the prompts. */
  readonly attemptId: AttemptId | null;
  readonly source: ResponseSource;
  /** From 0 to K - 1 among the samples of one prompt in one run. */
  readonly sampleIndex: number;
  readonly text: string;
  /** Token ids with the end-of-text token if the policy produced it. */
  readonly tokenIds: readonly number[];
  readonly finishReason: FinishReason;
  /** Σ log π(y_t | x, y_<t) over tokenIds at temperature 1 without top-p, in nats; null where it was not measured. */
  readonly logp: number | null;
  readonly isRepetitive: boolean;
};
