/** Contract: the numbers of training runs. */
import * as z from "zod";
import { readerMethod } from "./base.ts";

export const trainingContract = {
  /** One row a step under TRL's names, of the live run of a round's train stage. */
  metrics: readerMethod
    .input(z.object({ round: z.int().min(1), afterStep: z.int().min(0).default(0) }))
    .output(z.array(z.object({ step: z.int(), values: z.record(z.string(), z.number()) }))),
};
