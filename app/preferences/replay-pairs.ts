/** Which pairs of earlier rounds are mixed in with a round's own: DNO section 5.1, docs/math.md "replay". */
import { rngFor, shuffled } from "#app/base/random.ts";
import type { ReplaySettings } from "#app/domain/replay.ts";

/** The pairs that an earlier round made by itself; what it replayed is not in them. */
export type OldPairs<Pair> = { readonly age: number; readonly pairs: readonly Pair[] };

export type Replayed<Pair> = { readonly pair: Pair; readonly age: number };

/** At most so many pairs of a round that lies `age` rounds back: ⌊share · decay^(age − 1) · base⌋. */
export function replayCap(age: number, newCount: number, oldCount: number, { share, decay, maxAge, of }: ReplaySettings): number {
  if (age > maxAge) return 0;
  const base = of === "newPairs" ? newCount : oldCount;
  return Math.min(oldCount, Math.floor(share * decay ** (age - 1) * base + ROUNDING));
}

/** 0.3 · 10 is 3. */
const ROUNDING = 1e-9;

/** Drawn without replacement, each age from a stream of its own; in the order in which they were made. */
export function replayPairs<Pair>(newCount: number, older: readonly OldPairs<Pair>[], settings: ReplaySettings, seed: number): Replayed<Pair>[] {
  return older.flatMap(({ age, pairs }) => {
    const cap = replayCap(age, newCount, pairs.length, settings);
    const drawn = new Set(shuffled([...pairs.keys()], rngFor(seed, "replay", age)).slice(0, cap));
    return pairs.flatMap((pair, i) => (drawn.has(i) ? [{ pair, age }] : []));
  });
}
