/** One row of a data file as the lab would store it: a prompt, and the responses of others that came with it; or why not. */
import type { Message, PromptDraft, RowProblem, Split } from "#app/domain/prompt.ts";
import { rowWords } from "#app/text/rows.ts";
import { readDialogue } from "./dialogue.ts";
import { type Body, bestCompletion, completionsOf, READERS, user } from "./shape-readers.ts";
import { recogniseRow, type ShapeName } from "./shapes.ts";
import { isAbsent, isCompletionList, isProblem, isRow, problem, readMessages, type Row } from "./values.ts";

/** What a column of the file may be taken for. */
export const COLUMN_ROLES = ["prompt", "teacher", "chosen", "rejected", "chosenScore", "rejectedScore", "split"] as const;
export type ColumnRole = (typeof COLUMN_ROLES)[number];
/** Columns by what they are to be taken for, in place of what recognition finds. */
export type ColumnChoice = { readonly [Role in ColumnRole]?: string | undefined };

const { expected: wanted, got: came } = rowWords;

export type RowReading = { readonly shape: ShapeName | null } & ({ readonly draft: PromptDraft } | { readonly problem: RowProblem });

const NAME_OF: Readonly<Record<ColumnRole, string>> = {
  prompt: "prompt",
  teacher: "teacher_response",
  chosen: "chosen",
  rejected: "rejected",
  chosenScore: "score_chosen",
  rejectedScore: "score_rejected",
  split: "split",
};

const TEACHER_FIELDS = ["teacher_response", "teacher", "reference_output", "reference_response", "reference", "gold"] as const;

/**
 * Reads a row in the first shape that fits (shapes.ts), after the columns that were chosen. The teacher's response is
 * in one of `TEACHER_FIELDS`, or the last assistant message of a chat; `output`, `completion` and `chosen` are someone's
 * answers, and are a teacher's only if they are chosen as such. With `split` all go there, and what the row says of one is
 * not read.
 */
export function readRow(row: unknown, columns: ColumnChoice = {}, split?: Split): RowReading {
  if (columns.prompt !== undefined && isRow(row) && isAbsent(row[columns.prompt])) {
    return { shape: null, problem: problem(columns.prompt, wanted.textOrMessages, row[columns.prompt]) };
  }
  const renamed = isRow(row) ? rename(row, columns) : row;
  const shape = recogniseRow(renamed);
  if (shape === undefined) return { shape: null, problem: notRecognised(row) };
  const body = typeof renamed === "string" ? { messages: [user(renamed)], pairs: [] } : isRow(renamed) ? READERS[shape](renamed) : notRecognised(row);
  if (isProblem(body)) return { shape, problem: body };
  const draft = finish(shape, body, isRow(renamed) ? renamed : {}, columns, split);
  return isProblem(draft) ? { shape, problem: draft } : { shape, draft };
}

function rename(row: Row, columns: ColumnChoice): Row {
  const renamed = Object.fromEntries(
    COLUMN_ROLES.flatMap((role) => {
      const column = columns[role];
      return column === undefined ? [] : [[NAME_OF[role], row[column]]];
    }),
  );
  if (columns.prompt === undefined) return { ...row, ...renamed };
  // A prompt of its own column leaves only what belongs beside a prompt.
  const beside = ["system", "chosen", "rejected", "score_chosen", "score_rejected", "split", ...TEACHER_FIELDS];
  return { ...Object.fromEntries(beside.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]]))), ...renamed };
}

