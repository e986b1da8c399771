/** The shapes that data files come in: how each is told from a row's fields, and what it is called. */
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

export const SHAPE_TITLES: Readonly<Record<ShapeName, string>> = {
  texts: "plain prompts",
  promptOnly: "TRL prompt-only",
  promptCompletion: "TRL prompt-completion",
  unpaired: "TRL unpaired preference",
  preference: "TRL preference with an explicit prompt",
  implicitPreference: "TRL preference with an implicit prompt",
  ultraFeedback: "UltraFeedback with its completions",
  ultraFeedbackBinarised: "UltraFeedback, binarised",
  hhRlhf: "HH-RLHF",
  alpaca: "Alpaca",
  alpacaPreference: "Alpaca with chosen and rejected",
  alpacaEvalOutputs: "AlpacaEval outputs",
  alpacaEvalAnnotations: "AlpacaEval annotations",
  chat: "chats",
  chatPreference: "chats with chosen and rejected",
};

type Rule = { readonly shape: ShapeName; readonly why: string; readonly fits: (row: Row) => boolean };

const has = (row: Row, ...fields: readonly string[]): boolean => fields.every((field) => !isAbsent(row[field]));
const hasPair = (row: Row): boolean => has(row, "chosen", "rejected");
const hasDialogue = (value: unknown): boolean => typeof value === "string" && /(^|\n\n)Human:/u.test(value);

/** The first that fits is the row's shape: what says more stands before what says less. */
const RULES: readonly Rule[] = [
  {
    shape: "ultraFeedback",
    why: 'it has "instruction" and a list "completions" with a "response" each',
    fits: (row) => has(row, "instruction") && isCompletionList(row["completions"]),
  },
  {
    shape: "alpacaEvalAnnotations",
    why: 'it has "instruction", "output_1" and "output_2"',
    fits: (row) => has(row, "instruction", "output_1", "output_2"),
  },
  {
    shape: "ultraFeedbackBinarised",
    why: 'it has "prompt", "chosen" and "rejected" as messages, and "score_chosen" and "score_rejected"',
    fits: (row) => has(row, "prompt", "score_chosen", "score_rejected") && looksLikeMessages(row["chosen"]) && looksLikeMessages(row["rejected"]),
  },
  { shape: "preference", why: 'it has "prompt", "chosen" and "rejected"', fits: (row) => has(row, "prompt") && hasPair(row) },
  { shape: "unpaired", why: 'it has "prompt", "completion" and "label"', fits: (row) => has(row, "prompt", "completion", "label") },
  { shape: "promptCompletion", why: 'it has "prompt" and "completion"', fits: (row) => has(row, "prompt", "completion") },
  { shape: "promptOnly", why: 'it has "prompt"', fits: (row) => row["prompt"] !== undefined },
  {
    shape: "chatPreference",
    why: 'it has "messages" or "conversations", "chosen" and "rejected"',
    fits: (row) => (has(row, "messages") || has(row, "conversations")) && hasPair(row),
  },
  {
    shape: "chat",
    why: 'it has "messages" or "conversations"',
    fits: (row) => row["messages"] !== undefined || looksLikeMessages(row["conversations"]),
  },
  { shape: "alpacaPreference", why: 'it has "instruction", "chosen" and "rejected"', fits: (row) => has(row, "instruction") && hasPair(row) },
  {
    shape: "alpacaEvalOutputs",
    why: 'it has "instruction", "output" and "generator"',
    fits: (row) => has(row, "instruction", "output", "generator"),
  },
  { shape: "alpaca", why: 'it has "instruction"', fits: (row) => row["instruction"] !== undefined },
  {
    shape: "hhRlhf",
    why: 'it has "chosen" and "rejected" as texts with "Human:" and "Assistant:" turns',
    fits: (row) => hasDialogue(row["chosen"]) && hasDialogue(row["rejected"]),
  },
  { shape: "implicitPreference", why: 'it has "chosen" and "rejected" without a prompt', fits: hasPair },
];

/** Undefined for a row of no known shape. */
export function recogniseRow(row: unknown): ShapeName | undefined {
  if (typeof row === "string") return "texts";
  return isRow(row) ? RULES.find(({ fits }) => fits(row))?.shape : undefined;
}

/** By what a row is told to be of the shape, in words. */
export function shapeReason(shape: ShapeName): string {
  return RULES.find((rule) => rule.shape === shape)?.why ?? "each row is a text";
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
