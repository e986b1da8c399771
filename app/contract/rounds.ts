/** Contract: rounds, their stages, and the stream of what goes on. */
import { eventIterator } from "@orpc/contract";
import * as z from "zod";
import { stageSchema } from "#app/domain/round.ts";
import { ownerMethod, readerMethod } from "./base.ts";
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
  z.object({ type: z.literal("queue.changed") }),
  z.object({ type: z.literal("experiment.changed") }),
  /** Evaluations came to something, or a comparison among policies went on. */
  z.object({ type: z.literal("results.changed") }),
  z.object({ type: z.literal("policy.progressed"), message: z.string(), share: z.number() }),
  z.object({ type: z.literal("engine.died"), deaths: z.int(), message: z.string() }),
]);
export type LabEvent = Readonly<z.infer<typeof labEventSchema>>;

export const roundsContract = {
  list: readerMethod.output(z.array(roundViewSchema)),
  /** Makes the next round, or goes on with the one that is not done; runs from its first open stage until `until`. */
  start: ownerMethod.input(z.object({ until: stageSchema.optional() })).output(z.object({ round: roundNumber })),
  /** Asks the running stage to stop at its next unit of work; resolves when it has. */
  pause: ownerMethod.output(z.object({ wasRunning: z.boolean() })),
  /** Goes on where the round was paused, failed or killed. */
  resume: ownerMethod.output(z.object({ round: roundNumber })),
  /** Supersedes a stage and those after it in the last round; what came of them is kept, and replaced by new runs. */
  redo: ownerMethod.input(z.object({ stage: stageSchema })).output(z.object({ round: roundNumber })),
  /** Resolves when nothing runs any more; `waitsForPeople` when it is people's turn. */
  settle: ownerMethod.output(z.object({ state: z.enum(["idle", "done", "paused", "failed", "waitsForPeople"]), error: z.string().nullable() })),
  watch: readerMethod.output(eventIterator(labEventSchema)),
};
