/** What training is going to take, said after two short runs were measured. */
import * as z from "zod";

export const trainingForecastSchema = z.object({
  /** Gradients of a pair, the mean over the prompts, with responses of the expected length. */
  msPerPair: z.number(),
  /** Its log-probabilities under the reference, taken once. */
  referenceMsPerPair: z.number(),
  /** The peak of the engine's process with responses as long as they may be. */
  memoryBytes: z.number(),
  /** Tokens of the longest pair, packed, with responses as long as they may be. */
  longestTokens: z.int(),
});
export type TrainingForecast = Readonly<z.infer<typeof trainingForecastSchema>>;
