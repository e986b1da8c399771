/** What results are shown as: players, their duels, rounds, cycles, and which policy to use. Rates are shares of 1. */
import * as z from "zod";
import { idSchema } from "./base.ts";
import { collapseWatchSchema } from "./views.ts";

/** A policy by its name, or "teacher". */
const playerName = z.string();

const interval = { low: z.number(), high: z.number() };

export const lengthControlViewSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("estimated"),
    /** Which of AlpacaEval's formulas; they do not give the same number. */
    formula: z.enum(["full", "withoutAnchors", "minimal"]),
    winRate: z.number(),
    standardError: z.number(),
    ...interval,
    /** Control changed the rate so much that the model may have failed. */
    isExtreme: z.boolean(),
  }),
  z.object({ kind: z.literal("undetermined"), reason: z.enum(["tooFewPrompts", "constantLengthDifference", "notSettled"]) }),
]);

export const duelViewSchema = z.object({
  /** The first is preferred with `winRate`. */
  first: playerName,
  second: playerName,
  n: z.int(),
  missing: z.int(),
  won: z.int(),
  lost: z.int(),
  tied: z.int(),
  winRate: z.number(),
  standardError: z.number(),
  ...interval,
  interval: z.enum(["maxTBootstrap", "wilson"]),
  /** Mean lengths in characters over the prompts that count. */
  meanLength: z.number(),
  opponentMeanLength: z.number(),
  /** Prompts answered in both orders, and those on which the orders disagreed. */
  bothOrders: z.int(),
  ordersDisagree: z.int(),
  /** Null where it is not computed: neither standing opponent nor worst case. */
  lengthControlled: lengthControlViewSchema.nullable(),
});
export type DuelView = Readonly<z.infer<typeof duelViewSchema>>;

export const playerViewSchema = z.object({
  name: playerName,
  kind: z.enum(["policy", "teacher"]),
  /** The round that made it; null for a policy that was added and for the teacher. */
  round: z.int().nullable(),
  /** Of its held-out responses: lengths, endings, variety. */
  traits: z.object({
    n: z.int(),
    meanCharacters: z.number(),
    meanTokens: z.number(),
    finishedShare: z.number(),
    repetitiveShare: z.number(),
    distinctPairs: z.number().nullable(),
    natsPerToken: z.number().nullable(),
  }),
  /** Its least win rate over the policies that it has met, the teacher aside; null if it has met none. */
  worstCase: z.object({ opponent: playerName, winRate: z.number(), ...interval, met: z.int(), opponents: z.int() }).nullable(),
  /** Share in the mixture that nobody beats; null where not every pair has met, and for the teacher. */
  mixtureShare: z.number().nullable(),
  /** Bradley-Terry rating on Elo's scale, one lens among others; ends null where unbounded. */
  rating: z.object({ rating: z.number(), low: z.number().nullable(), high: z.number().nullable(), rank: z.int() }).nullable(),
});
export type PlayerView = Readonly<z.infer<typeof playerViewSchema>>;

export const resultRoundSchema = z.object({
  round: z.int(),
  policy: playerName,
  previous: playerName,
  first: playerName,
  /** The opponent of the worst case among policies; null if it has met none. */
  worst: playerName.nullable(),
  /** Training comparisons that were asked in both orders, and how many flipped; null where none were. */
  trainingFlips: z.object({ bothOrders: z.int(), flips: z.int() }).nullable(),
  /** Against the teacher, its score less the policy's before, prompt by prompt; null where one has not met the teacher. */
  gainOnTeacher: z.object({ n: z.int(), difference: z.number(), ...interval }).nullable(),
});

export const cycleViewSchema = z.object({ players: z.array(playerName), weakest: z.number() });

const clusteredShareSchema = z.object({
  cases: z.int(),
  ofKind: z.int(),
  share: z.number(),
  ...interval,
  /** Prompts with a case. */
  clusters: z.int(),
});

const circleCounts = { triples: z.int(), circular: z.int(), fourths: z.int(), drawnIn: z.int() };

