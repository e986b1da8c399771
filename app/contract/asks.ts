/** Contract, part of the judgments: one presentation to an oracle with all that is known of it. */
import * as z from "zod";
import { messageSchema } from "#app/domain/prompt.ts";
import { verdictSchema } from "#app/domain/verdict.ts";
import { idSchema, readerMethod } from "./base.ts";

/** One request to an endpoint, as it was paid for. */
const requestSchema = z.object({
  /** Of a jury, from 0. */
  member: z.int(),
  model: z.string(),
  /** As the model called itself; null without a reply. */
  snapshot: z.string().nullable(),
  /** cached: an earlier reply to the same question served; refused: turned away, for nothing. */
  state: z.enum(["open", "answered", "unusable", "refused", "cached"]),
  sends: z.int(),
  /** Sends that were lost and may have been charged for besides. */
  possiblyPaidTwice: z.int(),
  costUsd: z.number().nullable(),
  promptTokens: z.int().nullable(),
  replyTokens: z.int().nullable(),
  durationMs: z.number().nullable(),
  error: z.string().nullable(),
});

/** One presentation to an oracle, with all that is known of it. Not for annotators: it tells who wrote what. */
export const askViewSchema = z.object({
  askId: idSchema,
  round: z.int(),
  stage: z.string(),
  purpose: z.string(),
  mode: z.enum(["pairwise", "listwise"]),
  outcome: z.enum(["open", "answered", "failed", "withdrawn"]),
  oracle: z.string(),
  messages: z.array(messageSchema),
  /** In the order in which they were shown. */
  shown: z.array(
    z.object({
      responseId: idSchema,
      text: z.string(),
      /** The policy that wrote it; null for a teacher's or an imported one. */
      policy: z.string().nullable(),
      source: z.enum(["policy", "teacher", "imported"]),
      /** Of a list. */
      score: z.int().nullable(),
    }),
  ),
  templateVersion: z.string().nullable(),
  guidelineVersion: z.string().nullable(),
  rawReply: z.string().nullable(),
  promptTokens: z.int().nullable(),
  replyTokens: z.int().nullable(),
  costUsd: z.number().nullable(),
  askedAtMs: z.number().nullable(),
  durationMs: z.number().nullable(),
  /** All judgments on it, oldest first, those that were superseded included. */
  judgments: z.array(
    z.object({
      id: idSchema,
      author: z.string(),
      verdict: verdictSchema,
      /** True where the stored order is the other way round than what was shown. */
      isSwapped: z.boolean(),
      probability: z.number().nullable(),
      rationale: z.string().nullable(),
      madeAtMs: z.number(),
      isLive: z.boolean(),
      isRetraction: z.boolean(),
    }),
  ),
  requests: z.array(requestSchema),
});
export type AskView = Readonly<z.infer<typeof askViewSchema>>;

/** A list of responses that an oracle scored together, in short. */
const scoredListSchema = z.object({
  askId: idSchema,
  round: z.int(),
  oracle: z.string(),
  prompt: z.string(),
  outcome: z.enum(["answered", "failed"]),
  /** In the order in which the responses were shown; none where no usable answer came. */
  scores: z.array(z.int()),
  askedAtMs: z.number().nullable(),
  durationMs: z.number().nullable(),
  costUsd: z.number().nullable(),
});
export type ScoredList = Readonly<z.infer<typeof scoredListSchema>>;

export const askMethods = {
  /** Also for asks without judgments: open ones, and lists. */
  ask: readerMethod.input(z.object({ askId: idSchema })).output(askViewSchema),
  /** Rows `from` on of the lists that are closed, those asked last first. */
  lists: readerMethod
    .input(z.object({ from: z.int().min(0), count: z.int().min(1).max(500) }))
    .output(z.object({ rows: z.array(scoredListSchema), total: z.int() })),
};
