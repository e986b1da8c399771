/** Contract: what a data file holds, said before anything of it is stored, and what importing it came to. */
import * as z from "zod";
import { messageSchema, splitSchema } from "#app/domain/prompt.ts";

const columnName = z.string().min(1).max(200);

/** Columns by what they are to be taken for, in place of what recognition finds. */
export const columnChoiceSchema = z.strictObject({
  prompt: columnName.optional(),
  /** A text, messages (their last answer) or UltraFeedback's completions (the best). */
  teacher: columnName.optional(),
  chosen: columnName.optional(),
  rejected: columnName.optional(),
  chosenScore: columnName.optional(),
  rejectedScore: columnName.optional(),
  split: columnName.optional(),
});
export type ColumnChoiceInput = Readonly<z.infer<typeof columnChoiceSchema>>;

export const importRequestSchema = z.object({
  /** A file of the lab's machine; or, with `text` or `base64`, only the name that it is remembered by. */
  path: z.string().min(1),
  /** What was pasted, in place of a file's content. */
  text: z.string().optional(),
  /** The bytes of a file that was dropped: what is not UTF-8 is refused, and not read with letters replaced. */
  base64: z.string().optional(),
  /** Puts all of them there, instead of where the file says or by hash. */
  split: splitSchema.optional(),
  limit: z.int().min(1).optional(),
  offset: z.int().min(0).optional(),
  columns: columnChoiceSchema.default({}),
  /** Whether preferences that the file has are kept, for the pair rule "imported". */
  withPairs: z.boolean().default(true),
  /** What becomes of training prompts that nearly repeat a held-out one. */
  nearCopies: z.enum(["keep", "leaveOut"]).default("keep"),
});
export type ImportRequest = Readonly<z.infer<typeof importRequestSchema>>;

export const rejectedRowSchema = z.object({
  /** The line of JSON lines, the spreadsheet's row of CSV (the header is 1), else the place from 1. */
  row: z.int(),
  column: z.string().nullable(),
  expected: z.string(),
  got: z.string(),
  /** The same as one sentence. */
  reason: z.string(),
});
export type RejectedRow = Readonly<z.infer<typeof rejectedRowSchema>>;

/** No more rejected rows, unusable preferences and leaks are listed than this of each; all are counted. */
export const MAX_LISTED = 200;

const leakSchema = z.object({
  row: z.int(),
  split: splitSchema,
  /** Null where the other prompt is stored already. */
  otherRow: z.int().nullable(),
  otherSplit: splitSchema,
  /** The part of their runs of three words that the two share; 1 for equal prompts. */
  share: z.number(),
  /** The beginning of the row's prompt. */
  text: z.string(),
});
export type Leak = Readonly<z.infer<typeof leakSchema>>;

export const leaksSchema = z.object({
  /** Rows whose prompt the file or the experiment has in another split than the row asks for. */
  equal: z.int(),
  /** Training prompts that nearly repeat a held-out one, or held-out ones that a stored training prompt nearly repeats. */
  near: z.int(),
  listed: z.array(leakSchema),
});
export type Leaks = Readonly<z.infer<typeof leaksSchema>>;

export const importReportSchema = z.object({
  imported: z.int(),
  /** Rows whose prompt was there already, in the file or in the experiment, by its normalised text. */
  duplicates: z.int(),
  /** Of those, the ones that the file itself has twice. */
  duplicatesInFile: z.int(),
  teacherResponses: z.int(),
  pairs: z.int(),
  /** Rows whose preference cannot be used although their prompt can. */
  unusablePairs: z.int(),
  /** The first of them, with what is wrong with the preference. */
  unusable: z.array(rejectedRowSchema),
  /** Near copies that were left out. */
  leftOut: z.int(),
  /** The first of `rejectedCount`. */
  rejected: z.array(rejectedRowSchema),
  rejectedCount: z.int(),
  splits: z.record(splitSchema, z.int()),
  leaks: leaksSchema,
  /** The first rounds that the prompts can take part in: a run that has been begun works with what it began with. */
  fromRound: z.object({ training: z.int(), heldOut: z.int() }),
});
export type ImportReport = Readonly<z.infer<typeof importReportSchema>>;

/** A row as the lab would store it. */
export const importSampleSchema = z.object({
  row: z.int(),
  shape: z.string(),
  messages: z.array(messageSchema),
  split: splitSchema,
  isStoredAlready: z.boolean(),
  teacherResponse: z.string().nullable(),
  pairs: z.array(z.object({ chosen: z.string(), rejected: z.string(), chosenScore: z.number().nullable(), rejectedScore: z.number().nullable() })),
});
export type ImportSample = Readonly<z.infer<typeof importSampleSchema>>;

export const importLookSchema = importReportSchema.omit({ imported: true }).extend({
  name: z.string(),
  format: z.enum(["jsonl", "json", "csv", "parquet", "text"]),
  /** SHA-256; given back with the import, it sees to it that what was looked at is what is stored. */
  contentHash: z.string(),
  sizeBytes: z.number(),
  rows: z.int(),
  /** What the rows were taken for, the most frequent first, and what told it. */
  shapes: z.array(z.object({ shape: z.string(), title: z.string(), why: z.string(), rows: z.int() })),
  /** False where no shape fits, or several do: somebody has to choose columns, or to look twice. */
  isCertain: z.boolean(),
  /** The column that most likely holds the prompts, where no shape fits. */
  proposedPrompt: z.string().nullable(),
  /** With the beginning of a value each. */
  columns: z.array(z.object({ name: z.string(), example: z.string() })),
  samples: z.array(importSampleSchema),
  /** Prompts that would be stored. */
  fresh: z.int(),
});
export type ImportLook = Readonly<z.infer<typeof importLookSchema>>;
