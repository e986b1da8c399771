/** The contract's area "queue": what an annotator sees and says. */
import type { AskId, AuthorId } from "#app/base/ids.ts";
import { ensureAuthor, listPeople } from "#main/store/queries/authors.ts";
import { newestLive } from "#main/store/queries/judgments.ts";
import type { LabContext } from "../context.ts";
import { api } from "../roles.ts";
import { judgeAsk, type QueueHooks, redoLast, undoLast } from "./judge.ts";
import { comparisonView, guidelinesOf, nextComparisons, queueCounts, shownVerdictOf } from "./queue.ts";

export function queueHandlers(lab: LabContext, hooks: QueueHooks) {
  const { queue } = api;
  const { db } = lab.store;
  const authorOf = (name: string): AuthorId => ensureAuthor(db, lab.ids, name, "person");
  return {
    authors: queue.authors.handler(() => listPeople(db).map((person) => ({ ...person }))),
    next: queue.next.handler(({ input }) => {
      const author = authorOf(input.author);
      const asks = nextComparisons(lab, author, input.count);
      const last = newestLive(db, author);
      return {
        comparisons: asks.map((ask) => comparisonView(lab, ask)),
        counts: queueCounts(lab, author),
        guidelines: guidelinesOf(lab),
        last: last === undefined ? null : shownVerdictOf(lab, last),
      };
    }),
    judge: queue.judge.handler(({ input }) => {
      const author = authorOf(input.author);
      const askId = input.askId as AskId; // it came over a wire; an unknown one is refused when it is looked up
      judgeAsk(lab, hooks, author, { ...input, askId });
      return { counts: queueCounts(lab, author) };
    }),
    undo: queue.undo.handler(({ input }) => undoLast(lab, hooks, authorOf(input.author))),
    redo: queue.redo.handler(({ input }) => redoLast(lab, hooks, authorOf(input.author))),
  };
}
