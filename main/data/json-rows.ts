/** JSON as rows: one value a line, or one array whose items are told apart without holding the file. */
import { DataError } from "#app/base/errors.ts";
import type { DataRow } from "#app/rounds/data-ports.ts";
import { dataWords } from "#app/text/data.ts";
import { linesOf, parseJson } from "./text-pieces.ts";

/** `row` is the line. Empty lines are passed over. */
export async function* jsonLineRows(texts: AsyncIterable<string>): AsyncGenerator<readonly DataRow[]> {
  let line = 0;
  for await (const lines of linesOf(texts)) {
    yield lines.flatMap((text) => {
      line += 1;
      return text.trim() === "" ? [] : [rowOf(line, text, dataWords.jsonOnLine)];
    });
  }
}

function rowOf(row: number, text: string, expected: string): DataRow {
  const parsed = parseJson(text);
  if ("value" in parsed) return { row, value: parsed.value };
  return { row, problem: { column: null, expected, got: `${JSON.stringify(text.trim().slice(0, 40))} (${parsed.reason})` } };
}

/** `row` is the item's place from 1. Throws DataError for what is no whole array. */
export async function* jsonArrayRows(texts: AsyncIterable<string>, path: string): AsyncGenerator<readonly DataRow[]> {
  const splitter = new ArraySplitter();
  let row = 0;
  for await (const text of texts) {
    const problem = splitter.take(text);
    if (problem !== undefined) throw notAnArray(path, problem);
    yield splitter.items.splice(0).map((item) => rowOf((row += 1), item, dataWords.oneJson));
  }
  if (!splitter.isDone) throw notAnArray(path, dataWords.unendedArray(row));
}

function notAnArray(path: string, got: string): DataError {
  return new DataError(dataWords.notAnArray(path, got), { path });
}

/** Cuts the text of an array at the commas outside of strings and brackets; what an item holds is not its business. */
class ArraySplitter {
  readonly items: string[] = [];
  isDone = false;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #item = "";

  /** Says what is wrong where the text cannot be an array. */
  take(text: string): string | undefined {
    let start = 0;
    for (let i = 0; i < text.length; i += 1) {
      const character = text.charCodeAt(i);
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (character === BACKSLASH) this.#isEscaped = true;
        else if (character === QUOTE) this.#isInString = false;
        continue;
      }
      if (this.isDone) {
        if (!isSpace(character)) return dataWords.moreAfterEnd(JSON.stringify(text.slice(i, i + 20)));
      } else if (character === QUOTE) {
        if (this.#depth === 0) return "a text";
        this.#isInString = true;
      } else if (character === OPEN_BRACKET || character === OPEN_BRACE) {
        this.#depth += 1;
        if (this.#depth === 1) start = i + 1;
      } else if (character === CLOSE_BRACKET || character === CLOSE_BRACE) {
        this.#depth -= 1;
        if (this.#depth > 0) continue;
        if (character === CLOSE_BRACE) return dataWords.strayBrace;
        this.#end(text.slice(start, i), true);
        this.isDone = true;
      } else if (character === COMMA && this.#depth === 1) {
        this.#end(text.slice(start, i), false);
        start = i + 1;
      }
    }
    if (this.#depth > 0) this.#item += text.slice(start);
    return undefined;
  }

  /** An empty array has no item, and neither has the place after a last comma. */
  #end(rest: string, isLast: boolean): void {
    const item = this.#item + rest;
    this.#item = "";
    if (!isLast || item.trim() !== "") this.items.push(item);
  }
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

function isSpace(character: number): boolean {
  return character === 0x20 || (character >= 0x09 && character <= 0x0d);
}