/** Adds the system's message, the teacher's response and the split, and refuses what cannot be answered. */
function finish(shape: ShapeName, body: Body, row: Row, columns: ColumnChoice, wantedSplit: Split | undefined): PromptDraft | RowProblem {
  const last = body.messages.at(-1);
  if (last?.role !== "user") {
    return {
      column: null,
      expected: wanted.endsWithUser,
      got: last === undefined ? came.noMessages : came.endsWithRole(last.role),
    };
  }
  if (last.content.trim() === "") return { column: null, expected: wanted.prompt, got: came.empty };
  const given =
    columns.teacher === undefined ? (unlessBlank(body.teacherResponse) ?? teacherOf(row)) : chosenTeacher(shape, body, row, columns.teacher);
  if (typeof given === "object") return given;
  // A policy is trained towards what the teacher says, and silence is no answer.
  const teacher = unlessBlank(given);
  const split = wantedSplit ?? splitOf(row["split"], columns.split ?? "split");
  if (typeof split === "object") return split;
  return {
    messages: withSystem(body.messages, row["system"]),
    pairs: body.pairs,
    ...(body.pairProblem === undefined ? {} : { pairProblem: body.pairProblem }),
    ...(teacher === undefined ? {} : { teacherResponse: teacher }),
    ...(split === undefined ? {} : { split }),
  };
}

/** A column of the system's message, as Intel/orca_dpo_pairs and LLaMA-Factory have it, is a part of what was asked. */
function withSystem(messages: readonly Message[], system: unknown): readonly Message[] {
  if (typeof system !== "string" || system.trim() === "" || messages.some(({ role }) => role === "system")) return messages;
  return [{ role: "system", content: system }, ...messages];
}

function unlessBlank(text: string | undefined): string | undefined {
  return text?.trim() === "" ? undefined : text;
}

/** In an HH-RLHF row a text is the prompt's whole dialogue: of it the answer to that prompt. In any other row a text may look like one and is not. */
function chosenTeacher(shape: ShapeName, { messages }: Body, row: Row, column: string): string | undefined | RowProblem {
  const teacher = teacherOf(row, column);
  if (shape !== "hhRlhf" || typeof teacher !== "string") return teacher;
  const turns = readDialogue(teacher, column);
  if (isProblem(turns) || !messages.every(({ role, content }, i) => role === turns[i]?.role && content === turns[i].content)) return teacher;
  const answer = turns[messages.length];
  return answer?.role === "assistant" ? answer.content : teacher;
}

/** `chosenColumn`: where the person said that it is; there an answer as messages, or the best of completions, will do too. */
function teacherOf(row: Row, chosenColumn?: string): string | undefined | RowProblem {
  const field = chosenColumn === undefined ? TEACHER_FIELDS.find((name) => !isAbsent(row[name])) : NAME_OF.teacher;
  if (field === undefined || isAbsent(row[field])) return undefined;
  const value = row[field];
  if (typeof value === "string") return value;
  const column = chosenColumn ?? field;
  if (chosenColumn === undefined) return problem(column, wanted.text, value);
  if (isCompletionList(value)) return bestCompletion(completionsOf(value))?.text;
  const messages = readMessages(value, column);
  if (isProblem(messages)) return problem(column, wanted.textMessagesOrCompletions, value);
  const last = messages.at(-1);
  return last?.role === "assistant" ? last.content : { column, expected: wanted.endsWithAssistant, got: came.role(last?.role) };
}

const SPLITS: Readonly<Record<string, Split>> = {
  train: "training",
  training: "training",
  validation: "validation",
  valid: "validation",
  val: "validation",
  dev: "validation",
  test: "test",
  // As HuggingFaceH4's sets name theirs.
  train_prefs: "training",
  train_sft: "training",
  train_gen: "training",
  test_prefs: "test",
  test_sft: "test",
  test_gen: "test",
};

function splitOf(value: unknown, column: string): Split | undefined | RowProblem {
  if (isAbsent(value) || value === "") return undefined;
  const known = typeof value === "string" && Object.hasOwn(SPLITS, value.toLowerCase()) ? SPLITS[value.toLowerCase()] : undefined;
  return known ?? { column, expected: wanted.split, got: JSON.stringify(value) };
}

function notRecognised(row: unknown): RowProblem {
  if (!isRow(row)) return problem(null, wanted.textOrObject, row);
  const names = Object.keys(row);
  const shown = names
    .slice(0, 8)
    .map((name) => `"${name}"`)
    .join(", ");
  return { column: null, expected: wanted.field, got: names.length === 0 ? came.emptyObject : came.onlyFields(shown) };
}
