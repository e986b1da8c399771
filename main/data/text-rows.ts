/** A plain text as rows: a prompt a paragraph where empty lines part them, else a prompt a line. */
import type { DataRow } from "#app/rounds/data-ports.ts";

/** The whole text is held: what it is parted by is only known at its end. */
export async function* textRows(texts: AsyncIterable<string>): AsyncGenerator<readonly DataRow[]> {
  let whole = "";
  for await (const text of texts) whole += text;
  const trimmed = whole.trim();
  const paragraphs = trimmed.split(/\r?\n[ \t]*(?:\r?\n[ \t]*)+/u);
  const parts = paragraphs.length > 1 ? paragraphs : trimmed.split(/\r?\n/u);
  yield parts.flatMap((part) => (part.trim() === "" ? [] : [part.trim()])).map((value, i) => ({ row: i + 1, value }));
}
