/** Asks: planned as open intents, claimed by people, closed once together with what they yielded. */
import { ConflictError, NotFoundError } from "#app/base/errors.ts";
import type { AskId, AttemptId, AuthorId, DeviceId, JudgmentId, OracleId, PromptId, ResponseId } from "#app/base/ids.ts";
import type { AskPurpose } from "#app/domain/ask.ts";
import type { OracleReply } from "#app/rounds/ports.ts";
import { storeWords } from "#app/text/store.ts";
import { number, type ReadableDb, type Row, text, textOrNull, type WritableDb } from "../database.ts";
import { takeSequence } from "./authors.ts";
import { insertJudgment, type NewJudgment } from "./judgments.ts";

export type PlannedAskRow = {
  readonly id: AskId;
  readonly promptId: PromptId;
  readonly shown: readonly ResponseId[];
  readonly purpose: AskPurpose;
  readonly mode: "pairwise" | "listwise";
  readonly guidelineVersion: string | null;
  /** Of AI judges: their templates' versions, one word a member of a jury. */
  readonly templateVersion?: string | null;
};

export type StoredAsk = PlannedAskRow & {
  readonly attemptId: AttemptId;
  readonly oracleId: OracleId;
  readonly ordinal: number;
  readonly outcome: "open" | "answered" | "failed" | "withdrawn";
  readonly authorId: AuthorId | null;
};

/** Writes an attempt's plan in one transaction; a plan that is there already stays as it is. */
export function planAsks(db: WritableDb, attemptId: AttemptId, oracleId: OracleId, deviceId: DeviceId, asks: readonly PlannedAskRow[]): void {
  db.transaction(() => {
    if (askCount(db, attemptId) > 0) return;
    asks.forEach((ask, ordinal) => {
      db.run(
        `INSERT INTO ask (id, attempt_id, prompt_id, oracle_id, purpose, mode, ordinal, template_version, guideline_version, outcome, device_id, sequence)
         VALUES ($id, $attempt_id, $prompt_id, $oracle_id, $purpose, $mode, $ordinal, $template_version, $guideline_version, 'open', $device_id, $sequence)`,
        {
          id: ask.id,
          attempt_id: attemptId,
          prompt_id: ask.promptId,
          oracle_id: oracleId,
          purpose: ask.purpose,
          mode: ask.mode,
          ordinal,
          template_version: ask.templateVersion ?? null,
          guideline_version: ask.guidelineVersion,
          device_id: deviceId,
          sequence: takeSequence(db, deviceId),
        },
      );
      ask.shown.forEach((responseId, position) => {
        db.run("INSERT INTO ask_response (ask_id, position, response_id) VALUES ($ask_id, $position, $response_id)", {
          ask_id: ask.id,
          position,
          response_id: responseId,
        });
      });
    });
  });
}

/** Asks of an attempt's plan, in whatever state; those that check an annotator come on top of it. */
export function askCount(db: ReadableDb, attemptId: AttemptId): number {
  const row = db.get("SELECT coalesce(sum(n), 0) AS n FROM ask_count WHERE attempt_id = $attempt_id AND purpose IN ('training', 'evaluation')", {
    attempt_id: attemptId,
  });
  return number(row ?? { n: 0 }, "n");
}

/** Of the plan: what is open beside it waits for a person. */
export function openAskCount(db: ReadableDb, attemptId: AttemptId): number {
  const row = db.get("SELECT count(*) AS n FROM ask WHERE attempt_id = $attempt_id AND outcome = 'open' AND purpose IN ('training', 'evaluation')", {
    attempt_id: attemptId,
  });
  return number(row ?? { n: 0 }, "n");
}

function toAsk(db: ReadableDb, row: Row): StoredAsk {
  const id = text(row, "id") as AskId;
  const shown = db.all("SELECT response_id FROM ask_response WHERE ask_id = $id ORDER BY position", { id });
  return {
    id,
    attemptId: text(row, "attempt_id") as AttemptId,
    promptId: text(row, "prompt_id") as PromptId,
    oracleId: text(row, "oracle_id") as OracleId,
    purpose: text(row, "purpose") as AskPurpose, // its CHECK allows just these words
    mode: text(row, "mode") as "pairwise" | "listwise", // its CHECK allows just these words
    ordinal: number(row, "ordinal"),
    guidelineVersion: textOrNull(row, "guideline_version"),
    templateVersion: textOrNull(row, "template_version"),
    outcome: text(row, "outcome") as StoredAsk["outcome"], // its CHECK allows just these words
    authorId: textOrNull(row, "author_id") as AuthorId | null,
    shown: shown.map((response) => text(response, "response_id") as ResponseId),
  };
}

