/** Oracles: whatever answers comparisons. This page describes them; main/oracles and people answer. */
import * as z from "zod";
import type { OracleId } from "#app/base/ids.ts";
import { oracleWords } from "#app/text/oracles.ts";
import { endpointJudgeSchema, juryRuleSchema, localJudgeSchema } from "./judge.ts";

const noise = z.number().min(0).max(1).default(0);
const distinct = { message: oracleWords.nameTwice };

/** Prefers the response whose length is nearer to the target. */
const targetLengthSchema = z.strictObject({
  kind: z.literal("targetLength"),
  unit: z.enum(["characters", "words", "tokens"]).default("characters"),
  target: z.int().min(0),
  noise,
});

/** Prefers the response with more (or fewer) matches of a regular expression. */
const regexSchema = z.strictObject({
  kind: z.literal("regex"),
  pattern: z.string().min(1),
  flags: z
    .string()
    .regex(/^[imsu]*$/u, oracleWords.flags)
    .default("u"),
  prefer: z.enum(["more", "fewer"]).default("more"),
  noise,
});

/** Prefers the response that holds more (or fewer) of the words, each counted once, whole words, any case. */
const wordListSchema = z.strictObject({
  kind: z.literal("wordList"),
  words: z.array(z.string().min(1)).min(1),
  prefer: z.enum(["more", "fewer"]).default("more"),
  noise,
});

/** Sorts each response into the first class whose pattern matches and looks the preference up: cycles are legal. */
const preferenceMatrixSchema = z
  .strictObject({
    kind: z.literal("preferenceMatrix"),
    classes: z.array(z.strictObject({ name: z.string().min(1), pattern: z.string() })).min(2),
    /** matrix[i][j] = P(class i is preferred to class j); matrix[i][j] + matrix[j][i] = 1, ½ on the diagonal. */
    matrix: z.array(z.array(z.number().min(0).max(1))),
    noise,
  })
  .refine(
    (oracle) =>
      oracle.matrix.length === oracle.classes.length &&
      oracle.matrix.every(
        (row, i) => row.length === oracle.classes.length && row.every((p, j) => Math.abs(p + (oracle.matrix[j]?.[i] ?? Number.NaN) - 1) < 1e-9),
      ),
    { message: oracleWords.matrix, path: ["matrix"] },
  );

/** What a rubric can look at; app/judging/rubric.ts says how. */
export const RUBRIC_TRAITS = ["opening", "finished", "unrepeated", "form", "length", "direct", "plain"] as const;
export type RubricTrait = (typeof RUBRIC_TRAITS)[number];

/** Prefers the response for which more traits speak, each looked at by itself: cycles are possible. */
const rubricSchema = z
  .strictObject({
    kind: z.literal("rubric"),
    traits: z
      .array(z.enum(RUBRIC_TRAITS))
      .min(1)
      .refine((traits) => new Set(traits).size === traits.length, distinct)
      .default([...RUBRIC_TRAITS]),
    /** From so many words to so many the trait "length" has nothing to find fault with. */
    minWords: z.int().min(0).default(80),
    maxWords: z.int().min(1).default(200),
    noise,
  })
  .refine((oracle) => oracle.minWords <= oracle.maxWords, { message: oracleWords.minAboveMax, path: ["minWords"] });

export const scriptedOracleSchema = z.discriminatedUnion("kind", [
  targetLengthSchema,
  regexSchema,
  wordListSchema,
  preferenceMatrixSchema,
  rubricSchema,
]);
/** `noise`: with this probability an answer is replaced by one drawn evenly from first and second. */
export type ScriptedOracle = Readonly<z.infer<typeof scriptedOracleSchema>>;

const shortName = z.string().trim().min(1).max(60);

/** Why one response is better, at a key press; an experiment may name its own. */
export const REASON_TAGS: readonly string[] = oracleWords.reasonTags;

/**
 * People at a keyboard; the order is drawn once for each presentation. The shares are of the comparisons that a person
 * judges; items of theirs check the person, count in agreement and make no pair.
 */
export const peopleSchema = z.strictObject({
  kind: z.literal("people"),
  guidelines: z.string().default(""),
  /** Asked beside the verdict on the whole: which side is better in this respect. */
  criteria: z
    .array(shortName)
    .max(6)
    .refine((names) => new Set(names).size === names.length, distinct)
    .default([]),
  reasonTags: z
    .array(shortName)
    .max(20)
    .refine((names) => new Set(names).size === names.length, distinct)
    .default([...REASON_TAGS]),
  /** A comparison that the person has judged before comes again, the other way round. */
  repeatShare: z.number().min(0).max(0.5).default(0),
  /** A response beside one that was written to another prompt: which is better is known. */
  controlShare: z.number().min(0).max(0.5).default(0),
  /** So many of the latter come first, and say afterwards what is known of them. */
  practiceItems: z.int().min(0).max(20).default(0),
});
export type PeopleConfig = Readonly<z.infer<typeof peopleSchema>>;

const memberSchema = z.discriminatedUnion("kind", [
  targetLengthSchema,
  regexSchema,
  wordListSchema,
  preferenceMatrixSchema,
  rubricSchema,
  endpointJudgeSchema,
  localJudgeSchema,
]);
/** Who may sit in a jury: everything that answers by itself. */
export type JuryMember = Readonly<z.infer<typeof memberSchema>>;

const jurySchema = z.strictObject({
  kind: z.literal("jury"),
  members: z.array(memberSchema).min(2).max(9),
  rule: juryRuleSchema.default("majority"),
});
export type Jury = Readonly<z.infer<typeof jurySchema>>;

export const oracleConfigSchema = z.discriminatedUnion("kind", [
  targetLengthSchema,
  regexSchema,
  wordListSchema,
  preferenceMatrixSchema,
  rubricSchema,
  endpointJudgeSchema,
  localJudgeSchema,
  jurySchema,
  peopleSchema,
]);
export type OracleConfig = Readonly<z.infer<typeof oracleConfigSchema>>;

export type OracleKind = OracleConfig["kind"];

export type Oracle = {
  readonly id: OracleId;
  /** SHA-256 of the canonical configuration: a changed oracle is another oracle. */
  readonly version: string;
  readonly name: string;
  readonly config: OracleConfig;
};

export function isScripted(config: OracleConfig): config is ScriptedOracle {
  switch (config.kind) {
    case "targetLength":
    case "regex":
    case "wordList":
    case "preferenceMatrix":
    case "rubric":
      return true;
    case "judge":
    case "localJudge":
    case "jury":
    case "people":
      return false;
    default:
      return config satisfies never;
  }
}

/** The oracles that answer one ask: a jury's members, else the oracle alone; nobody where people are asked. */
export function membersOf(config: OracleConfig): readonly JuryMember[] {
  if (config.kind === "people") return [];
  return config.kind === "jury" ? config.members : [config];
}
