/** Sittings: begun at the first look, ended by the person or by a long pause, and what came of one. */
import type { AuthorId } from "#app/base/ids.ts";
import type { SittingSummary } from "#app/contract/queue.ts";
import { leastReadingMs } from "#app/domain/reading-time.ts";
import { wilsonInterval } from "#app/statistics/wilson.ts";
import { askById } from "#main/store/queries/asks.ts";
import { promptById } from "#main/store/queries/experiments.ts";
import { newestLive } from "#main/store/queries/judgments.ts";
import { attemptForPeople } from "#main/store/queries/queue.ts";
import { attemptById, listRounds } from "#main/store/queries/rounds.ts";
import {
  beginSitting,
  endSitting,
  newestSitting,
  type Sitting,
  sittingCounts,
  type SittingJudgment,
  sittingJudgments,
} from "#main/store/queries/sittings.ts";
import type { LabContext } from "../context.ts";
import { planCounts, shownVerdictOf } from "./queue.ts";

/** After so long without a verdict the next one belongs to a new sitting. */
const LONG_PAUSE_MS = 4 * 60 * 60_000;

export type SittingView = Pick<SittingSummary, "startedAtMs" | "endedAtMs" | "judged" | "skipped" | "workedMs">;

/** The author's open sitting, begun if there is none. */
export function openSitting(lab: LabContext, author: AuthorId): SittingView {
  const { db } = lab.store;
  const nowMs = lab.clock.nowMs();
  const sitting = db.transaction(() => {
    const newest = newestSitting(db, author);
    if (newest?.endedAtMs === null) {
      const activeAtMs = Math.max(newest.startedAtMs, newestLive(db, author)?.madeAtMs ?? 0);
      if (nowMs - activeAtMs < LONG_PAUSE_MS) return newest;
      endSitting(db, author, activeAtMs);
    }
    beginSitting(db, lab.ids.next(), author, nowMs);
    return newestSitting(db, author);
  });
  return viewOf(lab, author, sitting ?? { id: "", startedAtMs: nowMs, endedAtMs: null, afterSequence: 0, untilSequence: null });
}

function viewOf(lab: LabContext, author: AuthorId, sitting: Sitting): SittingView {
  const { startedAtMs, endedAtMs } = sitting;
  return { startedAtMs, endedAtMs, ...sittingCounts(lab.store.db, author, sitting) };
}

/** Ends the open sitting and says what came of it; of the newest one if none is open, null if there never was one. */
export function finishSitting(lab: LabContext, author: AuthorId, name: string): SittingSummary | null {
  const { db } = lab.store;
  db.transaction(() => {
    endSitting(db, author, lab.clock.nowMs());
  });
  lab.events.publish({ type: "queue.changed" });
  return summaryOf(lab, author, name);
}

export function summaryOf(lab: LabContext, author: AuthorId, name: string): SittingSummary | null {
  const { db } = lab.store;
  const sitting = newestSitting(db, author);
  if (sitting === undefined) return null;
  const rows = sittingJudgments(db, author, sitting);
  const attemptId = attemptForPeople(db);
  const roundId = attemptId === undefined ? undefined : attemptById(db, attemptId).roundId;
  return {
    ...viewOf(lab, author, sitting),
    author: name,
    pace: paceOf(rows.flatMap(({ judgment }) => judgment.durationMs ?? [])),
    repeats: shareOf(rows.flatMap((row) => (row.originalVerdict === null ? [] : [isSame(row)]))),
    controls: shareOf(rows.flatMap((row) => (row.knownWinner === null ? [] : [isKnown(row)]))),
    left: shareOf(
      rows.flatMap(({ judgment }) => {
        const shown = shownVerdictOf(lab, judgment);
        return shown?.kind === "prefers" ? [shown.side === "left"] : [];
      }),
    ),
    marks: rows.flatMap(({ judgment }) => shownVerdictOf(lab, judgment) ?? []),
    secondLook: rows.flatMap((row) => secondLookOf(lab, row)).sort((a, b) => WHY.indexOf(a.why) - WHY.indexOf(b.why)),
    counts: planCounts(lab, author),
    round: listRounds(db).find(({ id }) => id === roundId)?.number ?? null,
  };
}

/** What tells most comes first. */
const WHY: readonly SittingSummary["secondLook"][number]["why"][] = ["differently", "flagged", "fast"];

function isSame({ judgment, originalVerdict }: SittingJudgment): boolean {
  const says = judgment.verdict.kind === "prefers" ? judgment.verdict.winner : "even";
  const said = originalVerdict === "first" || originalVerdict === "second" ? originalVerdict : "even";
  return says === said;
}

function isKnown({ judgment, knownWinner }: SittingJudgment): boolean {
  return judgment.verdict.kind === "prefers" && judgment.verdict.winner === knownWinner;
}

function shareOf(hits: readonly boolean[]): SittingSummary["repeats"] {
  if (hits.length === 0) return null;
  const count = hits.filter(Boolean).length;
  const { low, high } = wilsonInterval(count / hits.length, hits.length, CONFIDENCE);
  return { n: hits.length, hits: count, low, high };
}

const CONFIDENCE = 0.95;

function paceOf(durations: readonly number[]): SittingSummary["pace"] {
  if (durations.length === 0) return null;
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { medianMs: at(0.5), lowMs: at(0.25), highMs: at(0.75) };
}

function secondLookOf(lab: LabContext, row: SittingJudgment): SittingSummary["secondLook"] {
  const { db } = lab.store;
  const { judgment, originalVerdict, isFlagged } = row;
  const isFast = judgment.durationMs !== null && judgment.verdict.kind !== "abstains" && judgment.durationMs < leastReadingMs(row.length);
  const why = originalVerdict !== null && !isSame(row) ? "differently" : isFlagged ? "flagged" : isFast ? "fast" : undefined;
  if (why === undefined) return [];
  const { messages } = promptById(db, askById(db, judgment.askId).promptId);
  const prompt = messages.findLast((message) => message.role === "user")?.content ?? "";
  return [{ askId: judgment.askId, judgmentId: judgment.id, why, prompt, durationMs: judgment.durationMs }];
}
