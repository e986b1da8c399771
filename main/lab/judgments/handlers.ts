/** The contract's area "judgments": the ledger by rank, one judgment opened, corrections and disputes. */
import type { AskId, AuthorId, JudgmentId } from "#app/base/ids.ts";
import type { JudgmentRow } from "#app/contract/judgments.ts";
import { ensureAuthor } from "#main/store/queries/authors.ts";
import { disputeCount } from "#main/store/queries/disputes.ts";
import { authorNames, invalidCount, ledgerNumber, ledgerRounds, ledgerRows, ledgerSize } from "#main/store/queries/ledger.ts";
import { scoredListCount, scoredLists } from "#main/store/queries/scores.ts";
import type { LabContext } from "../context.ts";
import { api } from "../roles.ts";
import { askView } from "./ask-view.ts";
import { askAgain, correctJudgment, reopen, settle, takeCorrectionBack } from "./correct.ts";
import { judgmentDetail, toJudgmentRow } from "./detail.ts";
import { createRankShelf, lastUserText } from "./ranks.ts";

export type JudgmentHooks = {
  /** Judgments or what is asked of people changed; it is durable. */
  onChanged(): void;
};

export function judgmentHandlers(lab: LabContext, hooks: JudgmentHooks) {
  const { judgments } = api;
  const { db } = lab.store;
  const shelf = createRankShelf(db);
  const authorOf = (name: string): AuthorId => ensureAuthor(db, lab.ids, name, "person");
  const rowsOf = (numbers: readonly number[]): JudgmentRow[] => ledgerRows(db, numbers).map((row) => toJudgmentRow(db, row));
  return {
    ask: judgments.ask.handler(({ input }) => askView(lab, input.askId as AskId)),
    lists: judgments.lists.handler(({ input }) => ({
      rows: scoredLists(db, input.from, input.count).map(({ messages, scores, ...row }) => ({
        ...row,
        scores: [...scores],
        prompt: lastUserText(messages),
      })),
      total: scoredListCount(db),
    })),
    list: judgments.list.handler(({ input }) => {
      const total = ledgerSize(db);
      const before = input.before === undefined ? total + 1 : (ledgerNumber(db, toId(input.before)) ?? total + 1);
      const count = Math.min(input.limit, before - 1);
      return { rows: rowsOf(Array.from({ length: count }, (_, i) => before - 1 - i)), total };
    }),
    page: judgments.page.handler(async ({ input }) => {
      const upTo = Math.min(input.upTo ?? Infinity, ledgerSize(db));
      const ranks = await shelf.ranks(input.filter, input.sort, upTo);
      return { rows: rowsOf(ranks.numbers(input.from, input.count)), total: ranks.total, upTo };
    }),
    facets: judgments.facets.handler(() => ({
      total: ledgerSize(db),
      rounds: ledgerRounds(db),
      authors: authorNames(db).map(({ name, kind }) => ({ name, kind })),
      disputed: disputeCount(db),
      invalid: invalidCount(db),
      lists: scoredListCount(db),
    })),
    open: judgments.open.handler(({ input }) => judgmentDetail(db, toId(input.id))),
    correct: judgments.correct.handler(({ input }) => {
      const corrected = correctJudgment(lab, authorOf(input.author), { ...input, id: toId(input.id) });
      hooks.onChanged();
      return corrected;
    }),
    settle: judgments.settle.handler(({ input }) => {
      settle(lab, authorOf(input.author), toId(input.id));
      return { disputed: disputeCount(db) };
    }),
    takeBack: judgments.takeBack.handler(({ input }) => {
      const id = takeCorrectionBack(lab, toId(input.id));
      hooks.onChanged();
      return { id };
    }),
    reopen: judgments.reopen.handler(({ input }) => {
      reopen(lab, toId(input.id));
      return { disputed: disputeCount(db) };
    }),
    askAgain: judgments.askAgain.handler(({ input }) => {
      const askId = askAgain(lab, authorOf(input.author), toId(input.id));
      hooks.onChanged();
      return { askId };
    }),
  };
}

function toId(id: string): JudgmentId {
  return id as JudgmentId; // it came over a wire; an unknown one is refused when it is looked up
}
