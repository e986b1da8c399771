/** The shapes that data files come in: how each is told from a row's fields, and what it is called. */
import { rowWords } from "#app/text/rows.ts";
import { isAbsent, isCompletionList, isRow, looksLikeMessages, type Row } from "./values.ts";

export const SHAPE_NAMES = [
  "texts",
  "promptOnly",
  "promptCompletion",
  "unpaired",
  "preference",
  "implicitPreference",
  "ultraFeedback",
  "ultraFeedbackBinarised",
  "hhRlhf",
  "alpaca",
  "alpacaPreference",
  "alpacaEvalOutputs",
  "alpacaEvalAnnotations",
  "chat",
  "chatPreference",
] as const;
export type ShapeName = (typeof SHAPE_NAMES)[number];

export const SHAPE_TITLES: Readonly<Record<ShapeName, string>> = rowWords.shapes;

type Rule = { readonly shape: ShapeName; readonly fits: (row: Row) => boolean };

const has = (row: Row, ...fields: readonly string[]): boolean => fields.every((field) => !isAbsent(row[field]));
const hasPair = (row: Row): boolean => has(row, "chosen", "rejected");
/** Where the prompt stands by itself a side that is missing is told of as such, and does not make the row another shape. */
const hasSide = (row: Row): boolean => has(row, "chosen") || has(row, "rejected");
const hasDialogue = (value: unknown): boolean => typeof value === "string" && /(^|\n\n)Human:/u.test(value);

/** The first that fits is the row's shape: what says more stands before what says less. */
const RULES: readonly Rule[] = [
  {
    shape: "ultraFeedback",
    fits: (row) => has(row, "instruction") && isCompletionList(row["completions"]),
  },
  {
    shape: "alpacaEvalAnnotations",
    fits: (row) => has(row, "instruction", "output_1", "output_2"),
  },
  {
    shape: "ultraFeedbackBinarised",
    fits: (row) => has(row, "prompt", "score_chosen", "score_rejected") && looksLikeMessages(row["chosen"]) && looksLikeMessages(row["rejected"]),
  },
  { shape: "preference", fits: (row) => has(row, "prompt") && hasSide(row) },
  { shape: "unpaired", fits: (row) => has(row, "prompt", "completion", "label") },
  { shape: "promptCompletion", fits: (row) => has(row, "prompt", "completion") },
  { shape: "promptOnly", fits: (row) => row["prompt"] !== undefined },
  {
    shape: "chatPreference",
    fits: (row) => (has(row, "messages") || has(row, "conversations")) && hasPair(row),
  },
  {
    shape: "chat",
    fits: (row) => row["messages"] !== undefined || looksLikeMessages(row["conversations"]),
  },
  { shape: "alpacaPreference", fits: (row) => has(row, "instruction") && hasSide(row) },
  {
    shape: "alpacaEvalOutputs",
    fits: (row) => has(row, "instruction", "output", "generator"),
  },
  { shape: "alpaca", fits: (row) => row["instruction"] !== undefined },
  {
    shape: "hhRlhf",
    fits: (row) => hasDialogue(row["chosen"]) && hasDialogue(row["rejected"]),
  },
  { shape: "implicitPreference", fits: hasPair },
];

/** Undefined for a row of no known shape. */
export function recogniseRow(row: unknown): ShapeName | undefined {
  if (typeof row === "string") return "texts";
  return isRow(row) ? RULES.find(({ fits }) => fits(row))?.shape : undefined;
}

/** By what a row is told to be of the shape, in words. */
export function shapeReason(shape: ShapeName): string {
  return rowWords.reasons[shape];
}

/** Columns that prompts of other tools stand in: good enough to propose, not to import on. */
const PROMPT_LIKE = ["question", "query", "user_prompt", "user", "input", "text", "prompt_text", "task", "content"] as const;

/** The column that most likely holds the prompts where no shape fits; undefined if none looks like one. */
export function proposePromptColumn(row: unknown): string | undefined {
  if (!isRow(row)) return undefined;
  const names = Object.keys(row);
  const known = PROMPT_LIKE.flatMap((like) => names.find((name) => name.toLowerCase() === like) ?? []);
  return [...known, ...names].find((name) => (typeof row[name] === "string" && row[name].trim() !== "") || looksLikeMessages(row[name]));
}
