/** Which of our own prompts train, validate, test or are spare: drawn within each category from a named seed, so that no split has its own subject. */
import { rngFor, shuffled } from "#app/base/random.ts";
import type { Split } from "#app/domain/prompt.ts";

/** Named, so that nobody can have searched for a lucky number. */
export const DRAW_SEED = "requests, first draw";

/** Of each category's 48 prompts; ten categories make 300, 50, 100 and 30. */
export const SHARE_OF_CATEGORY: Readonly<Record<Split | "spare", number>> = { training: 30, validation: 5, test: 10, spare: 3 };

export type CategorisedPrompt = { readonly id: string; readonly category: string };

/**
 * The split of each prompt by its id. A function of the ids and categories alone; their order does not matter.
 * @throws Error where a category's prompts are not as many as the shares ask for.
 */
export function drawSplits(prompts: readonly CategorisedPrompt[]): Map<string, Split | "spare"> {
  const splitById = new Map<string, Split | "spare">();
  const places = Object.entries(SHARE_OF_CATEGORY).flatMap(([split, count]) => Array.from({ length: count }, () => split as Split | "spare")); // the table's own keys
  for (const [category, members] of Map.groupBy(prompts, (prompt) => prompt.category)) {
    if (members.length !== places.length) throw new Error(`expected ${places.length} prompts of the category "${category}", got ${members.length}`);
    const ids = members.map(({ id }) => id).sort();
    shuffled(ids, rngFor(0, DRAW_SEED, category)).forEach((id, i) => splitById.set(id, places[i] ?? "spare"));
  }
  return splitById;
}
