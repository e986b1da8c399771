/** The annotator's queue of the stand-in lab: in memory, with the real one's rules for undo, redo and repeated requests. */
import { ConflictError, NotFoundError } from "#app/base/errors.ts";
import type { ShownVerdict } from "#app/contract/queue.ts";
import type { ComparisonView, QueueCounts } from "#app/contract/views.ts";
import { REASON_TAGS } from "#app/domain/oracle.ts";
import type { Message } from "#app/domain/prompt.ts";
import { swapVerdict, type Verdict } from "#app/domain/verdict.ts";

export type FakeComparison = {
  readonly askId: string;
  readonly messages: readonly Message[];
  /** In stored order. */
  readonly first: string;
  readonly second: string;
  /** The second response is shown on the left. */
  readonly isSwapped: boolean;
};

type Kept = { readonly requestId: string; readonly author: string; readonly askId: string; readonly verdict: ShownVerdict };

export type FakeQueue = {
  readonly guidelines: string;
  /** Every call of `judge` that was taken, also those that an undo took back. */
  readonly taken: readonly Kept[];
  next(author: string, count: number): FakeNext;
  judge(kept: Kept): QueueCounts;
  undo(author: string): FakeStep;
  redo(author: string): FakeStep;
  authors(): { name: string; judgments: number }[];
  open(): number;
  /** What the lab holds: the verdict in force of each answered comparison, in stored order. */
  verdicts(): ReadonlyMap<string, Verdict>;
};

type FakeNext = {
  comparisons: ComparisonView[];
  counts: QueueCounts;
  guidelines: string;
  criteria: string[];
  reasonTags: string[];
  last: ShownVerdict | null;
  sitting: null;
};

type FakeStep = { comparison: ComparisonView | null; verdict: ShownVerdict | null; counts: QueueCounts };

export function createFakeQueue(comparisons: readonly FakeComparison[], guidelines: string, onChange: () => void): FakeQueue {
  const taken: Kept[] = [];
  const requests = new Set<string>();
  let inForce: Kept[] = [];
  let undone: Kept[] = [];
  const isAnswered = (askId: string, author: string): boolean =>
    inForce.some((kept) => kept.askId === askId && (kept.author === author || kept.verdict.kind !== "skip"));
  const counts = (author: string): QueueCounts => {
    const answers = inForce.filter((kept) => kept.verdict.kind !== "skip");
    return { mine: answers.filter((kept) => kept.author === author).length, done: answers.length, total: comparisons.length };
  };
  const step = (kept: Kept | undefined, author: string): FakeStep => {
    onChange();
    const comparison = comparisons.find((one) => one.askId === kept?.askId);
    return {
      comparison: comparison === undefined ? null : viewOf(comparison),
      verdict: kept?.verdict ?? null,
      counts: counts(author),
    };
  };
  return {
    guidelines,
    taken,
    next: (author, count) => ({
      comparisons: comparisons
        .filter((one) => !isAnswered(one.askId, author))
        .slice(0, count)
        .map(viewOf),
      counts: counts(author),
      guidelines,
      criteria: [],
      reasonTags: [...REASON_TAGS],
      sitting: null,
      last: inForce.findLast((kept) => kept.author === author)?.verdict ?? null,
    }),
    judge: (kept) => {
      if (!comparisons.some((one) => one.askId === kept.askId)) throw new NotFoundError(`there is no ask ${kept.askId}`);
      if (requests.has(kept.requestId)) return counts(kept.author);
      if (inForce.some((one) => one.askId === kept.askId && one.author !== kept.author && one.verdict.kind !== "skip")) {
        throw new ConflictError(`the ask ${kept.askId} has been answered by someone else`);
      }
      requests.add(kept.requestId);
      taken.push(kept);
      inForce = [...inForce.filter((one) => one.askId !== kept.askId || one.author !== kept.author), kept];
      undone = undone.filter((one) => one.author !== kept.author);
      onChange();
      return counts(kept.author);
    },
    undo: (author) => {
      const last = inForce.findLast((kept) => kept.author === author);
      if (last !== undefined) {
        inForce = inForce.filter((kept) => kept !== last);
        undone = [...undone, last];
      }
      return step(last, author);
    },
    redo: (author) => {
      const last = undone.findLast((kept) => kept.author === author);
      if (last !== undefined) {
        undone = undone.filter((kept) => kept !== last);
        inForce = [...inForce, last];
      }
      return step(last, author);
    },
    authors: () =>
      [...new Set(inForce.map((kept) => kept.author))].map((name) => ({
        name,
        judgments: inForce.filter((kept) => kept.author === name).length,
      })),
    open: () => comparisons.filter((one) => !inForce.some((kept) => kept.askId === one.askId && kept.verdict.kind !== "skip")).length,
    verdicts: () =>
      new Map(
        inForce.map((kept) => {
          const isSwapped = comparisons.find((one) => one.askId === kept.askId)?.isSwapped === true;
          return [kept.askId, storedVerdict(kept.verdict, isSwapped)];
        }),
      ),
  };
}

function viewOf({ askId, messages, first, second, isSwapped }: FakeComparison): ComparisonView {
  const [left, right] = isSwapped ? [second, first] : [first, second];
  return {
    askId,
    messages: messages.map((message) => ({ ...message })),
    left: { text: left },
    right: { text: right },
    isPractice: false,
    isFlagged: false,
    draft: null,
  };
}

export function storedVerdict(verdict: ShownVerdict, isSwapped: boolean): Verdict {
  if (verdict.kind === "skip") return { kind: "abstains" };
  if (verdict.kind !== "prefers") return verdict;
  const { side, strength } = verdict;
  const asShown: Verdict = { kind: "prefers", winner: side === "left" ? "first" : "second", strength };
  return isSwapped ? swapVerdict(asShown) : asShown;
}
