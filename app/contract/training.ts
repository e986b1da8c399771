/** Contract: training runs: their numbers, what these mean, and an early end. */
import * as z from "zod";
import { lossSettingsSchema } from "#app/domain/loss.ts";
import { attemptStateSchema } from "#app/domain/round.ts";
import { idSchema, ownerMethod, readerMethod } from "./base.ts";

const roundNumber = z.int().min(1);

export const curveReadingSchema = z.object({
  /** alarm: do something; note: to be known. */
  kind: z.enum(["usual", "note", "alarm"]),
  title: z.string(),
  text: z.string(),
});

export const trainingRunSchema = z.object({
  round: roundNumber,
  attemptId: idSchema,
  attemptNumber: z.int(),
  state: attemptStateSchema,
  startedAtMs: z.number().nullable(),
  pairs: z.int().nullable(),
  droppedPairs: z.int(),
  /** Never trained on, and measured at each checkpoint. */
  heldOutPairs: z.int(),
  loss: lossSettingsSchema,
  adapterRank: z.int(),
  learningRate: z.number(),
  /** Where the loss begins if policy and reference agree; null where that depends on the pairs. */
  startLoss: z.number().nullable(),
  checkpoints: z.array(
    z.object({
      step: z.int(),
      atMs: z.number(),
      sizeBytes: z.number(),
      /** By `measure`; null where no step has been recorded yet. */
      loss: z.number().nullable(),
      isBest: z.boolean(),
    }),
  ),
  checkpointEverySteps: z.int(),
  /** In words, what makes a checkpoint the best. */
  measure: z.string(),
  /** Asked to end with the best checkpoint; `kept` once it has. */
  isStopRequested: z.boolean(),
  kept: z.object({ step: z.int(), loss: z.number() }).nullable(),
  readings: z.array(curveReadingSchema),
  /** The readings are of so many of the last steps. */
  readSteps: z.int(),
});
export type TrainingRunView = Readonly<z.infer<typeof trainingRunSchema>>;

export const trainingContract = {
  /** One row a step under TRL's names, of the live run of a round's train stage. */
  metrics: readerMethod
    .input(z.object({ round: roundNumber, afterStep: z.int().min(0).default(0) }))
    .output(z.array(z.object({ step: z.int(), values: z.record(z.string(), z.number()) }))),
  /** The live run of a round's train stage; null while there is none. */
  run: readerMethod.input(z.object({ round: roundNumber })).output(trainingRunSchema.nullable()),
  /** Ends the run after its present step with the policy of its best checkpoint. Stored: a lab that dies before honours it later. */
  stopWithBest: ownerMethod.input(z.object({ round: roundNumber })).output(z.object({ measure: z.string() })),
};
