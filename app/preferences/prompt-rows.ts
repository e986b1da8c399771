/** Prompts read from the rows of a file: the shapes that the field uses, and why a row was refused. */
import * as z from "zod";
import { type Message, messageSchema, type PromptDraft, splitSchema } from "#app/domain/prompt.ts";

export type RejectedRow = {
  /** From 1, as the caller counts rows. */
  readonly row: number;
  readonly reason: string;
};

export type PromptRows = { readonly drafts: readonly PromptDraft[]; readonly rejected: readonly RejectedRow[] };

type Row = Readonly<Record<string, unknown>>;
/** A draft, the reason why the row holds none, or undefined where the shape does not apply. */
type Reading = PromptDraft | string | undefined;

/**
 * Reads each row in the first shape that fits:
 * - `messages`: a chat; a last assistant message becomes the teacher's response;
 * - `prompt` as a text or as messages (TRL prompt-only and explicit preference rows; UltraFeedback's too);
 * - `instruction` with an optional `input` (Alpaca) and AlpacaEval's rows;
 * - `chosen` and `rejected` as chats without `prompt` (TRL implicit): the prompt is their common beginning, message by
 *   message; as plain texts they are refused, since where the prompt ends cannot be told.
 *
 * The teacher's response is `teacher_response`, `teacher`, `reference_output`, `reference` or `gold`; `output`,
 * `response` and `chosen` are someone's answers, not a teacher's, and are left alone. `split` may name the split.
 */
export function parsePromptRows(rows: readonly unknown[]): PromptRows {
  const drafts: PromptDraft[] = [];
  const rejected: RejectedRow[] = [];
  rows.forEach((row, i) => {
    const reading = parsePromptRow(row);
    if (typeof reading === "string") rejected.push({ row: i + 1, reason: reading });
    else drafts.push(reading);
  });
  return { drafts, rejected };
}

/** One row as a prompt, or the reason why it is none. */
export function parsePromptRow(row: unknown): PromptDraft | string {
  if (typeof row === "string") return finish({ messages: [{ role: "user", content: row }] }, {});
  if (!isRow(row)) return `expected an object with "prompt", "messages" or "instruction", got ${kindOf(row)}`;
  const reading = fromMessages(row) ?? fromPrompt(row) ?? fromInstruction(row) ?? fromChosen(row);
  if (reading === undefined) {
    return `expected a field "prompt", "messages" or "instruction", got ${fieldList(row)}`;
  }
  return typeof reading === "string" ? reading : finish(reading, row);
}

function fromMessages(row: Row): Reading {
  const value = row["messages"];
  if (value === undefined || row["prompt"] !== undefined) return undefined;
  const messages = readMessages(value, "messages");
  if (typeof messages === "string") return messages;
  const last = messages.at(-1);
  if (last?.role !== "assistant") return { messages };
  return { messages: messages.slice(0, -1), teacherResponse: last.content };
}

function fromPrompt(row: Row): Reading {
  const value = row["prompt"];
  if (value === undefined) return undefined;
  if (typeof value === "string") return { messages: [{ role: "user", content: value }] };
  if (!Array.isArray(value)) return `"prompt": expected a text or a list of messages, got ${kindOf(value)}`;
  const messages = readMessages(value, "prompt");
  return typeof messages === "string" ? messages : { messages };
}

function fromInstruction(row: Row): Reading {
  const [instruction, input] = [row["instruction"], row["input"] ?? ""];
  if (instruction === undefined) return undefined;
  if (typeof instruction !== "string") return `"instruction": expected a text, got ${kindOf(instruction)}`;
  if (typeof input !== "string") return `"input": expected a text, got ${kindOf(input)}`;
  const content = input.trim() === "" ? instruction : `${instruction}\n\n${input}`;
  return { messages: [{ role: "user", content }] };
}

function fromChosen(row: Row): Reading {
  const [chosen, rejected] = [row["chosen"], row["rejected"]];
  if (chosen === undefined || rejected === undefined) return undefined;
  if (!Array.isArray(chosen) || !Array.isArray(rejected)) {
    return '"chosen" and "rejected" are plain texts without a "prompt", and where the prompt ends cannot be told; add a field "prompt"';
  }
  const [a, b] = [readMessages(chosen, "chosen"), readMessages(rejected, "rejected")];
  if (typeof a === "string") return a;
  if (typeof b === "string") return b;
  const length = a.findIndex((message, i) => message.role !== b[i]?.role || message.content !== b[i].content);
  const shared = a.slice(0, length === -1 ? a.length : length);
  // The answers themselves are no part of the prompt, even if both begin with the same turns.
  return { messages: shared.slice(0, shared.findLastIndex((message) => message.role === "user") + 1) };
}

const TEACHER_FIELDS = ["teacher_response", "teacher", "reference_output", "reference", "gold"] as const;

/** Adds the teacher's response and the split, and refuses what cannot be answered. */
function finish(draft: PromptDraft, row: Row): PromptDraft | string {
  const last = draft.messages.at(-1);
  if (last?.role !== "user") {
    return `the prompt must end with a user message, but ${last === undefined ? "it has no messages" : `it ends with role "${last.role}"`}`;
  }
  if (last.content.trim() === "") return "the prompt is empty";
  const teacher = draft.teacherResponse ?? readTeacher(row);
  if (typeof teacher === "object") return teacher.reason;
  const split = row["split"] === undefined ? undefined : splitSchema.safeParse(row["split"]);
  if (split?.success === false) {
    return `"split": expected training, validation or test, got ${JSON.stringify(row["split"])}`;
  }
  return {
    messages: draft.messages,
    ...(teacher === undefined ? {} : { teacherResponse: teacher }),
    ...(split === undefined ? {} : { split: split.data }),
  };
}

function readTeacher(row: Row): string | undefined | { readonly reason: string } {
  const field = TEACHER_FIELDS.find((name) => row[name] !== undefined && row[name] !== null);
  if (field === undefined) return undefined;
  const value = row[field];
  if (typeof value === "string") return value.trim() === "" ? undefined : value;
  return { reason: `"${field}": expected a text, got ${kindOf(value)}` };
}

function readMessages(value: unknown, field: string): readonly Message[] | string {
  if (!Array.isArray(value)) return `"${field}": expected a list of messages, got ${kindOf(value)}`;
  const messages: Message[] = [];
  for (const [i, item] of value.entries()) {
    const parsed = messageSchema.safeParse(item);
    if (!parsed.success) return `"${field}", message ${i + 1}: ${messageProblem(item)}`;
    messages.push(parsed.data);
  }
  return messages;
}

function messageProblem(item: unknown): string {
  if (!isRow(item)) return `expected an object with "role" and "content", got ${kindOf(item)}`;
  const role = messageSchema.shape.role.safeParse(item["role"]);
  if (!role.success) return `expected role system, user or assistant, got ${item["role"] === undefined ? "none" : JSON.stringify(item["role"])}`;
  return `expected "content" to be a text, got ${kindOf(item["content"])}`;
}

function isRow(value: unknown): value is Row {
  return z.record(z.string(), z.unknown()).safeParse(value).success;
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value === "string" ? "text" : typeof value}`;
}

function fieldList(row: Row): string {
  const names = Object.keys(row);
  return names.length === 0
    ? "an empty object"
    : `only ${names
        .slice(0, 8)
        .map((name) => `"${name}"`)
        .join(", ")}`;
}
