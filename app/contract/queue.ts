/** Contract: the annotator's queue. Sides exist only here; what is recorded is in stored order. */
import * as z from "zod";
import { strengthSchema } from "#app/domain/verdict.ts";
import { annotatorMethod, idSchema, nameSchema } from "./base.ts";
import { comparisonViewSchema, queueCountsSchema } from "./views.ts";

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

export const queueContract = {
  authors: annotatorMethod.output(z.array(z.object({ name: z.string(), judgments: z.int() }))),
  /** The next comparisons for this author, first first; they stay the same until judged, also after a reload. */
  next: annotatorMethod.input(z.object({ author, count: z.int().min(1).max(20).default(3) })).output(
    z.object({
      comparisons: z.array(comparisonViewSchema),
      counts: queueCountsSchema,
      guidelines: z.string(),
      /** The author's newest verdict, for "Last: left is better". */
      last: shownVerdictSchema.nullable(),
    }),
  ),
  /** Durable when it resolves. Judging an ask again with the same requestId is the same judgment. */
  judge: annotatorMethod
    .input(
      z.object({
        author,
        askId: idSchema,
        verdict: shownVerdictSchema,
        /** Time it was looked at, pauses taken off. */
        durationMs: z.number().min(0),
        requestId: z.uuid(),
      }),
    )
    .output(z.object({ counts: queueCountsSchema })),
  undo: annotatorMethod.input(z.object({ author })).output(stepSchema),
  redo: annotatorMethod.input(z.object({ author })).output(stepSchema),
};
