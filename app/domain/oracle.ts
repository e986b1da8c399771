/** Oracles: whatever answers comparisons. This page describes them; main/oracles and people answer. */
import * as z from "zod";
import type { OracleId } from "#app/base/ids.ts";

const noise = z.number().min(0).max(1).default(0);

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
    .regex(/^[imsu]*$/u, "flags may be i, m, s, u")
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
    { message: "the matrix must be square over the classes with matrix[i][j] + matrix[j][i] = 1", path: ["matrix"] },
  );

export const scriptedOracleSchema = z.discriminatedUnion("kind", [targetLengthSchema, regexSchema, wordListSchema, preferenceMatrixSchema]);
/** `noise`: with this probability an answer is replaced by one drawn evenly from first and second. */
export type ScriptedOracle = Readonly<z.infer<typeof scriptedOracleSchema>>;

/** People at a keyboard; the order is drawn once for each presentation. */
const peopleSchema = z.strictObject({ kind: z.literal("people"), guidelines: z.string().default("") });

export const oracleConfigSchema = z.discriminatedUnion("kind", [
  targetLengthSchema,
  regexSchema,
  wordListSchema,
  preferenceMatrixSchema,
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
  return config.kind !== "people";
}
