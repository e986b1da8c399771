/** Contract: what came out, and datasets for other tools. */
import * as z from "zod";
import { splitSchema } from "#app/domain/prompt.ts";
import { nameSchema, ownerMethod, readerMethod } from "./base.ts";
import { agreementViewSchema, comparisonPlanSchema, exampleFilterSchema, examplePageSchema, resultOverviewSchema } from "./result-views.ts";
import { recommendationViewSchema, stageViewSchema, winRateViewSchema } from "./views.ts";

const reportedSplit = z.enum(["validation", "test"]);

const comparisonRequest = z.object({
  /** All policies without it. */
  policies: z.array(nameSchema).min(1).optional(),
  /** Against the teacher too, where prompts came with its responses. */
  withTeacher: z.boolean().default(true),
});

/** Conversational, as texts, or with scores and whole chats. */
export const pairShapeSchema = z.enum(["trl", "trlText", "ultraFeedback"]);
export type PairShape = z.infer<typeof pairShapeSchema>;

const written = z.object({ path: z.string(), rows: z.int() });

export const resultsContract = {
  table: readerMethod.output(
    z.array(
      z.object({
        round: z.int(),
        split: splitSchema,
        winRates: z.array(winRateViewSchema),
        recommendation: recommendationViewSchema.nullable(),
        /** How often the test split has been looked at in this experiment. */
        testLooks: z.int(),
      }),
    ),
  ),
  /** Everything that evaluations on a split came to; null before the first. The split of the settings without one. */
  overview: readerMethod.input(z.object({ split: reportedSplit.optional() })).output(resultOverviewSchema.nullable()),
  /** The prompts behind a number: what both answered and what was said of it, in the order of the prompts. */
  examples: readerMethod
    .input(
      z.object({
        split: reportedSplit.optional(),
        first: nameSchema,
        second: nameSchema,
        filter: exampleFilterSchema.default("all"),
        offset: z.int().min(0).default(0),
        limit: z.int().min(1).max(200).default(20),
      }),
    )
    .output(examplePageSchema),
  /** The policy that people have chosen, by the newest choice; null without one. */
  chosen: readerMethod.output(z.object({ policy: nameSchema, reason: z.string(), author: z.string(), madeAtMs: z.number() }).nullable()),
  /** Says which policy is to be used, and why; null takes the choice back. Earlier choices are kept. */
  choose: ownerMethod
    .input(z.object({ policy: nameSchema.nullable(), reason: z.string().trim().min(1).max(2000), author: nameSchema }))
    .output(z.object({ policy: nameSchema.nullable() })),
  /** How far raters who judged the same two responses agree. Reads all judgments: not for a screen that is always open. */
  agreement: readerMethod.output(agreementViewSchema),
  /** What it would take to let everyone meet everyone; starts nothing. */
  comparisonPlan: readerMethod.input(comparisonRequest).output(comparisonPlanSchema),
  /** Starts that comparison, or goes on with one that was interrupted; `rounds.pause` pauses it, `rounds.settle` waits for it. */
  compare: ownerMethod.input(comparisonRequest).output(z.object({ isStarted: z.boolean() })),
  /** The comparison that is under way or was interrupted; null without one. */
  comparison: readerMethod.output(stageViewSchema.nullable()),
  /** Drops a comparison that is not done; what it found so far is kept, but counts no more. */
  giveUpComparison: ownerMethod.output(z.object({ wasOpen: z.boolean() })),
  /** The results as one HTML page without anything outside of it, for somebody who has no lab. */
  report: readerMethod.input(z.object({ split: reportedSplit.optional() })).output(z.object({ html: z.string() })),
  /** Reads prompt difficulties and length anchors (AlpacaEval's) from a JSON-lines file, in place of what was imported before. */
  importCalibration: ownerMethod
    .input(z.object({ path: z.string().min(1) }))
    .output(z.object({ difficulties: z.int(), anchors: z.int(), unknown: z.int() })),
  /** Preference pairs with explicit prompts; the format is the path's ending: .jsonl, .json, .csv or .parquet. */
  exportPairs: ownerMethod
    .input(z.object({ path: z.string().min(1), round: z.int().min(1).optional(), shape: pairShapeSchema.default("trl") }))
    .output(written),
  /** A policy's held-out responses in AlpacaEval's form; as .json what it takes for model outputs. */
  exportResponses: ownerMethod.input(z.object({ path: z.string().min(1), policy: nameSchema, split: splitSchema.default("test") })).output(written),
  /** Every judgment that was made, with its texts, oracle, template, order and cost. */
  exportJudgments: ownerMethod
    .input(
      z.object({
        path: z.string().min(1),
        /** "person 1" and so on in place of the names of people. */
        numbersPeople: z.boolean().default(false),
      }),
    )
    .output(written),
  /** A folder with pairs, their provenance, prompts, judgments and a card, as the Hugging Face hub takes it. */
  exportDataset: ownerMethod
    .input(
      z.object({
        path: z.string().min(1),
        round: z.int().min(1).optional(),
        shape: pairShapeSchema.default("trl"),
        format: z.enum(["parquet", "jsonl"]).default("parquet"),
        /** Writes into a folder that has something in it. */
        replace: z.boolean().default(false),
      }),
    )
    .output(written.extend({ files: z.array(z.string()) })),
};
