/** UTF-8 in pieces: decoded without loss at their edges, cut into lines or paragraphs. */
import { DataError } from "#app/base/errors.ts";
import { dataWords } from "#app/text/data.ts";

/** A byte order mark is dropped. Throws DataError for other bytes than UTF-8. */
export async function* decodePieces(pieces: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (piece?: Uint8Array): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    } catch (cause) {
      throw new DataError(dataWords.notUtf8(path), { path }, { cause });
    }
  };
  for await (const piece of pieces) yield decode(piece);
  yield decode();
}

/** The lines of each piece, without their ends; a line that goes over an edge comes with the piece that ends it. */
export async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let rest = "";
  for await (const text of texts) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    if (lines.length > 0) yield lines.map(withoutReturn);
  }
  if (rest !== "") yield [withoutReturn(rest)];
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

/** What a value's text is not, in the words of JSON.parse. */
export function parseJson(text: string): { readonly value: unknown } | { readonly reason: string } {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch (thrown) {
    return { reason: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
