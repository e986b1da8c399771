/** Contract: rounds, their stages, and the stream of what goes on. */
import { eventIterator } from "@orpc/contract";
import * as z from "zod";
import { deviceSchema } from "#app/domain/device.ts";
import { stageSchema } from "#app/domain/round.ts";
import { ownerMethod, readerMethod } from "./base.ts";
import { trainingForecastSchema } from "#app/domain/training-forecast.ts";
import { forecastViewSchema } from "./forecast.ts";
import { roundViewSchema, stageViewSchema } from "./views.ts";

const roundNumber = z.int().min(1);

/** What a watcher hears, in the past tense; progress is coalesced to a few a second. */
export const labEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("stage.progressed"), round: roundNumber, stage: stageViewSchema }),
  z.object({ type: z.literal("stage.changed"), round: roundNumber, stage: stageViewSchema }),
  z.object({
    type: z.literal("training.stepped"),
    round: roundNumber,
    step: z.int(),
    values: z.record(z.string(), z.number()),
  }),
  /** A run was asked to end with its best checkpoint. */
  z.object({ type: z.literal("training.changed"), round: roundNumber }),
  z.object({ type: z.literal("queue.changed") }),
  z.object({ type: z.literal("experiment.changed") }),
  /** Evaluations came to something, or what they came to was corrected. */
  z.object({ type: z.literal("results.changed") }),
  /** A comparison among policies went on. */
  z.object({ type: z.literal("comparison.progressed") }),
  /** Endpoints, keys, caps, the offline switch or an allowed host. */
  z.object({ type: z.literal("settings.changed") }),
  z.object({ type: z.literal("policy.progressed"), message: z.string(), share: z.number() }),
  /** A device failed in a run, which goes on on the CPU from its last durable record. */
  z.object({ type: z.literal("engine.fellBack"), device: deviceSchema, message: z.string() }),
  /** An endpoint has not answered for a while and is asked again; the stage's view says so until it answers. */
  z.object({ type: z.literal("judge.wentSilent"), message: z.string() }),
  z.object({ type: z.literal("engine.died"), deaths: z.int(), message: z.string() }),
  /** Training is done, and so many checkpoints that were to go could not be removed; `message` says why of the first. */
  z.object({ type: z.literal("checkpoints.notRemoved"), count: z.int(), message: z.string() }),
]);
export type LabEvent = Readonly<z.infer<typeof labEventSchema>>;

/** What AI judges have yet to do in the open round, or in the next one, and what that takes. */
export const judgeForecastSchema = z.object({
  round: roundNumber,
  stages: z.array(
    z.object({
      stage: stageSchema,
      /** Presentations still to be answered; requests are these times the members of a jury that are behind endpoints. */
      asks: z.int(),
      requests: z.int(),
      /** About so many; the responses of a stage to come are guessed from the sampling settings. */
      promptTokens: z.number(),
      replyTokens: z.number(),
      /** US dollars, about and at most; null where nobody has said what a model costs. */
      costUsd: z.number().nullable(),
      maxCostUsd: z.number().nullable(),
      durationMs: z.number(),
      /** True where figures of this judge's own replies went into it, false where it is guessed. */
      isMeasured: z.boolean(),
    }),
  ),
  costUsd: z.number().nullable(),
  durationMs: z.number(),
  /** Of this round, with open requests at their most. */
  spentUsd: z.number(),
  capUsd: z.number().nullable(),
  /** Hosts that prompts would go to, with how many prompts, and whether that was confirmed. */
  hosts: z.array(z.object({ host: z.string(), prompts: z.int(), isAllowed: z.boolean() })),
  /** What stands in the way of starting, in sentences; empty when nothing does. */
  problems: z.array(z.string()),
});
export type JudgeForecast = Readonly<z.infer<typeof judgeForecastSchema>>;

/** Rounds that were asked for together and are not all done. */
export const roundSeriesSchema = z.object({
  firstRound: roundNumber,
  lastRound: roundNumber,
  askedAtMs: z.number(),
  /** Why the next round could not be begun; null where nothing stood in its way. A stage's own failure stands with the stage. */
  problem: z.string().nullable(),
});
export type RoundSeriesView = Readonly<z.infer<typeof roundSeriesSchema>>;

const begunSchema = z.object({
  round: roundNumber,
  /** The unfinished stage that is gone on with although settings of it were changed since it took them; else null. */
  keeps: z.object({ stage: stageSchema, sentence: z.string() }).nullable(),
});

/** So many rounds on one request are more than anybody looks at afterwards. */
const MAX_ROUNDS = 100;

export const roundsContract = {
  /** Null where no AI judge is behind an endpoint or a policy. Asks nobody and sends nothing. */
  judgeForecast: readerMethod.output(judgeForecastSchema.nullable()),
  list: readerMethod.output(z.array(roundViewSchema)),
  /** What the next round is going to take, or the open one still takes; nothing is started. */
  forecast: readerMethod.output(forecastViewSchema),
  /**
   * Measures two short training runs on made-up pairs, so that forecasts know time and memory of training before the first
   * round. Takes seconds to minutes; refused while something runs.
   */
  measureTraining: ownerMethod.output(trainingForecastSchema),
  /**
   * Makes the next round, or goes on with the one that is not done; runs from its first open stage until `until`. Of several
   * `rounds`, the one that is gone on with counted, each next one starts when the last is done; what stops one stops all, and
   * `resume` goes on with all. Without a number the round goes on as part of what was asked for before.
   */
  start: ownerMethod.input(z.object({ until: stageSchema.optional(), rounds: z.int().min(1).max(MAX_ROUNDS).optional() })).output(begunSchema),
  /** Rounds that were asked for together; null where there are no more to come than the open one. */
  series: readerMethod.output(roundSeriesSchema.nullable()),
  /** Which round is to be the last, also while one runs: the newest, so that none follows it, or a later one. */
  setLast: ownerMethod.input(z.object({ round: roundNumber })).output(roundSeriesSchema.nullable()),
  /** Asks the running stage to stop at its next unit of work; resolves when it has. */
  pause: ownerMethod.output(z.object({ wasRunning: z.boolean() })),
  /** Stops at once, in the middle of a unit; what was finished is kept, the rest is done again. Resolves when nothing runs. */
  stop: ownerMethod.output(z.object({ wasRunning: z.boolean() })),
  /** Goes on where the round was paused, failed or killed, and with the rounds that were asked for after it. */
  resume: ownerMethod.output(begunSchema),
  /** Supersedes a stage and those after it in the last round; what came of them is kept, and replaced by new runs. */
  redo: ownerMethod.input(z.object({ stage: stageSchema })).output(z.object({ round: roundNumber })),
  /** Resolves when nothing runs any more; `waitsForPeople` when it is people's turn. */
  settle: ownerMethod.output(z.object({ state: z.enum(["idle", "done", "paused", "failed", "waitsForPeople"]), error: z.string().nullable() })),
  watch: readerMethod.output(eventIterator(labEventSchema)),
};
