/** What each of the demo's scripts likes, in words, and the kinds of stories that it tells apart. */
import type { DemoOracle } from "#app/contract/host.ts";
import type { OracleConfig } from "#app/domain/oracle.ts";

export type DemoTaste = {
  /** After "a script that". */
  readonly likes: string;
  /** After "so many stories"; none where the script looks at none. */
  readonly kinds: readonly { readonly words: string; readonly matches: (text: string) => boolean }[];
};

const LIKES: Readonly<Record<DemoOracle, string>> = {
  "happy-ending": "likes a story to end well",
  "place-described": "likes to hear what the place looks like",
  cycle: "prefers happy endings to open ones, open ones to sad ones, and sad ones to happy ones",
  random: "tosses a coin, so that there is nothing to learn",
};

const WORDS: Readonly<Record<DemoOracle, readonly string[]>> = {
  "happy-ending": ["end well"],
  "place-described": ["say what the place looks like"],
  cycle: ["end happily", "end sadly", "have an open end"],
  random: [],
};

/** By the script's own patterns, so that what is counted is what it saw. */
export function tasteOf(oracle: DemoOracle, config: OracleConfig): DemoTaste {
  const patterns = patternsOf(config);
  const kindOf = (text: string): number => patterns.findIndex((pattern) => pattern.test(text));
  return { likes: LIKES[oracle], kinds: WORDS[oracle].map((words, i) => ({ words, matches: (text) => kindOf(text) === i })) };
}

function patternsOf(config: OracleConfig): readonly RegExp[] {
  if (config.kind === "regex") return [new RegExp(config.pattern, "u")];
  return config.kind === "preferenceMatrix" ? config.classes.map(({ pattern }) => new RegExp(pattern, "u")) : [];
}
