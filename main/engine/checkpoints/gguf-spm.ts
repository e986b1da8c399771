/** A SentencePiece vocabulary as tokenizer.json has it: its scores become an order of merges. */

/** U+2581, which stands for a space. */
export const SPACE = "▁";

/**
 * The pairs that make each token, best score first: the order in which llama.cpp joins them. Of pairs that make the same
 * token, the one with the longer left part comes first, as Transformers sorts them.
 */
export function mergesFromScores(
  tokens: readonly string[],
  scores: readonly number[],
  isPiece: (id: number) => boolean,
): readonly (readonly [string, string])[] {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const made: { readonly left: string; readonly right: string; readonly score: number }[] = [];
  tokens.forEach((token, id) => {
    if (!isPiece(id)) return;
    for (let at = 1; at < token.length; at++) {
      // Not between the halves of a character that takes two code units.
      if (token.charCodeAt(at) >= 0xdc00 && token.charCodeAt(at) <= 0xdfff) continue;
      const [left, right] = [token.slice(0, at), token.slice(at)];
      if (ids.has(left) && ids.has(right)) made.push({ left, right, score: scores[id] ?? 0 });
    }
  });
  return made
    .sort((a, b) => b.score - a.score || b.left.length - a.left.length || b.right.length - a.right.length)
    .map(({ left, right }) => [left, right] as const);
}

/** Scores that give back the order of merges; what no pair makes is never joined, whatever its score. */
export function scoresFromMerges(tokens: readonly string[], merges: readonly (readonly [string, string])[]): readonly number[] {
  const rankOf = new Map<string, number>();
  merges.forEach(([left, right], rank) => {
    if (!rankOf.has(left + right)) rankOf.set(left + right, rank);
  });
  return tokens.map((token) => -(rankOf.get(token) ?? merges.length));
}

/** How texts are prepared and put together again. `addsSpace`: a text begins with a space of its own. */
export function spmParts(addsSpace: boolean): { readonly normalizer: unknown; readonly decoder: unknown } {
  const replace = { type: "Replace", pattern: { String: " " }, content: SPACE };
  const decoders: unknown[] = [{ type: "Replace", pattern: { String: SPACE }, content: " " }, { type: "ByteFallback" }, { type: "Fuse" }];
  return {
    normalizer: addsSpace ? { type: "Sequence", normalizers: [{ type: "Prepend", prepend: SPACE }, replace] } : replace,
    decoder: { type: "Sequence", decoders: addsSpace ? [...decoders, { type: "Strip", content: " ", start: 1, stop: 0 }] : decoders },
  };
}

/** Whether a tokenizer.json begins texts with a space of its own. */
export function addsSpace(normalizer: unknown, preTokenizer: unknown): boolean {
  const text = JSON.stringify([normalizer, preTokenizer]);
  return text.includes('"Prepend"') || /"prepend_scheme":"(always|first)"/.test(text) || text.includes('"add_prefix_space":true');
}
