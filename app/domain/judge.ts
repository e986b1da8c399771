/** AI judges: a model behind an endpoint, a policy of the lab, and juries of several oracles. */
import * as z from "zod";
import { templateWords } from "#app/text/templates.ts";

const template = z
  .string()
  .trim()
  .regex(/^[a-z0-9][a-z0-9._-]{0,59}$/u, templateWords.badName);

/** A model behind an OpenAI-compatible endpoint. */
export const endpointJudgeSchema = z.strictObject({
  kind: z.literal("judge"),
  /** The name of an endpoint in the lab's settings. */
  endpoint: z.string().trim().min(1),
  /** As the endpoint calls it; a dated snapshot rather than an alias, where there is one. */
  model: z.string().trim().min(1),
  /** The template of comparisons, and of lists where judging.mode is listwise. */
  template: template.default("pairwise"),
  listTemplate: template.default("listwise-6-point"),
  temperature: z.number().min(0).max(2).default(0),
  /** An unusable reply is asked for again until there have been so many; a refusal is not. */
  tries: z.int().min(1).max(5).default(2),
  /** What happens when the endpoint begins to answer as another snapshot: the run stops, or goes on with both. */
  otherSnapshot: z.enum(["stop", "accept"]).default("stop"),
});
export type EndpointJudge = Readonly<z.infer<typeof endpointJudgeSchema>>;

/** A policy of the lab: the log-probabilities of the answers "A" and "B" are compared. */
export const localJudgeSchema = z.strictObject({
  kind: z.literal("localJudge"),
  /** The name of a policy of the experiment. */
  policy: z.string().trim().min(1),
  /** A template whose answer is a letter. */
  template: template.default("pairwise-letter"),
});
export type LocalJudge = Readonly<z.infer<typeof localJudgeSchema>>;

/**
 * How members' answers become one. majority: the side that more than half of the usable answers name, else a tie;
 * unanimous: the side that all of them name, else a tie; mean: the mean of their preference probabilities.
 */
export const juryRuleSchema = z.enum(["majority", "unanimous", "mean"]);
export type JuryRule = z.infer<typeof juryRuleSchema>;