/** Circles in the verdicts on answers to one prompt, of all rounds (app/statistics/answer-circles.ts has the words). */
export const circlesViewSchema = z.object({
  verdict: z.enum(["noScore", "scorePossible", "none", "tooFew", "unmeasured"]),
  sentence: z.string(),
  circular: clusteredShareSchema,
  drawnIn: clusteredShareSchema,
  rounds: z.array(z.object({ round: z.int(), ...circleCounts })),
});

export const choiceViewSchema = z.object({
  verdict: z.enum(["improved", "cycle", "worse", "noSignificantChange", "tooFew"]),
  recommended: playerName.nullable(),
  headline: z.string(),
  reason: z.string(),
});

/** What is computed once and kept until a judgment, a policy or a setting changes. */
export const resultSummarySchema = z.object({
  split: z.enum(["validation", "test"]),
  prompts: z.int(),
  confidence: z.number(),
  /** From the first policy to the newest, the teacher last. */
  players: z.array(playerViewSchema),
  duels: z.array(duelViewSchema),
  rounds: z.array(resultRoundSchema),
  cycles: z.object({ triples: z.int(), triplesMeasured: z.int(), clear: z.array(cycleViewSchema) }),
  circles: circlesViewSchema,
  mixture: z.object({ exploitability: z.object({ value: z.number(), ...interval }) }).nullable(),
  /** Null on the test split: it reports, it does not choose. */
  choice: choiceViewSchema.nullable(),
  /** Pairs of policies that have not met, with the teacher where it has answered held-out prompts. */
  unmetPairs: z.int(),
  judgedBy: z.array(z.string()),
});
export type ResultSummary = Readonly<z.infer<typeof resultSummarySchema>>;

export const resultOverviewSchema = resultSummarySchema.extend({
  /** How often the test split has been looked at in this experiment. */
  testLooks: z.int(),
  /** What the collapse watch found, round by round, of evaluations on this split. */
  watch: z.array(collapseWatchSchema),
  computedAtMs: z.number(),
});
export type ResultOverview = Readonly<z.infer<typeof resultOverviewSchema>>;

export const exampleFilterSchema = z.enum(["all", "won", "lost", "tied", "ordersDisagree", "missing"]);
export type ExampleFilter = z.infer<typeof exampleFilterSchema>;

export const exampleViewSchema = z.object({
  promptId: idSchema,
  prompt: z.string(),
  /** Null where the response could not be sampled. */
  response: z.string().nullable(),
  opponentResponse: z.string().nullable(),
  outcome: z.enum(["won", "lost", "tied", "missing"]),
  score: z.number().nullable(),
  ordersDisagree: z.boolean(),
  judgedBy: z.array(z.string()),
});
export type ExampleView = Readonly<z.infer<typeof exampleViewSchema>>;

export const examplePageSchema = z.object({
  rows: z.array(exampleViewSchema),
  counts: z.record(exampleFilterSchema, z.int()),
});

export const comparisonPlanSchema = z.object({
  split: z.enum(["validation", "test"]),
  /** What is to be filled; empty when everyone has met. */
  pairs: z.array(z.object({ first: playerName, second: playerName, prompts: z.int() })),
  /** Responses that still have to be sampled, and asks at the most (equal texts need none). */
  samples: z.int(),
  asks: z.int(),
  isForPeople: z.boolean(),
  /** By what earlier runs took; null where nothing is known. */
  samplingMs: z.number().nullable(),
  judgingMs: z.number().nullable(),
  costUsd: z.number().nullable(),
  /** A comparison on test prompts is one more look at them. */
  isTestLook: z.boolean(),
});
export type ComparisonPlan = Readonly<z.infer<typeof comparisonPlanSchema>>;

export const agreementViewSchema = z.object({
  /** Raters who judged the same two responses: people by name, judges and scripts by theirs. */
  pairs: z.array(
    z.object({
      first: z.string(),
      second: z.string(),
      n: z.int(),
      share: z.number(),
      shareLow: z.number(),
      shareHigh: z.number(),
      kappa: z.number().nullable(),
      kappaLow: z.number().nullable(),
      kappaHigh: z.number().nullable(),
    }),
  ),
  /** Krippendorff's alpha over all raters, nominal; null where undefined. */
  alpha: z.object({ value: z.number(), units: z.int(), ...interval }).nullable(),
});
export type AgreementView = Readonly<z.infer<typeof agreementViewSchema>>;
