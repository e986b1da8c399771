/** Contract: the ledger of judgments: any stretch of it by rank, one judgment with all about it, corrections, disputes. */
import * as z from "zod";
import { strengthSchema, verdictSchema } from "#app/domain/verdict.ts";
import { messageSchema } from "#app/domain/prompt.ts";
import { askMethods } from "./asks.ts";
import { annotatorMethod, idSchema, nameSchema, ownerMethod, readerMethod } from "./base.ts";

export const oracleKindSchema = z.enum(["person", "judge", "script"]);
export type AuthorKind = z.infer<typeof oracleKindSchema>;

/** Between whom live judgments of one comparison differ. */
export const disagreementSchema = z.enum(["itself", "people", "peopleAndJudge", "judges"]);
export type Disagreement = z.infer<typeof disagreementSchema>;

export const judgmentRowSchema = z.object({
  id: idSchema,
  /** Place in the order of arrival, from 1. */
  number: z.int(),
  askId: idSchema,
  author: z.string(),
  kind: oracleKindSchema,
  oracle: z.string(),
  round: z.int(),
  verdict: verdictSchema,
  /** Null: overall. */
  criterion: z.string().nullable(),
  purpose: z.enum(["training", "evaluation", "practice", "control", "repeat"]),
  prompt: z.string(),
  madeAtMs: z.number(),
  durationMs: z.number().nullable(),
  costUsd: z.number().nullable(),
  isLive: z.boolean(),
  isRetraction: z.boolean(),
  disagreement: disagreementSchema.nullable(),
});
export type JudgmentRow = Readonly<z.infer<typeof judgmentRowSchema>>;

export const ledgerFilterSchema = z.strictObject({
  round: z.int().optional(),
  kind: oracleKindSchema.optional(),
  author: nameSchema.optional(),
  verdict: z.enum(["prefers", "tie", "bothBad", "abstains", "invalid", "retraction"]).optional(),
  /** Only comparisons of which live judgments differ and that nobody has settled. */
  isDisputed: z.literal(true).optional(),
  /** Overall judgments in force of these two, on comparisons that both have judged. */
  raters: z.tuple([nameSchema, nameSchema]).optional(),
  /** Leave out what was superseded or taken back. */
  isLive: z.literal(true).optional(),
  /** In prompts, responses and reasons; case does not matter. */
  search: z.string().trim().min(1).max(200).optional(),
});
export type LedgerFilter = Readonly<z.infer<typeof ledgerFilterSchema>>;

export const ledgerSortSchema = z.strictObject({
  by: z.enum(["time", "prompt", "author", "verdict", "took", "cost"]).default("time"),
  direction: z.enum(["ascending", "descending"]).default("descending"),
});
export type LedgerSort = Readonly<z.infer<typeof ledgerSortSchema>>;

/** A correction says it of the two in stored order. */
const correctionVerdictSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("prefers"), winner: z.enum(["first", "second"]), strength: strengthSchema }),
  z.object({ kind: z.literal("tie") }),
  z.object({ kind: z.literal("bothBad") }),
]);
export type CorrectionVerdict = Readonly<z.infer<typeof correctionVerdictSchema>>;

const opinionSchema = z.object({
  judgment: judgmentRowSchema,
  /** False if the first response in stored order was shown first. */
  isSwapped: z.boolean(),
  probability: z.number().nullable(),
  rationale: z.string().nullable(),
  tags: z.array(z.string()),
  rawReply: z.string().nullable(),
  templateVersion: z.string().nullable(),
  promptTokens: z.int().nullable(),
  replyTokens: z.int().nullable(),
  supersedesId: idSchema.nullable(),
  /** A person put it in place of what had been said: by a correction, or by answering a dispute. */
  isCorrection: z.boolean(),
});
export type Opinion = Readonly<z.infer<typeof opinionSchema>>;

/** Until when nobody is told who wrote the two, so that what is asked of people stays blind. */
const blindUntilSchema = z.enum(["roundClosed", "disputeSettled"]);
export type BlindUntil = z.infer<typeof blindUntilSchema>;

/** `source` and `sampleIndex` are null while nobody is told. */
const responseSideSchema = z.object({ id: idSchema, text: z.string(), source: z.string().nullable(), sampleIndex: z.int().nullable() });

export const judgmentDetailSchema = z.object({
  id: idSchema,
  messages: z.array(messageSchema),
  /** In stored order. */
  first: responseSideSchema,
  second: responseSideSchema,
  /** All judgments of these two responses in this run, oldest first; what was superseded is among them. */
  opinions: z.array(opinionSchema),
  blindUntil: blindUntilSchema.nullable(),
  disagreement: disagreementSchema.nullable(),
  isSettled: z.boolean(),
  /** The stage has been done: a correction changes pairs and win rates when the stages after it are run again. */
  isStageDone: z.boolean(),
});
export type JudgmentDetail = Readonly<z.infer<typeof judgmentDetailSchema>>;

export const judgmentsContract = {
  ...askMethods,
  /** Newest first; `before` is the id of the last row of the page before. */
  list: readerMethod
    .input(z.object({ before: idSchema.optional(), limit: z.int().min(1).max(500).default(100) }))
    .output(z.object({ rows: z.array(judgmentRowSchema), total: z.int() })),
  /**
   * Rows `from` on in the order asked for, of the judgments that had arrived at `upTo` (now, if left out): the ranks of
   * one `upTo` do not move while others judge.
   */
  page: readerMethod
    .input(
      z.object({
        filter: ledgerFilterSchema.prefault({}),
        sort: ledgerSortSchema.prefault({}),
        from: z.int().min(0),
        count: z.int().min(1).max(500),
        upTo: z.int().min(0).optional(),
      }),
    )
    .output(z.object({ rows: z.array(judgmentRowSchema), total: z.int(), upTo: z.int() })),
  /** What there is to filter by. */
  facets: readerMethod.output(
    z.object({
      total: z.int(),
      rounds: z.array(z.int()),
      authors: z.array(z.object({ name: z.string(), kind: oracleKindSchema })),
      disputed: z.int(),
      invalid: z.int(),
      /** Lists of responses that were scored together; they yield no judgments. */
      lists: z.int(),
    }),
  ),
  open: readerMethod.input(z.object({ id: idSchema })).output(judgmentDetailSchema),
  /** A new record that supersedes; the old one is kept. The same requestId again changes nothing. */
  correct: ownerMethod
    .input(
      z.object({
        id: idSchema,
        author: nameSchema,
        verdict: correctionVerdictSchema,
        rationale: z.string().max(20_000).default(""),
        requestId: z.uuid(),
      }),
    )
    .output(z.object({ id: idSchema, isStageDone: z.boolean() })),
  /** Leaves the judgments as they are; the dispute comes back when another judgment of the comparison comes. */
  settle: ownerMethod.input(z.object({ id: idSchema, author: nameSchema })).output(z.object({ disputed: z.int() })),
  /** Takes a correction in force back: what it took the place of holds again, under its own author's name, as a record too. */
  takeBack: ownerMethod.input(z.object({ id: idSchema })).output(z.object({ id: idSchema })),
  /** Opens a dispute again that was left as it is. */
  reopen: ownerMethod.input(z.object({ id: idSchema })).output(z.object({ disputed: z.int() })),
  /** Puts the comparison into a person's queue of disputes, blind. */
  askAgain: annotatorMethod.input(z.object({ id: idSchema, author: nameSchema })).output(z.object({ askId: idSchema })),
};
