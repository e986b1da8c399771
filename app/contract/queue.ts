/** Contract: the annotator's queue. Sides exist only here; what is recorded is in stored order. */
import * as z from "zod";
import { strengthSchema } from "#app/domain/verdict.ts";
import { annotatorMethod, idSchema, nameSchema } from "./base.ts";
import { comparisonViewSchema, queueCountsSchema, reasonSchema } from "./views.ts";

/** What a key says, in the order shown. */
export const shownVerdictSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("prefers"), side: z.enum(["left", "right"]), strength: strengthSchema }),
  z.object({ kind: z.literal("tie") }),
  z.object({ kind: z.literal("bothBad") }),
  z.object({ kind: z.literal("skip") }),
]);
export type ShownVerdict = Readonly<z.infer<typeof shownVerdictSchema>>;

/** A step back or forward: the comparison it reopens or closes, with the verdict that was taken back. */
const stepSchema = z.object({
  comparison: comparisonViewSchema.nullable(),
  verdict: shownVerdictSchema.nullable(),
  counts: queueCountsSchema,
});

const author = nameSchema;

/** round: what the running stage asks of people; disputes: comparisons of which oracles say different things, asked again. */
export const queueSourceSchema = z.enum(["round", "disputes"]);
export type QueueSource = z.infer<typeof queueSourceSchema>;

/** A stretch of annotating, from the first look to its end. */
const sittingSchema = z.object({
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  /** Verdicts in force, skips not counted. */
  judged: z.int(),
  skipped: z.int(),
  /** Time that its comparisons were looked at, pauses taken off. */
  workedMs: z.number(),
});

/** How often two answers agreed of so many that can be compared, with a 95 % interval (Wilson); null for none. */
const shareSchema = z.object({ n: z.int(), hits: z.int(), low: z.number(), high: z.number() }).nullable();

export const sittingSummarySchema = sittingSchema.extend({
  author: z.string(),
  /** Median and quartiles of the time for a comparison; null for none. */
  pace: z.object({ medianMs: z.number(), lowMs: z.number(), highMs: z.number() }).nullable(),
  /** Repeats with the same preferred side, or even, as the first time. */
  repeats: shareSchema,
  /** Control items answered as is known. */
  controls: shareSchema,
  /** Left of all that preferred a side. */
  left: shareSchema,
  /** In the order judged. */
  marks: z.array(shownVerdictSchema),
  secondLook: z.array(
    z.object({
      askId: idSchema,
      judgmentId: idSchema,
      why: z.enum(["differently", "flagged", "fast"]),
      prompt: z.string(),
      durationMs: z.number().nullable(),
    }),
  ),
  counts: queueCountsSchema,
  round: z.int().nullable(),
});
export type SittingSummary = Readonly<z.infer<typeof sittingSummarySchema>>;

export const queueContract = {
  authors: annotatorMethod.output(z.array(z.object({ name: z.string(), judgments: z.int() }))),
  /** The next comparisons for this author, first first; they stay the same until judged, also after a reload. */
  next: annotatorMethod.input(z.object({ author, count: z.int().min(1).max(20).default(3), source: queueSourceSchema.default("round") })).output(
    z.object({
      comparisons: z.array(comparisonViewSchema),
      counts: queueCountsSchema,
      guidelines: z.string(),
      criteria: z.array(z.string()),
      reasonTags: z.array(z.string()),
      /** The author's newest verdict, for "Last: left is better". */
      last: shownVerdictSchema.nullable(),
      sitting: sittingSchema.nullable(),
    }),
  ),
  /** Durable when it resolves. Judging an ask again with the same requestId is the same judgment. */
  judge: annotatorMethod
    .input(
      z.object({
        author,
        askId: idSchema,
        verdict: shownVerdictSchema,
        reason: reasonSchema.optional(),
        /** Time it was looked at, pauses taken off. */
        durationMs: z.number().min(0),
        requestId: z.uuid(),
      }),
    )
    .output(
      z.object({
        counts: queueCountsSchema,
        /** Of a practice item: what is known, and whether the verdict says so. */
        practice: z.object({ isRight: z.boolean(), known: shownVerdictSchema }).nullable(),
      }),
    ),
  undo: annotatorMethod.input(z.object({ author })).output(stepSchema),
  redo: annotatorMethod.input(z.object({ author })).output(stepSchema),
  /** Keeps what was written before the verdict; the newest stands. */
  saveDraft: annotatorMethod.input(z.object({ author, askId: idSchema, reason: reasonSchema })).output(z.object({ savedAtMs: z.number() })),
  /** Marks a comparison for a second look; it says nothing of the two. */
  flag: annotatorMethod.input(z.object({ author, askId: idSchema, isFlagged: z.boolean() })).output(z.object({ isFlagged: z.boolean() })),
  /** Ends the sitting and gives back what was fetched and not judged. Null if the author has none. */
  endSitting: annotatorMethod.input(z.object({ author })).output(sittingSummarySchema.nullable()),
  /** Of the author's newest sitting, ended or not. */
  sitting: annotatorMethod.input(z.object({ author })).output(sittingSummarySchema.nullable()),
};
