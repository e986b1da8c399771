/** CSV cells by RFC 4180, in which no text turns into a formula when a spreadsheet opens the file. */

/** What makes a spreadsheet read a cell as a formula, in plain and full-width writing, after white space or not. */
const FORMULA = /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/u;

/**
 * A text as a cell's content: one apostrophe goes before what a spreadsheet would take for a formula (CSV injection:
 * OWASP), and before a text that begins with apostrophes and then such, so that `unguardCell` gives every text back.
 */
export function guardCell(text: string): string {
  return FORMULA.test(text.replace(/^'+/u, "")) ? `'${text}` : text;
}

/** The text that `guardCell` was given. */
export function unguardCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.replace(/^'+/u, "")) ? cell.slice(1) : cell;
}

/** A cell as it stands in the file; null is empty. Numbers are no text and are not guarded: -1 stays a number. */
export function csvField(cell: string | number | boolean | null): string {
  if (cell === null) return "";
  const text = typeof cell === "string" ? guardCell(cell) : String(cell);
  return /[",;\t\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A record with its end. */
export function csvRecord(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(csvField).join(",")}\r\n`;
}
