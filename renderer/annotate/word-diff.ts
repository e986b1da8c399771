/** Which words of two responses are not in the other, side by side. */
import { diffWordsWithSpace } from "diff";

export type DiffPart = { readonly text: string; readonly isOwn: boolean };
export type WordDiff = { readonly left: readonly DiffPart[]; readonly right: readonly DiffPart[] };

/** Longer ones are too much to be compared word by word while somebody waits. */
const MAX_LENGTH = 40_000;
const TIME_LIMIT_MS = 300;

/** Undefined where it would take too long. */
export function diffWords(left: string, right: string): WordDiff | undefined {
  if (left.length + right.length > MAX_LENGTH) return undefined;
  const changes = diffWordsWithSpace(left, right, { timeout: TIME_LIMIT_MS });
  if (changes === undefined) return undefined;
  return {
    left: changes.filter((change) => !change.added).map((change) => ({ text: change.value, isOwn: change.removed })),
    right: changes.filter((change) => !change.removed).map((change) => ({ text: change.value, isOwn: change.added })),
  };
}
