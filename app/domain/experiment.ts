/** An experiment: a chain of rounds with one configuration and one seed. */
import * as z from "zod";
import type { ExperimentId } from "#app/base/ids.ts";
import { evaluationSettingsSchema } from "./evaluation.ts";
import { oracleConfigSchema } from "./oracle.ts";
import { pairRuleSchema } from "./pair.ts";
import { replaySettingsSchema } from "./replay.ts";
import { samplingSettingsSchema } from "./sampling.ts";
import { trainingSettingsSchema } from "./training.ts";

export const judgingSettingsSchema = z.strictObject({
  /** pairwise: comparisons of two; listwise: all responses of a prompt in one ask, scored 0 to 6. */
  mode: z.enum(["pairwise", "listwise"]).default("pairwise"),
  /** Comparisons a prompt; 0 means each response with each other. */
  comparisonsPerPrompt: z.int().min(0).default(0),
  /** Ask in both orders; a disagreement counts as a tie. People see one order, drawn by the lab. */
  bothOrders: z.boolean().default(true),
});
export type JudgingSettings = Readonly<z.infer<typeof judgingSettingsSchema>>;

export const splitSettingsSchema = z.strictObject({
  /** Shares of the prompts held out by their hash; the rest is for training. */
  validationShare: z.number().min(0).max(0.9).default(0.2),
  testShare: z.number().min(0).max(0.9).default(0.2),
  /** The training prompts fall into so many shards; round t samples shard (t - 1) modulo this, none twice before all were. */
  shards: z.int().min(1).max(100).default(1),
});
export type SplitSettings = Readonly<z.infer<typeof splitSettingsSchema>>;

export const experimentConfigSchema = z.strictObject({
  /** Every draw of the experiment follows from it. */
  seed: z.int().min(0).max(0xffffffff).default(1),
  splits: splitSettingsSchema.prefault({}),
  sampling: samplingSettingsSchema.prefault({}),
  oracle: oracleConfigSchema.prefault({ kind: "people" }),
  judging: judgingSettingsSchema.prefault({}),
  pairs: pairRuleSchema.prefault({ kind: "winRateMargin" }),
  replay: replaySettingsSchema.prefault({}),
  training: trainingSettingsSchema.prefault({}),
  evaluation: evaluationSettingsSchema.prefault({}),
});
export type ExperimentConfig = Readonly<z.infer<typeof experimentConfigSchema>>;

export type Experiment = {
  readonly id: ExperimentId;
  readonly name: string;
  readonly config: ExperimentConfig;
  readonly createdAtMs: number;
};
