/** Contract: the ledger of judgments, a page at a time. */
import * as z from "zod";
import { verdictSchema } from "#app/domain/verdict.ts";
import { idSchema, readerMethod } from "./base.ts";

export const judgmentRowSchema = z.object({
  id: idSchema,
  askId: idSchema,
  author: z.string(),
  oracle: z.string(),
  round: z.int(),
  verdict: verdictSchema,
  prompt: z.string(),
  madeAtMs: z.number(),
  durationMs: z.number().nullable(),
  isLive: z.boolean(),
});

export const judgmentsContract = {
  /** Newest first; `before` is the id of the last row of the page before. */
  list: readerMethod
    .input(z.object({ before: idSchema.optional(), limit: z.int().min(1).max(500).default(100) }))
    .output(z.object({ rows: z.array(judgmentRowSchema), total: z.int() })),
};
