/** Text as it stands: characters that would turn the reading order or do nothing visible are shown by name. */

const CONTROLS: Readonly<Record<string, string>> = {
  "\u202a": "[LRE]",
  "\u202b": "[RLE]",
  "\u202c": "[PDF]",
  "\u202d": "[LRO]",
  "\u202e": "[RLO]",
  "\u2066": "[LRI]",
  "\u2067": "[RLI]",
  "\u2068": "[FSI]",
  "\u2069": "[PDI]",
  "\u0000": "[NUL]",
  "\u001b": "[ESC]",
};

/** What turns the order of the letters around it ("Trojan source") is named instead; right-to-left writing needs none of it. */
export function withVisibleControls(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  return text.replaceAll(/[\u0000\u001b\u202a-\u202e\u2066-\u2069]/gu, (sign) => CONTROLS[sign] ?? sign);
}

/** The beginning of a text, for a row that shows a line or two of it; never half of a sign. */
export function beginningOf(text: string, length: number): string {
  const cut = text.slice(0, length);
  return withVisibleControls(/[\ud800-\udbff]$/u.test(cut) ? cut.slice(0, -1) : cut);
}

/** Pieces of a long text that can be laid out one by one: cut at the ends of lines where there are some. */
export function inPieces(text: string, pieceLength: number): readonly string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    const end = Math.min(text.length, from + pieceLength);
    const lineEnd = end === text.length ? -1 : text.lastIndexOf("\n", end);
    let to = lineEnd > from ? lineEnd + 1 : end;
    // Not through the middle of a surrogate pair.
    if (to < text.length && /[\ud800-\udbff]/u.test(text.charAt(to - 1))) to += 1;
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}
