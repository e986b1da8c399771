/** Step 4 in pure functions: the merges of a byte-level BPE, found in texts. */
import { byteCharacters, type Merge } from "#main/engine/checkpoints/byte-level-tokenizer.ts";

/** How GPT-2's byte-level pre-tokenizer cuts a text: a word takes the space before it along. */
const WORDS = /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

type Word = { parts: readonly string[]; readonly count: number };

/** The `count` most frequent neighbours, joined one after the other; ties go to the alphabetically first. Ends early when no pair comes twice. */
export function findMerges(texts: readonly string[], count: number): readonly Merge[] {
  const words = countWords(texts);
  const merges: Merge[] = [];
  while (merges.length < count) {
    const best = mostFrequentPair(words);
    if (best === undefined) break;
    merges.push(best);
    for (const word of words) word.parts = joined(word.parts, best);
  }
  return merges;
}

function countWords(texts: readonly string[]): readonly Word[] {
  const characters = byteCharacters();
  const counts = new Map<string, number>();
  for (const text of texts) for (const [word] of text.matchAll(WORDS)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => ({ parts: [...new TextEncoder().encode(word)].map((byte) => characters[byte] ?? ""), count }));
}

function mostFrequentPair(words: readonly Word[]): Merge | undefined {
  const counts = new Map<string, { readonly pair: Merge; count: number }>();
  for (const { parts, count } of words) {
    for (let i = 1; i < parts.length; i++) {
      const pair: Merge = [parts[i - 1] ?? "", parts[i] ?? ""];
      const key = pair.join(" ");
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { pair, count });
      else known.count += count;
    }
  }
  const ranked = [...counts].sort(([a, { count: countA }], [b, { count: countB }]) => countB - countA || (a < b ? -1 : 1));
  const [first] = ranked;
  return first === undefined || first[1].count < 2 ? undefined : first[1].pair;
}

function joined(parts: readonly string[], [left, right]: Merge): readonly string[] {
  const result: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const isPair = parts[i] === left && parts[i + 1] === right;
    result.push(isPair ? left + right : (parts[i] ?? ""));
    if (isPair) i++;
  }
  return result;
}
