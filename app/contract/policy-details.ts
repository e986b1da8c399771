/** What is known of one policy, what a prompt gives on it, and what its deletion would take along. */
import * as z from "zod";
import { nameSchema } from "./base.ts";
import { policyViewSchema } from "./views.ts";

/** How a policy came to be; null for one that was added by hand. */
const originSchema = z.object({
  round: z.int(),
  pairs: z.int().nullable(),
  steps: z.int(),
  loss: z.string(),
  beta: z.number().nullable(),
  adapterRank: z.int(),
  learningRate: z.number(),
  seed: z.int(),
  /** The checkpoint it was made from, where the training was ended early. */
  keptStep: z.int().nullable(),
  /** Who answered how many asks of its round's judge stage. */
  judgedBy: z.array(z.object({ name: z.string(), answers: z.int() })),
});

export const deletionSchema = z.object({
  /** Why it cannot be deleted; null if it can. */
  refusal: z.string().nullable(),
  /** The round whose training and evaluation would no longer count; null where none would. */
  round: z.int().nullable(),
  /** Records that stay but no longer count. */
  responses: z.int(),
  judgments: z.int(),
});
export type DeletionView = Readonly<z.infer<typeof deletionSchema>>;

export const policyDetailsSchema = z.object({
  policy: policyViewSchema,
  /** From the first policy to this one, by name. */
  lineage: z.array(z.string()),
  origin: originSchema.nullable(),
  /** Its own files: the adapter's, or the checkpoint's where there is none. */
  files: z.array(z.object({ name: z.string(), sizeBytes: z.number() })),
  /** Its own, without the checkpoint that an adapter lies over. */
  sizeBytes: z.number(),
  checkpointBytes: z.number(),
  deletion: deletionSchema,
});
export type PolicyDetails = Readonly<z.infer<typeof policyDetailsSchema>>;

export const tryInputSchema = z.object({
  prompt: z.string().trim().min(1).max(100_000),
  /** They answer side by side. */
  policies: z.array(nameSchema).min(1).max(2),
  /** Divides the logits; 0 means the most likely token each time. */
  temperature: z.number().min(0).max(5).default(0.7),
  topP: z.number().gt(0).max(1).default(0.95),
  maxNewTokens: z.int().min(1).max(8192).default(256),
  seed: z.int().min(0).max(0xffffffff).default(0),
});

/** What one of the policies has said so far; `finish` once it has said all. */
export const trialSchema = z.object({
  place: z.int(),
  policy: z.string(),
  text: z.string(),
  tokens: z.int(),
  tokensPerSecond: z.number(),
  finish: z.enum(["endOfText", "stop", "length", "tooLong"]).nullable(),
});
export type TrialView = Readonly<z.infer<typeof trialSchema>>;