export function askById(db: ReadableDb, id: AskId): StoredAsk {
  const row = db.get("SELECT * FROM ask WHERE id = $id", { id });
  if (row === undefined) throw new NotFoundError(storeWords.noComparison(id));
  return toAsk(db, row);
}

/** Open asks of an attempt's plan, in its order; disputes and checks beside it are asked of a person, whoever judges the rest. */
export function openAsks(db: ReadableDb, attemptId: AttemptId, limit: number): StoredAsk[] {
  return db
    .all(
      `SELECT * FROM ask WHERE attempt_id = $attempt_id AND outcome = 'open' AND purpose IN ('training', 'evaluation')
       ORDER BY ordinal LIMIT $limit`,
      { attempt_id: attemptId, limit },
    )
    .map((row) => toAsk(db, row));
}

export function asksOfAttempt(db: ReadableDb, attemptId: AttemptId): StoredAsk[] {
  return db.all("SELECT * FROM ask WHERE attempt_id = $attempt_id ORDER BY ordinal", { attempt_id: attemptId }).map((row) => toAsk(db, row));
}

/** The next open asks for a person: those it holds already, then free ones, which it then holds for a while. */
export function claimAsks(db: WritableDb, authorId: AuthorId, count: number, nowMs: number, untilMs: number): StoredAsk[] {
  return db.transaction(() => {
    const rows = db.all(
      `SELECT k.* FROM current_ask k JOIN oracle o ON o.id = k.oracle_id
       WHERE k.outcome = 'open' AND k.purpose IN ('training', 'evaluation') AND o.config ->> 'kind' = 'people'
         AND (k.claimed_by IS NULL OR k.claimed_by = $author_id OR k.claimed_until < $now)
       ORDER BY (k.claimed_by IS $author_id) DESC, k.ordinal LIMIT $count`,
      { author_id: authorId, now: nowMs, count },
    );
    const asks = rows.map((row) => toAsk(db, row));
    for (const ask of asks) {
      db.run("UPDATE ask SET claimed_by = $author_id, claimed_until = $until, asked_at = coalesce(asked_at, $now) WHERE id = $id", {
        id: ask.id,
        author_id: authorId,
        until: untilMs,
        now: nowMs,
      });
    }
    return asks.sort((a, b) => a.ordinal - b.ordinal);
  });
}

/** Closes an ask with its reply and its judgments in one transaction: they are durable together or not at all. */
export function closeAsk(
  db: WritableDb,
  askId: AskId,
  authorId: AuthorId,
  reply: Omit<OracleReply, "verdict" | "scores" | "probability">,
  judgments: readonly NewJudgment[],
  scores: readonly { readonly responseId: ResponseId; readonly score: number }[],
  nowMs: number,
): JudgmentId[] {
  return db.transaction(() => {
    const changed = db.run(
      `UPDATE ask SET outcome = $outcome, raw_reply = $raw_reply, prompt_tokens = $prompt_tokens, reply_tokens = $reply_tokens,
         cost_usd = $cost_usd, duration_ms = $duration_ms, asked_at = coalesce(asked_at, $asked_at), author_id = $author_id
       WHERE id = $id AND outcome = 'open'`,
      {
        id: askId,
        outcome: reply.outcome,
        raw_reply: reply.rawReply,
        prompt_tokens: reply.promptTokens,
        reply_tokens: reply.replyTokens,
        cost_usd: reply.costUsd,
        duration_ms: reply.durationMs,
        asked_at: Math.round(nowMs - reply.durationMs),
        author_id: authorId,
      },
    );
    if (changed === 0) throw new ConflictError(storeWords.answered(askId), { askId });
    for (const { responseId, score } of scores) {
      db.run("INSERT INTO score (ask_id, response_id, score) VALUES ($ask_id, $response_id, $score)", {
        ask_id: askId,
        response_id: responseId,
        score,
      });
    }
    return judgments.map((judgment) => insertJudgment(db, judgment));
  });
}
