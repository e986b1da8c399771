/** A sitting as the page knows it, and how a press, an acknowledgement or a reply changes it. */
import type { ShownVerdict } from "#app/contract/queue.ts";
import type { ComparisonView, QueueCounts } from "#app/contract/views.ts";
import { annotateText } from "../text/annotate.ts";
import type { Answer } from "./outbox.ts";

export type SittingView = { readonly startedAtMs: number; readonly judged: number; readonly workedMs: number };

export type Practice = { readonly isRight: boolean; readonly known: ShownVerdict };

export type StepKind = "undo" | "redo";

export type SittingState = {
  /** What is on the screen first, then what was fetched ahead. */
  readonly upcoming: readonly ComparisonView[];
  /** The lab's last word; null before the first. */
  readonly counts: QueueCounts | null;
  readonly guidelines: string;
  readonly criteria: readonly string[];
  readonly reasonTags: readonly string[];
  /** What the lab knows of this stretch of annotating; null before the first answer of the lab. */
  readonly sitting: SittingView | null;
  /** What is known of the practice item that was judged last. */
  readonly practice: Practice | null;
  /** The newest verdict, for the receipt. */
  readonly last: ShownVerdict | null;
  /** The verdict that an undo took back from what is on the screen. */
  readonly takenBack: ShownVerdict | null;
  /** Pressed, not acknowledged yet; oldest first. */
  readonly unsent: readonly Answer[];
  /** A step that the lab has been asked for. */
  readonly step: StepKind | null;
  /** The lab has said that there is no more than `upcoming`. */
  readonly isExhausted: boolean;
  /** Verdicts of this sitting, skips not counted. */
  readonly verdictCount: number;
  /** Something to be told; stays until the next press. */
  readonly notice: string | null;
};

export type NextReply = {
  readonly comparisons: readonly ComparisonView[];
  readonly counts: QueueCounts;
  readonly guidelines: string;
  readonly criteria: readonly string[];
  readonly reasonTags: readonly string[];
  readonly last: ShownVerdict | null;
  readonly sitting: SittingView | null;
};

export type StepReply = {
  readonly comparison: ComparisonView | null;
  readonly verdict: ShownVerdict | null;
  readonly counts: QueueCounts;
};

export function emptySitting(unsent: readonly Answer[]): SittingState {
  return {
    upcoming: [],
    counts: null,
    guidelines: "",
    criteria: [],
    reasonTags: [],
    sitting: null,
    practice: null,
    last: null,
    takenBack: null,
    unsent,
    step: null,
    isExhausted: false,
    verdictCount: 0,
    notice: null,
  };
}

/**
 * What the lab has next. The comparison on the screen stays, whatever the reply holds: nothing changes under the eyes of
 * the person who reads. What was pressed but not acknowledged does not come back.
 */
export function withNext(state: SittingState, reply: NextReply, asked: number): SittingState {
  const [current] = state.upcoming;
  const known = new Set([...state.unsent.map((answer) => answer.askId), ...(current === undefined ? [] : [current.askId])]);
  const fresh = reply.comparisons.filter((comparison) => !known.has(comparison.askId));
  return {
    ...state,
    upcoming: current === undefined ? fresh : [current, ...fresh],
    counts: reply.counts,
    guidelines: reply.guidelines,
    criteria: reply.criteria,
    reasonTags: reply.reasonTags,
    // The number of verdicts goes on from what the lab has counted, also after a reload.
    ...(reply.sitting === null ? {} : { sitting: reply.sitting, verdictCount: reply.sitting.judged + pressedCount(state) }),
    last: state.unsent.length === 0 ? reply.last : state.last,
    isExhausted: reply.comparisons.length < asked,
  };
}

/** A key was pressed: the next comparison is on the screen at once. */
export function withAnswer(state: SittingState, answer: Answer): SittingState {
  return {
    ...state,
    upcoming: state.upcoming.filter((comparison) => comparison.askId !== answer.askId),
    unsent: [...state.unsent, answer],
    last: answer.verdict,
    takenBack: null,
    practice: null,
    verdictCount: state.verdictCount + (answer.verdict.kind === "skip" ? 0 : 1),
    notice: null,
  };
}

/** `practice` belongs to the newest verdict only: what is known of an older one would confuse. */
export function withAcknowledged(state: SittingState, requestId: string, counts: QueueCounts, practice: Practice | null = null): SittingState {
  const unsent = without(state.unsent, requestId);
  return { ...state, unsent, counts, practice: unsent.length === 0 ? practice : state.practice };
}

export function withFlag(state: SittingState, askId: string, isFlagged: boolean): SittingState {
  return { ...state, upcoming: state.upcoming.map((one) => (one.askId === askId ? { ...one, isFlagged } : one)) };
}

/** The lab will never take this answer (its comparison is no longer open): that is said, and it is let go. */
export function withRefused(state: SittingState, requestId: string, sentence: string): SittingState {
  return {
    ...state,
    unsent: without(state.unsent, requestId),
    verdictCount: Math.max(0, state.verdictCount - 1),
    notice: annotateText.notices.notTaken(sentence),
  };
}

export function withStep(state: SittingState, kind: StepKind, reply: StepReply): SittingState {
  const { comparison, verdict, counts } = reply;
  const settled = { ...state, step: null, counts, practice: null };
  if (comparison === null) return { ...settled, notice: annotateText.notices.nothingTo(kind) };
  const others = state.upcoming.filter((one) => one.askId !== comparison.askId);
  const weight = verdict === null || verdict.kind === "skip" ? 0 : 1;
  return kind === "undo"
    ? {
        ...settled,
        upcoming: [comparison, ...others],
        takenBack: verdict,
        verdictCount: Math.max(0, state.verdictCount - weight),
        notice: null,
      }
    : { ...settled, upcoming: others, last: verdict, takenBack: null, verdictCount: state.verdictCount + weight, notice: null };
}

/** The counts with what was pressed and not acknowledged yet. */
export function countsShown(state: SittingState): QueueCounts | null {
  if (state.counts === null) return null;
  const pressed = pressedCount(state);
  const { mine, done, total } = state.counts;
  return { mine: mine + pressed, done: Math.min(total, done + pressed), total };
}

function pressedCount(state: SittingState): number {
  return state.unsent.filter((answer) => answer.verdict.kind !== "skip").length;
}

function without(answers: readonly Answer[], requestId: string): readonly Answer[] {
  return answers.filter((answer) => answer.requestId !== requestId);
}
