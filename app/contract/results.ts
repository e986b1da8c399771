/** Contract: what came out, and datasets for other tools. */
import * as z from "zod";
import { splitSchema } from "#app/domain/prompt.ts";
import { nameSchema, ownerMethod, readerMethod } from "./base.ts";
import { recommendationViewSchema, winRateViewSchema } from "./views.ts";

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
  /** Preference pairs as TRL JSONL (explicit prompt, conversational). */
  exportPairs: ownerMethod.input(z.object({ path: z.string().min(1), round: z.int().min(1).optional() })).output(written),
  /** A policy's held-out responses in AlpacaEval's form. */
  exportResponses: ownerMethod.input(z.object({ path: z.string().min(1), policy: nameSchema, split: splitSchema.default("test") })).output(written),
};
