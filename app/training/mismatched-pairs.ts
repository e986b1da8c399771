/** Prompts with the responses of another prompt, by which KTO measures how far a policy has moved in general. */
import { TrainingError } from "#app/base/errors.ts";
import type { TokenPair } from "./pair-packing.ts";

/**
 * Each pair's prompt with both responses of the next pair of another prompt, around in a circle. The responses are cut so
 * that no prompt with its longer response becomes longer than the longest that was there. Throws TrainingError where all
 * pairs have one prompt.
 */
export function mismatchedPairs(pairs: readonly TokenPair[]): readonly TokenPair[] {
  const longest = Math.max(...pairs.map((pair) => pair.promptIds.length + Math.max(pair.chosenIds.length, pair.rejectedIds.length)));
  const keys = pairs.map((pair) => pair.promptIds.join());
  return pairs.map(({ promptIds }, i) => {
    const other = nextOfAnotherPrompt(keys, i);
    const from = other === undefined ? undefined : pairs[other];
    if (from === undefined)
      throw new TrainingError(
        `the loss kto compares prompts with responses to others; expected pairs of two prompts or more, got ${pairs.length} of one`,
      );
    const room = longest - promptIds.length;
    return { promptIds, chosenIds: from.chosenIds.slice(0, room), rejectedIds: from.rejectedIds.slice(0, room) };
  });
}

function nextOfAnotherPrompt(keys: readonly string[], index: number): number | undefined {
  for (let step = 1; step < keys.length; step++) {
    const other = (index + step) % keys.length;
    if (keys[other] !== keys[index]) return other;
  }
  return undefined;
}
