/** Which comparison a person is shown next: what needs an answer, spread over prompts, the same after a reload. */
import type { AskId, AuthorId } from "#app/base/ids.ts";
import { seedFor } from "#app/base/random.ts";

export type QueuedAsk = {
  readonly id: AskId;
  /** Authors whose live judgment answers it; a skip answers for that author only and belongs in `skippedBy`. */
  readonly answeredBy: readonly AuthorId[];
  readonly skippedBy: readonly AuthorId[];
  /** Who has it on screen now, so that two people do not answer the same one. */
  readonly heldBy: readonly AuthorId[];
};

/**
 * The next asks for an author: those not yet answered by `answersWanted` people nor answered or skipped by this one;
 * what nobody else has on screen first, then those with the most answers (to finish them), then in an order that is
 * drawn for each author, so that neighbours in the list are of different prompts and nobody's order is another's.
 */
export function nextAsks(
  asks: readonly QueuedAsk[],
  author: AuthorId,
  count: number,
  options: { readonly answersWanted: number; readonly seed: number },
): AskId[] {
  return asks
    .filter((ask) => ask.answeredBy.length < options.answersWanted && !ask.answeredBy.includes(author) && !ask.skippedBy.includes(author))
    .map((ask) => ({
      id: ask.id,
      isHeld: ask.heldBy.some((holder) => holder !== author),
      isMine: ask.heldBy.includes(author),
      answers: ask.answeredBy.length,
      place: seedFor(options.seed, "queue", author, ask.id),
    }))
    .sort(
      (a, b) =>
        Number(b.isMine) - Number(a.isMine) ||
        Number(a.isHeld) - Number(b.isHeld) ||
        b.answers - a.answers ||
        a.place - b.place ||
        (a.id < b.id ? -1 : 1),
    )
    .slice(0, count)
    .map((ask) => ask.id);
}
