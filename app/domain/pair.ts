/** Preference pairs and the rules that make them. */
import * as z from "zod";
import type { AttemptId, PairId, PromptId, ResponseId } from "#app/base/ids.ts";

/** Which responses an expected win rate averages over: the policy's own, or all, teacher included. */
export const opponentsSchema = z.enum(["vsPolicy", "vsAll"]);
export type Opponents = z.infer<typeof opponentsSchema>;

/** Of a rule that can make many pairs of a prompt. */
const many = {
  /** At most so many pairs of each prompt, drawn evenly by the experiment's seed; null keeps all. */
  maxPerPrompt: z.int().min(1).nullable().default(null),
};

const listwiseRule = {
  /** Only a response with at least this score may be chosen. */
  minChosenScore: z.int().min(0).max(6).default(5),
  /** Score gap that is needed when the chosen response is the teacher's. */
  minGapTeacher: z.int().min(0).max(6).default(2),
  /** Score gap that is needed when the chosen response is the policy's own. */
  minGapPolicy: z.int().min(0).max(6).default(1),
};

/** The rules that make pairs of a round's own responses. */
export const ownPairRuleSchema = z.discriminatedUnion("kind", [
  /** DNO section 5.1: listwise scores, all pairs that satisfy the thresholds. */
  z.strictObject({ kind: z.literal("paper"), ...listwiseRule, ...many }),
  /** The paper's ablation: the same, but only the teacher's response may be chosen. */
  z.strictObject({ kind: z.literal("restrictive"), ...listwiseRule, ...many }),
  /** No annotation: the teacher's response is chosen, every sample is rejected. */
  z.strictObject({ kind: z.literal("spin"), ...many }),
  /** Every pair whose expected win rates differ by at least the margin. */
  z.strictObject({
    kind: z.literal("winRateMargin"),
    minMargin: z.number().gt(0).max(1).default(0.3),
    opponents: opponentsSchema.default("vsPolicy"),
    ...many,
  }),
  /** One pair a prompt: the highest expected win rate against the lowest. */
  z.strictObject({
    kind: z.literal("bestWorst"),
    minMargin: z.number().gt(0).max(1).default(0.1),
    opponents: opponentsSchema.default("vsPolicy"),
  }),
]);
export type OwnPairRule = Readonly<z.infer<typeof ownPairRuleSchema>>;

export const pairRuleSchema = z.discriminatedUnion("kind", [
  ...ownPairRuleSchema.options,
  /**
   * The preferences that came with the prompts of the round (the paper's offline DPO): nothing is sampled or judged for
   * them. With a gap only those whose scores, in their file's own unit, differ by at least as much.
   */
  z.strictObject({ kind: z.literal("imported"), minScoreGap: z.number().min(0).default(0) }),
]);
export type PairRule = Readonly<z.infer<typeof pairRuleSchema>>;

/** How many pairs the rule makes of a prompt at most; null where it sets no bound. */
export function mostPairsOf(rule: PairRule): number | null {
  if (rule.kind === "bestWorst") return 1;
  return rule.kind === "imported" ? null : rule.maxPerPrompt;
}

/** True if somebody has to judge responses before the rule can make pairs of them. */
export function needsJudging({ kind }: PairRule): boolean {
  return kind !== "spin" && kind !== "imported";
}

export type PreferencePair = {
  readonly id: PairId;
  readonly attemptId: AttemptId;
  readonly promptId: PromptId;
  readonly chosenId: ResponseId;
  readonly rejectedId: ResponseId;
  /** Expected win rate of the chosen minus the rejected, or null where the rule uses scores or nothing. */
  readonly preferenceMargin: number | null;
  readonly chosenWinRate: number | null;
  readonly rejectedWinRate: number | null;
  readonly chosenScore: number | null;
  readonly rejectedScore: number | null;
};
