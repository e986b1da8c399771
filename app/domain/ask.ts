/** Asks and judgments: one presentation to an oracle, and what it yielded, append-only. */
import type { AskId, AttemptId, AuthorId, DeviceId, JudgmentId, OracleId, PromptId, ResponseId } from "#app/base/ids.ts";
import type { Verdict } from "./verdict.ts";

/** open: an intent, not yet answered; answered; failed: no usable answer, the reason is kept; withdrawn: given back unanswered. */
export type AskOutcome = "open" | "answered" | "failed" | "withdrawn";

/** Why the ask exists: to make pairs, to measure, or to check the annotator. */
export type AskPurpose = "training" | "evaluation" | "practice" | "control" | "repeat";

/** Who wrote a record, on which device, as that device's how-manieth: what makes packs mergeable in any order. */
export type Authorship = {
  readonly authorId: AuthorId;
  readonly deviceId: DeviceId;
  readonly sequence: number;
  /** The imported pack that brought the record; null if it was written here. */
  readonly packId: string | null;
};

export type Ask = Authorship & {
  readonly id: AskId;
  readonly attemptId: AttemptId;
  readonly promptId: PromptId;
  readonly oracleId: OracleId;
  readonly purpose: AskPurpose;
  /** The responses in the order in which they were shown, two or more. */
  readonly shown: readonly ResponseId[];
  readonly templateVersion: string | null;
  readonly guidelineVersion: string | null;
  readonly outcome: AskOutcome;
  readonly rawReply: string | null;
  readonly promptTokens: number | null;
  readonly replyTokens: number | null;
  readonly costUsd: number | null;
  /** When it was shown or sent, and how long the answer took (a person's pauses taken off). */
  readonly askedAtMs: number;
  readonly durationMs: number | null;
};

export type Judgment = Authorship & {
  readonly id: JudgmentId;
  readonly askId: AskId;
  /** In stored order: first < second as text, whatever was shown. */
  readonly firstId: ResponseId;
  readonly secondId: ResponseId;
  readonly verdict: Verdict;
  /** P(first is preferred) where the oracle gives one. */
  readonly probability: number | null;
  readonly criterion: string | null;
  readonly rationale: string | null;
  /** Reason tags that the oracle gave. */
  readonly tags: readonly string[];
  /** A person's time with the comparison for this verdict, pauses taken off; null for other oracles. */
  readonly durationMs: number | null;
  readonly madeAtMs: number;
  /** The judgment that this one replaces (correction, undo); null for the first. */
  readonly supersedesId: JudgmentId | null;
  /** True for an undo: the chain then has no live judgment. */
  readonly isRetraction: boolean;
  /** The judgment that a redo puts back; null for a verdict of its own. */
  readonly reinstatesId: JudgmentId | null;
};

/** A listwise score (the paper's 6-point mode): a response within one ask, never compared across asks. */
export type Score = { readonly askId: AskId; readonly responseId: ResponseId; readonly score: number };

/** Two responses in stored order and whether the presentation turned them. */
export function inStoredOrder(shownFirst: ResponseId, shownSecond: ResponseId): { firstId: ResponseId; secondId: ResponseId; isSwapped: boolean } {
  return shownFirst < shownSecond
    ? { firstId: shownFirst, secondId: shownSecond, isSwapped: false }
    : { firstId: shownSecond, secondId: shownFirst, isSwapped: true };
}
