/** One judgment with all that is known of its comparison. */
import type { AttemptId, JudgmentId, ResponseId } from "#app/base/ids.ts";
import type { BlindUntil, JudgmentDetail, JudgmentRow, Opinion } from "#app/contract/judgments.ts";
import type { ReadableDb } from "#main/store/database.ts";
import { askById } from "#main/store/queries/asks.ts";
import { disputeOf, isOpenDispute } from "#main/store/queries/disputes.ts";
import { promptById } from "#main/store/queries/experiments.ts";
import { judgmentById } from "#main/store/queries/judgments.ts";
import { askFacts, type LedgerRow, rowsOfPair } from "#main/store/queries/ledger.ts";
import { policyById } from "#main/store/queries/policies.ts";
import { responseById } from "#main/store/queries/responses.ts";
import { attemptById, configOfAttempt, liveAttempts } from "#main/store/queries/rounds.ts";
import { lastUserText } from "./ranks.ts";

export function toJudgmentRow(db: ReadableDb, row: LedgerRow): JudgmentRow {
  const { id, askId, verdict, criterion, madeAtMs, isRetraction, firstId, secondId } = row.judgment;
  const pair = { attemptId: row.attemptId, firstId, secondId };
  return {
    id,
    number: row.number,
    askId,
    author: row.author,
    kind: row.kind,
    oracle: row.oracle,
    round: row.round,
    verdict,
    criterion,
    purpose: row.purpose,
    prompt: lastUserText(row.messages),
    madeAtMs,
    durationMs: row.durationMs,
    costUsd: row.costUsd,
    isLive: row.isLive,
    isRetraction,
    disagreement: row.isLive ? (disputeOf(db, pair)?.kind ?? null) : null,
  };
}

export function judgmentDetail(db: ReadableDb, id: JudgmentId): JudgmentDetail {
  const judgment = judgmentById(db, id);
  const ask = askById(db, judgment.askId);
  const pair = { attemptId: ask.attemptId, firstId: judgment.firstId, secondId: judgment.secondId };
  const disagreement = disputeOf(db, pair)?.kind ?? null;
  const isOpen = isOpenDispute(db, pair);
  const blindUntil: BlindUntil | null = isJudgedByPeople(db, ask.attemptId) ? "roundClosed" : isOpen ? "disputeSettled" : null;
  const sideOf = (response: ResponseId): JudgmentDetail["first"] => (blindUntil === null ? side(db, response) : blindSide(db, response));
  return {
    id,
    messages: [...promptById(db, ask.promptId).messages],
    first: sideOf(judgment.firstId),
    second: sideOf(judgment.secondId),
    opinions: rowsOfPair(db, pair).map((row) => toOpinion(db, row)),
    blindUntil,
    disagreement,
    isSettled: disagreement !== null && !isOpen,
    isStageDone: attemptById(db, ask.attemptId).state === "done",
  };
}

/** True while the run's comparisons wait for people, or are asked of them anew in the run that took its place. */
function isJudgedByPeople(db: ReadableDb, id: AttemptId): boolean {
  const attempt = attemptById(db, id);
  const live = attempt.state === "superseded" ? liveAttempts(db, attempt.roundId).get(attempt.stage) : attempt;
  return live !== undefined && live.state !== "done" && configOfAttempt(db, live.id).oracle.kind === "people";
}

function toOpinion(db: ReadableDb, row: LedgerRow): Opinion {
  const { probability, rationale, tags, firstId, supersedesId, askId } = row.judgment;
  const { shown, ...facts } = askFacts(db, askId);
  return {
    judgment: toJudgmentRow(db, row),
    isSwapped: shown[0] !== firstId,
    probability,
    rationale,
    tags: [...tags],
    supersedesId,
    isCorrection: row.isCorrection,
    ...facts,
  };
}

function blindSide(db: ReadableDb, id: ResponseId): JudgmentDetail["first"] {
  return { id, text: responseById(db, id).text, source: null, sampleIndex: null };
}

/** Where a response came from, by the policy's name. */
function side(db: ReadableDb, id: ResponseId): JudgmentDetail["first"] {
  const { text, policyId, source, sampleIndex } = responseById(db, id);
  return { id, text, source: policyId === null ? source : policyById(db, policyId).name, sampleIndex };
}
