/** What screens and commands are shown: rounds, stages, win rates, policies, comparisons. */
import * as z from "zod";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { messageSchema, splitSchema } from "#app/domain/prompt.ts";
import { attemptStateSchema, stageSchema } from "#app/domain/round.ts";
import { idSchema } from "./base.ts";

export const stageViewSchema = z.object({
  stage: stageSchema,
  /** Null while nothing has been started. */
  attemptId: idSchema.nullable(),
  attemptNumber: z.int().nullable(),
  /** `waiting`: an earlier stage is not done yet. */
  state: z.union([attemptStateSchema, z.literal("waiting")]),
  /** True while the stage can only go on when people judge. */
  waitsForPeople: z.boolean(),
  /** What is known of an AI judge that gives no answer, from its first failure until the next answer comes; else null. */
  judgeSilence: z.string().nullable(),
  isPauseRequested: z.boolean(),
  /** What is counted: responses, comparisons, pairs, steps. */
  unit: z.string(),
  unitsDone: z.int(),
  unitsTotal: z.int().nullable(),
  activeMs: z.number(),
  /** Units a second over the recent past; null before it can be told. */
  rate: z.number().nullable(),
  /** Null before 20 units or 30 s. */
  remainingMs: z.number().nullable(),
  /** US dollars that its answered asks have cost; null where nothing was paid for. */
  costUsd: z.number().nullable(),
  error: z.string().nullable(),
  /** Counts of this stage by name (tokens, defective, ties, flips, dropped, ...), for display. */
  counts: z.record(z.string(), z.number()),
  /** Sentences on how the run was done: a device that is not the CPU or that failed, a precision that was not kept. */
  remarks: z.array(z.string()),
});
export type StageView = Readonly<z.infer<typeof stageViewSchema>>;

export const winRateViewSchema = z.object({
  policy: z.string(),
  opponent: z.string(),
  roles: z.array(z.enum(["previous", "first"])),
  n: z.int(),
  missing: z.int(),
  /** Shares of 1. */
  winRate: z.number(),
  standardError: z.number(),
  low: z.number(),
  high: z.number(),
  interval: z.enum(["maxTBootstrap", "wilson"]),
  isSimultaneous: z.boolean(),
  meanLength: z.number(),
  opponentMeanLength: z.number(),
});
export type WinRateView = Readonly<z.infer<typeof winRateViewSchema>>;

export const recommendationViewSchema = z.object({
  policy: z.string(),
  verdict: z.enum(["improved", "noSignificantChange", "worse", "tooFew", "cycle"]),
  sentence: z.string(),
});

/** Figures of the collapse watch of one policy (app/statistics/collapse-watch.ts has their definitions). */
const watchFiguresSchema = z.object({
  policy: z.string(),
  responses: z.int(),
  tokens: z.int(),
  meanTokens: z.number(),
  /** To the first policy, in nats a response, by the estimator k1. */
  klNats: z.number(),
  klStandardError: z.number().nullable(),
  klNatsPerToken: z.number(),
  entropyNatsPerToken: z.number(),
  distinct: z.tuple([z.number().nullable(), z.number().nullable(), z.number().nullable()]),
  finishedShare: z.number(),
  /** On plain text. */
  perplexity: z.number(),
  neutralTokens: z.int(),
});
export type WatchFigures = Readonly<z.infer<typeof watchFiguresSchema>>;

export const collapseWatchSchema = z.object({
  round: z.int(),
  now: watchFiguresSchema,
  /** The same of the experiment's first policy, on the same prompts. */
  first: watchFiguresSchema,
  /** What stands out, in plain sentences. */
  warnings: z.array(z.string()),
});
export type CollapseWatchView = Readonly<z.infer<typeof collapseWatchSchema>>;

export const roundViewSchema = z.object({
  number: z.int(),
  /** The policy that samples and is the reference, and the one the round made. */
  policy: z.string(),
  newPolicy: z.string().nullable(),
  stages: z.array(stageViewSchema),
  isRunning: z.boolean(),
  isDone: z.boolean(),
  pairCount: z.int().nullable(),
  winRates: z.array(winRateViewSchema),
  recommendation: recommendationViewSchema.nullable(),
  /** What the collapse watch found; null where it has not looked. */
  watch: collapseWatchSchema.nullable(),
});
export type RoundView = Readonly<z.infer<typeof roundViewSchema>>;

export const policyViewSchema = z.object({
  id: idSchema,
  name: z.string(),
  parent: z.string().nullable(),
  checkpointPath: z.string(),
  checkpointHash: z.string(),
  adapterHash: z.string().nullable(),
  family: z.string(),
  parameterCount: z.number(),
  roundNumber: z.int().nullable(),
  createdAtMs: z.number(),
});
export type PolicyView = Readonly<z.infer<typeof policyViewSchema>>;

export const experimentViewSchema = z.object({
  id: idSchema,
  name: z.string(),
  folder: z.string(),
  config: experimentConfigSchema,
  prompts: z.record(splitSchema, z.int()),
  policies: z.array(policyViewSchema),
  roundCount: z.int(),
});
export type ExperimentView = Readonly<z.infer<typeof experimentViewSchema>>;

/** Per criterion, the better side as shown. */
export const criterionVerdictsSchema = z.record(z.string().min(1).max(60), z.enum(["left", "even", "right"]));
export type CriterionVerdicts = Readonly<z.infer<typeof criterionVerdictsSchema>>;

/** Why, in words and tags, and criterion by criterion. */
export const reasonSchema = z.object({
  text: z.string().max(20_000),
  tags: z.array(z.string().min(1).max(60)).max(20),
  criteria: criterionVerdictsSchema,
});
export type Reason = Readonly<z.infer<typeof reasonSchema>>;

export const draftSchema = reasonSchema.extend({ savedAtMs: z.number() });
export type Draft = Readonly<z.infer<typeof draftSchema>>;

/** A comparison as one annotator is to see it: blind, in the order that the lab drew and stored. */
export const comparisonViewSchema = z.object({
  askId: idSchema,
  messages: z.array(messageSchema),
  left: z.object({ text: z.string() }),
  right: z.object({ text: z.string() }),
  /** What is known of it is told after the verdict. Nothing tells a repeat or a control item. */
  isPractice: z.boolean(),
  isFlagged: z.boolean(),
  /** What the author wrote of it and has not given with a verdict yet. */
  draft: draftSchema.nullable(),
});
export type ComparisonView = Readonly<z.infer<typeof comparisonViewSchema>>;

export const queueCountsSchema = z.object({
  /** Answered by this author, by anyone, and how many the running stage needs in all; while one judges, the author's checks count among the last two. */
  mine: z.int(),
  done: z.int(),
  total: z.int(),
});
export type QueueCounts = Readonly<z.infer<typeof queueCountsSchema>>;
