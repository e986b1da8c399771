/** The contract's area "queue": what an annotator sees and says. */
import type { AskId, AuthorId } from "#app/base/ids.ts";
import { saveDraft, setFlag } from "#main/store/queries/annotations.ts";
import { askById } from "#main/store/queries/asks.ts";
import { ensureAuthor, listPeople } from "#main/store/queries/authors.ts";
import { newestLive } from "#main/store/queries/judgments.ts";
import type { LabContext } from "../context.ts";
import { api } from "../roles.ts";
import { judgeAsk, type QueueHooks, redoLast, undoLast } from "./judge.ts";
import { comparisonView, nextComparisons, nextDisputes, peopleConfig, queueCounts, shownVerdictOf } from "./queue.ts";
import { finishSitting, openSitting, summaryOf } from "./sitting.ts";

export function queueHandlers(lab: LabContext, hooks: QueueHooks) {
  const { queue } = api;
  const { db } = lab.store;
  const authorOf = (name: string): AuthorId => ensureAuthor(db, lab.ids, name, "person");
  /** An unknown id is refused here. */
  const askOf = (id: string): AskId => askById(db, id as AskId).id; // it came over a wire
  return {
    authors: queue.authors.handler(() => listPeople(db).map((person) => ({ ...person }))),
    next: queue.next.handler(({ input }) => {
      const author = authorOf(input.author);
      const asks = input.source === "disputes" ? nextDisputes(lab, author, input.count) : nextComparisons(lab, author, input.author, input.count);
      const last = newestLive(db, author);
      const { guidelines, criteria, reasonTags } = peopleConfig(lab);
      return {
        comparisons: asks.map((ask) => comparisonView(lab, ask, author)),
        counts: queueCounts(lab, author),
        guidelines,
        criteria: [...criteria],
        reasonTags: [...reasonTags],
        last: last === undefined ? null : shownVerdictOf(lab, last),
        sitting: asks.length === 0 ? null : openSitting(lab, author),
      };
    }),
    judge: queue.judge.handler(({ input }) => {
      const author = authorOf(input.author);
      const askId = input.askId as AskId; // it came over a wire; an unknown one is refused when it is looked up
      const practice = judgeAsk(lab, hooks, author, { ...input, askId });
      return { counts: queueCounts(lab, author), practice };
    }),
    undo: queue.undo.handler(({ input }) => undoLast(lab, hooks, authorOf(input.author))),
    redo: queue.redo.handler(({ input }) => redoLast(lab, hooks, authorOf(input.author))),
    saveDraft: queue.saveDraft.handler(({ input }) => {
      const savedAtMs = lab.clock.nowMs();
      saveDraft(db, askOf(input.askId), authorOf(input.author), JSON.stringify(input.reason), savedAtMs);
      return { savedAtMs };
    }),
    flag: queue.flag.handler(({ input }) => {
      setFlag(db, askOf(input.askId), authorOf(input.author), input.isFlagged, lab.clock.nowMs());
      return { isFlagged: input.isFlagged };
    }),
    endSitting: queue.endSitting.handler(({ input }) => finishSitting(lab, authorOf(input.author), input.author)),
    sitting: queue.sitting.handler(({ input }) => summaryOf(lab, authorOf(input.author), input.author)),
  };
}
