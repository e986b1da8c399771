/** Prompts that are nearly the same: found by the runs of three words that two prompts share. */
import { InternalError } from "#app/base/errors.ts";
import { createRunTable } from "./run-table.ts";

/** Two prompts are near copies if they share at least this part of their runs of three words (Jaccard index). */
export const NEAR_SHARE = 0.8;

/** The runs of a text as numbers of 52 bits, ascending and each once: two runs have the same one time in 10^15. */
export type WordRuns = Float64Array;

/** Writing that puts no spaces between its words is taken character by character. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]|[\p{L}\p{N}\p{M}]+/gu;

/** Runs of many texts, one behind the other: with a buffer each, a hundred thousand of them stop the thread when garbage is collected. */
export type RunShelf = {
  /** Of words in lower case without punctuation. A text of fewer than three words is one run; one without words is its own. */
  put(text: string): WordRuns;
};

const SHELF_RUNS = 1 << 16;

/** The shelf's buffers stay as long as the runs of one of its texts are held. */
export function createRunShelf(): RunShelf {
  let [free, used] = [new Float64Array(0), 0];
  return {
    put: (text) => {
      const words = text.normalize("NFKC").toLowerCase().match(WORD) ?? [];
      const most = Math.max(1, words.length - 2);
      if (used + most > free.length) [free, used] = [new Float64Array(Math.max(SHELF_RUNS, most)), 0];
      const count = writeRuns(text, words, free.subarray(used, used + most));
      used += count;
      return free.subarray(used - count, used);
    },
  };
}

/** Writes the runs in order, each once; returns how many there are. */
function writeRuns(text: string, words: readonly string[], into: Float64Array): number {
  if (words.length < 3) into[0] = hash52(words.length === 0 ? text.trim() : words.join(" "));
  else for (let i = 0; i + 2 < words.length; i += 1) into[i] = hash52(`${words[i] ?? ""} ${words[i + 1] ?? ""} ${words[i + 2] ?? ""}`);
  into.sort();
  let count = 0;
  for (const run of into) if (count === 0 || run !== into[count - 1]) into[count++] = run;
  return count;
}

/** Two of FNV-1a with different primes (the second is of MurmurHash), 20 and 32 bits of them. */
function hash52(text: string): number {
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995);
    b ^= b >>> 15;
  }
  return (a >>> 12) * 0x1_0000_0000 + (b >>> 0);
}

/** |a ∩ b| / |a ∪ b|. */
export function jaccard(a: WordRuns, b: WordRuns): number {
  let [i, j, shared] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i] ?? 0, b[j] ?? 0];
    if (x === y) shared += 1;
    if (x <= y) i += 1;
    if (y <= x) j += 1;
  }
  return shared / (a.length + b.length - shared);
}

export type NearIndex<Key> = {
  /** Every prompt is counted before the first is added: lookups go by the rarest runs. */
  count(runs: WordRuns): void;
  add(key: Key, runs: WordRuns): void;
  /** The nearest prompt that was added and shares at least `NEAR_SHARE`, the first of equals; undefined if none does. */
  find(runs: WordRuns): { readonly key: Key; readonly share: number } | undefined;
};

/**
 * Finds every near copy, not only likely ones: two sets that share the part t of their union have in common one of the
 * |x| - ⌈t |x|⌉ + 1 rarest members of either, so only those are looked up (prefix filtering: Bayardo, Ma, Srikant 2007).
 */
export function createNearIndex<Key>(): NearIndex<Key> {
  const frequency = createRunTable();
  const added: { readonly key: Key; readonly runs: WordRuns }[] = [];
  // The places of a run are a chain: its last link by the run, counted from 1, and before each link another.
  const lastLinkByRun = createRunTable();
  const links: { readonly places: number[]; readonly before: number[] } = { places: [], before: [] };
  const placesOf = (run: number): number[] => {
    const places: number[] = [];
    for (let link = lastLinkByRun.get(run); link > 0; link = links.before[link - 1] ?? 0) places.push(links.places[link - 1] ?? 0);
    return places;
  };
  const rarest = (runs: WordRuns): readonly number[] => {
    const counted = Array.from(runs, (run) => ({ run, count: frequency.get(run) }));
    counted.sort((a, b) => a.count - b.count || a.run - b.run);
    return counted.slice(0, runs.length - Math.ceil(NEAR_SHARE * runs.length - ROUNDING) + 1).map(({ run }) => run);
  };
  return {
    count: (runs) => {
      if (added.length > 0) throw new InternalError("a prompt is counted after the first was added");
      for (const run of runs) frequency.set(run, frequency.get(run) + 1);
    },
    add: (key, runs) => {
      const place = added.push({ key, runs }) - 1;
      for (const run of rarest(runs)) {
        links.before.push(lastLinkByRun.get(run));
        lastLinkByRun.set(run, links.places.push(place));
      }
    },
    find: (runs) => {
      const places = new Set(rarest(runs).flatMap(placesOf));
      let nearest: { readonly key: Key; readonly share: number } | undefined;
      for (const place of [...places].sort((a, b) => a - b)) {
        const other = added[place];
        if (other === undefined) continue;
        // Sets whose sizes are further apart cannot share enough.
        const sizes = Math.min(runs.length, other.runs.length) / Math.max(runs.length, other.runs.length);
        if (sizes < NEAR_SHARE - ROUNDING) continue;
        const share = jaccard(runs, other.runs);
        if (share >= NEAR_SHARE - ROUNDING && share > (nearest?.share ?? 0)) nearest = { key: other.key, share };
      }
      return nearest;
    },
  };
}

/** 4 of 5 is 0.8, whatever its last bit says. */
const ROUNDING = 1e-9;
