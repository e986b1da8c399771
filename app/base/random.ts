/** Seeded random numbers: every draw follows from a seed and a path of labels, never from a shared state. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export interface Rng {
  /** Uniform in [0, 1), with 53 random bits. */
  next(): number;
  /** A uniform integer in [0, bound). */
  below(bound: number): number;
}

/**
 * A 32-bit seed for a path of labels (FNV-1a over the labels' UTF-16 code units, then a finaliser), so that
 * neighbouring paths give unrelated streams and no stream depends on how many draws another has made.
 */
export function seedFor(seed: number, ...path: readonly (string | number)[]): number {
  let hash = 0x811c9dc5 ^ (seed | 0);
  hash = Math.imul(hash, 0x01000193) ^ Math.floor(seed / 0x100000000);
  for (const label of path) {
    const text = `${typeof label}:${String(label)}/`;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A generator of its own for a seed and a path of labels. */
export function rngFor(seed: number, ...path: readonly (string | number)[]): Rng {
  const generator = xoroshiro128plus(seedFor(seed, ...path));
  const next = (): number => {
    const high = generator.next() >>> 5;
    const low = generator.next() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  };
  return { next, below: (bound) => Math.floor(next() * bound) };
}

/** A shuffled copy (Fisher-Yates). */
export function shuffled<Item>(items: readonly Item[], rng: Rng): Item[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = rng.below(i + 1);
    const [a, b] = [copy[i], copy[j]];
    if (a === undefined || b === undefined) continue;
    copy[i] = b;
    copy[j] = a;
  }
  return copy;
}
