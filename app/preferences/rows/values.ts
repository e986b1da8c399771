/** Values of a file's rows, read with care: what they are, and what is wrong with them in words. */
import { guardCell, unguardCell } from "#app/base/csv.ts";
import { type Message, messageSchema, type RowProblem } from "#app/domain/prompt.ts";
import { rowWords } from "#app/text/rows.ts";

const { expected: wanted, kinds } = rowWords;

export type Row = Readonly<Record<string, unknown>>;

export function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isProblem(value: object): value is RowProblem {
  return "expected" in value && "got" in value;
}

/** One sentence: what was expected where, and what came. */
export function problemText({ column, expected, got }: RowProblem): string {
  return rowWords.problem(column, expected, got);
}

export function problem(column: string | null, expected: string, value: unknown): RowProblem {
  return { column, expected, got: kindOf(value) };
}

/** What a value is, in words. */
export function kindOf(value: unknown): string {
  if (value === undefined) return kinds.nothing;
  if (value === null) return kinds.null;
  if (Array.isArray(value)) return kinds.list;
  if (typeof value === "string") return kinds.text;
  return typeof value === "object" ? kinds.object : kinds.other(typeof value);
}

/** True for what a file writes where it has nothing to say. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

const ROLES: Readonly<Record<string, Message["role"]>> = {
  system: "system",
  user: "user",
  human: "user",
  assistant: "assistant",
  gpt: "assistant",
  model: "assistant",
};

/** A list of messages as {role, content}, or as ShareGPT's {from, value}. One message alone counts as a list of one. */
export function readMessages(value: unknown, column: string): readonly Message[] | RowProblem {
  const items: readonly unknown[] | undefined = Array.isArray(value) ? value : isRow(value) ? [value] : undefined;
  if (items === undefined) return problem(column, wanted.messages, value);
  const messages: Message[] = [];
  for (const [i, item] of items.entries()) {
    const message = readMessage(item, rowWords.message(column, i + 1));
    if ("expected" in message) return message;
    messages.push(message);
  }
  return messages;
}

function readMessage(item: unknown, where: string): Message | RowProblem {
  if (!isRow(item)) return problem(where, wanted.message, item);
  const isShareGpt = item["role"] === undefined && item["from"] !== undefined;
  const role: unknown = isShareGpt ? item["from"] : item["role"];
  const known = typeof role === "string" && Object.hasOwn(ROLES, role) ? ROLES[role] : undefined;
  if (known === undefined) {
    return { column: where, expected: wanted.role, got: role === undefined ? rowWords.got.none : JSON.stringify(role) };
  }
  const content: unknown = isShareGpt ? item["value"] : item["content"];
  const parsed = messageSchema.safeParse({ role: known, content });
  return parsed.success ? parsed.data : problem(where, wanted.content(isShareGpt ? "value" : "content"), content);
}

/** True for a list of messages by its first item. Cells of CSV files may hold one as JSON; `parseCell` has read it by then. */
export function looksLikeMessages(value: unknown): boolean {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return isRow(first) && ("role" in first || "from" in first);
}

/**
 * A CSV cell as the file's writer meant it: what stands behind a guarding apostrophe is a text, a JSON list or object of
 * messages is those, anything else its text.
 */
export function parseCell(cell: string): unknown {
  const text = unguardCell(cell);
  if (text !== cell) return text;
  if (!cell.startsWith("'")) return jsonCell(cell);
  return isNoText(withoutApostrophes(cell)) ? cell.slice(1) : cell;
}

/** A text as `csvRecord` may write it: one that would come back as messages stands behind an apostrophe, as a formula does. */
export function textCell(text: string): string {
  return guardCell(text) === text && isNoText(withoutApostrophes(text)) ? `'${text}` : text;
}

/** Messages as Python prints them, which is how pandas and datasets write them to CSV: no JSON, and not to be taken for an answer. */
export function isPythonMessages(cell: string): boolean {
  return /^\[?\s*\{'(?:role|content|from|value)':/u.test(cell.trimStart()) && /[\]}]$/u.test(cell.trimEnd());
}

function isNoText(cell: string): boolean {
  return isPythonMessages(cell) || typeof jsonCell(cell) !== "string";
}

function withoutApostrophes(text: string): string {
  return text.replace(/^'+/u, "");
}

function jsonCell(cell: string): unknown {
  if (!/^\s*[[{]/u.test(cell)) return cell;
  try {
    const value: unknown = JSON.parse(cell);
    return isMessageList(value) || isCompletionList(value) ? value : cell;
  } catch {
    return cell;
  }
}

/** Stricter than `looksLikeMessages`: an answer in JSON may well have a field "from" or "role" of its own. */
function isMessageList(value: unknown): boolean {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isMessage = (item: unknown): boolean =>
    isRow(item) && ((typeof item["role"] === "string" && "content" in item) || (typeof item["from"] === "string" && "value" in item));
  return items.length > 0 && items.every(isMessage);
}

/** UltraFeedback's list of completions: one that lacks its text does not make it another list. */
export function isCompletionList(value: unknown): boolean {
  return Array.isArray(value) && value.some(isCompletion);
}

export function isCompletion(item: unknown): item is Row & { readonly response: string } {
  return isRow(item) && typeof item["response"] === "string";
}

/** A number, or a text that is one (CSV has no numbers); null where there is none. */
export function readScore(value: unknown): number | null {
  const score = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof score === "number" && Number.isFinite(score) ? score : null;
}
