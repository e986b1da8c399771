/** Judgments: appended, superseded, taken back and re-instated; read as live judgments. */
import * as z from "zod";
import { StoreError } from "#app/base/errors.ts";
import type { AskId, AttemptId, AuthorId, DeviceId, JudgmentId, ResponseId } from "#app/base/ids.ts";
import type { Judgment } from "#app/domain/ask.ts";
import type { Strength, Verdict } from "#app/domain/verdict.ts";
import { storeWords } from "#app/text/store.ts";
import { flag, number, numberOrNull, type ReadableDb, type Row, text, textOrNull, type WritableDb } from "../database.ts";
import { takeSequence } from "./authors.ts";

export type NewJudgment = Omit<Judgment, "sequence" | "packId" | "tags" | "durationMs"> &
  Partial<Pick<Judgment, "tags" | "durationMs">> & {
    /** The caller's own name of the act; the same act twice is one judgment. Null for what is not called over a wire. */
    readonly requestId: string | null;
    /** True for what corrects or settles from outside: no answer of its author to the ask. */
    readonly isCorrection?: boolean;
    /** The dispute's answer that made it, or that it undoes. */
    readonly settledById?: JudgmentId;
  };

/** Appends a judgment, numbered in the same transaction. The same requestId again returns the first judgment's id. */
export function insertJudgment(db: WritableDb, judgment: NewJudgment): JudgmentId {
  return db.transaction(() => {
    const known = judgment.requestId === null ? undefined : judgmentOfRequest(db, judgment.requestId);
    if (known !== undefined) return known;
    const { verdict } = judgment;
    db.run(
      `INSERT INTO judgment (id, ask_id, first_id, second_id, verdict, strength, reason, probability, criterion, rationale,
         tags, duration_ms, made_at, supersedes_id, is_retraction, reinstates_id, request_id, is_correction, settled_by_id, author_id, device_id, sequence)
       VALUES ($id, $ask_id, $first_id, $second_id, $verdict, $strength, $reason, $probability, $criterion, $rationale,
         $tags, $duration_ms, $made_at, $supersedes_id, $is_retraction, $reinstates_id, $request_id, $is_correction, $settled_by_id, $author_id, $device_id, $sequence)`,
      {
        id: judgment.id,
        ask_id: judgment.askId,
        first_id: judgment.firstId,
        second_id: judgment.secondId,
        verdict: verdict.kind === "prefers" ? verdict.winner : verdict.kind,
        strength: verdict.kind === "prefers" ? verdict.strength : null,
        reason: verdict.kind === "invalid" ? verdict.reason : null,
        probability: judgment.probability,
        criterion: judgment.criterion,
        rationale: judgment.rationale,
        tags: judgment.tags === undefined || judgment.tags.length === 0 ? null : JSON.stringify(judgment.tags),
        duration_ms: judgment.durationMs ?? null,
        made_at: judgment.madeAtMs,
        supersedes_id: judgment.supersedesId,
        is_retraction: judgment.isRetraction ? 1 : 0,
        reinstates_id: judgment.reinstatesId,
        request_id: judgment.requestId,
        is_correction: judgment.isCorrection === true ? 1 : 0,
        settled_by_id: judgment.settledById ?? null,
        author_id: judgment.authorId,
        device_id: judgment.deviceId,
        sequence: takeSequence(db, judgment.deviceId),
      },
    );
    return judgment.id;
  });
}

export function judgmentOfRequest(db: ReadableDb, requestId: string): JudgmentId | undefined {
  const row = db.get("SELECT id FROM judgment WHERE request_id = $request_id", { request_id: requestId });
  return row && (text(row, "id") as JudgmentId);
}

function toVerdict(row: Row): Verdict {
  const kind = text(row, "verdict");
  switch (kind) {
    case "first":
    case "second":
      return { kind: "prefers", winner: kind, strength: text(row, "strength") as Strength }; // its CHECK gives these two a strength
    case "tie":
    case "bothBad":
    case "abstains":
      return { kind };
    case "invalid":
      return { kind, reason: text(row, "reason") };
    default:
      throw new StoreError(storeWords.unknownVerdict(JSON.stringify(kind), text(row, "id")));
  }
}

const tagsSchema = z.array(z.string());

export function toJudgment(row: Row): Judgment {
  return {
    id: text(row, "id") as JudgmentId,
    askId: text(row, "ask_id") as AskId,
    firstId: text(row, "first_id") as ResponseId,
    secondId: text(row, "second_id") as ResponseId,
    verdict: toVerdict(row),
    probability: numberOrNull(row, "probability"),
    criterion: textOrNull(row, "criterion"),
    rationale: textOrNull(row, "rationale"),
    tags: tagsSchema.parse(JSON.parse(textOrNull(row, "tags") ?? "[]")),
    durationMs: numberOrNull(row, "duration_ms"),
    madeAtMs: number(row, "made_at"),
    supersedesId: textOrNull(row, "supersedes_id") as JudgmentId | null,
    isRetraction: flag(row, "is_retraction"),
    reinstatesId: textOrNull(row, "reinstates_id") as JudgmentId | null,
    authorId: text(row, "author_id") as AuthorId,
    deviceId: text(row, "device_id") as DeviceId,
    sequence: number(row, "sequence"),
    packId: textOrNull(row, "pack_id"),
  };
}

/** A live judgment, and whether a person put it in place of what another one had said. */
export type LiveJudgment = Judgment & { readonly isCorrection: boolean };

/** The live overall judgments on an attempt's plan; what checks the annotators (practice, control, repeat) makes no pair. */
export function liveJudgments(db: ReadableDb, attemptId: AttemptId): LiveJudgment[] {
  return db
    .all(
      `SELECT j.* FROM current_judgment j JOIN ask k ON k.id = j.ask_id
       WHERE k.attempt_id = $attempt_id AND k.purpose IN ('training', 'evaluation') AND j.criterion IS NULL ORDER BY k.ordinal, j.id`,
      { attempt_id: attemptId },
    )
    .map((row) => {
      const judgment = toJudgment(row);
      // What a settlement's undo put back is again what its own author said.
      return { ...judgment, isCorrection: flag(row, "is_correction") && judgment.reinstatesId === null };
    });
}

/** The head of an author's chain on an ask, a retraction included; undefined before the first judgment. Null: overall. */
export function headOf(db: ReadableDb, askId: AskId, authorId: AuthorId, criterion: string | null = null): Judgment | undefined {
  const row = db.get(
    "SELECT * FROM judgment_head WHERE ask_id = $ask_id AND author_id = $author_id AND criterion IS $criterion ORDER BY sequence DESC, id DESC LIMIT 1",
    { ask_id: askId, author_id: authorId, criterion },
  );
  return row && toJudgment(row);
}

/** The author's newest live overall answer in the live attempts: what an undo takes back. */
export function newestLive(db: ReadableDb, authorId: AuthorId): Judgment | undefined {
  const row = db.get(
    `SELECT j.* FROM current_judgment j JOIN current_ask k ON k.id = j.ask_id
     WHERE j.author_id = $author_id AND j.criterion IS NULL AND j.is_correction = 0 ORDER BY j.sequence DESC LIMIT 1`,
    { author_id: authorId },
  );
  return row && toJudgment(row);
}

/** What the author says of the criteria of an ask. */
export function liveCriteria(db: ReadableDb, askId: AskId, authorId: AuthorId): Judgment[] {
  return db
    .all("SELECT * FROM current_judgment WHERE ask_id = $ask_id AND author_id = $author_id AND criterion IS NOT NULL ORDER BY sequence", {
      ask_id: askId,
      author_id: authorId,
    })
    .map(toJudgment);
}

/** The heads of the criteria of an ask, retractions included, that were written after a record of this device. */
export function criterionHeadsAfter(db: ReadableDb, after: Pick<Judgment, "askId" | "authorId" | "sequence">): Judgment[] {
  return db
    .all(
      `SELECT * FROM judgment_head WHERE ask_id = $ask_id AND author_id = $author_id AND criterion IS NOT NULL AND sequence > $sequence ORDER BY sequence`,
      { ask_id: after.askId, author_id: after.authorId, sequence: after.sequence },
    )
    .map(toJudgment);
}

/** The author's newest retraction that can be undone: no verdict came after it but those that a redo put back. */
export function newestRetraction(db: ReadableDb, authorId: AuthorId): Judgment | undefined {
  const row = db.get(
    `SELECT r.* FROM judgment_head r JOIN current_ask k ON k.id = r.ask_id
     WHERE r.author_id = $author_id AND r.is_retraction = 1 AND r.criterion IS NULL AND r.sequence > (
       SELECT coalesce(max(f.sequence), 0) FROM judgment f WHERE f.author_id = $author_id AND f.is_retraction = 0 AND f.reinstates_id IS NULL AND f.is_correction = 0)
     ORDER BY r.sequence DESC LIMIT 1`,
    { author_id: authorId },
  );
  return row && toJudgment(row);
}

/** A person corrected another judgment with it, in the ledger: no answer to a dispute, and nothing that was put back. */
export function isPlainCorrection(db: ReadableDb, id: JudgmentId): boolean {
  return (
    db.get("SELECT 1 AS n FROM judgment WHERE id = $id AND is_correction = 1 AND reinstates_id IS NULL AND settled_by_id IS NULL", { id }) !==
    undefined
  );
}

/** True if it stands: nothing superseded it, and no other head of its chain won over it. */
export function isLiveJudgment(db: ReadableDb, id: JudgmentId): boolean {
  return db.get("SELECT 1 AS n FROM current_judgment WHERE id = $id", { id }) !== undefined;
}

export function judgmentById(db: ReadableDb, id: JudgmentId): Judgment {
  const row = db.get("SELECT * FROM judgment WHERE id = $id", { id });
  if (row === undefined) throw new StoreError(storeWords.noJudgment(id));
  return toJudgment(row);
}

/** Asks of live attempts that this author has answered and taken back: shown again first, in the plan's order. */
export function retractedAskIds(db: ReadableDb, authorId: AuthorId): AskId[] {
  return db
    .all("SELECT k.id FROM taken_back t JOIN current_ask k ON k.id = t.ask_id WHERE t.author_id = $author_id ORDER BY k.ordinal", {
      author_id: authorId,
    })
    .map((row) => text(row, "id") as AskId);
}

/** Asks of an attempt's plan without an answer that stands: open ones, and answered ones that were taken back. */
export function unansweredCount(db: ReadableDb, attemptId: AttemptId): number {
  const row = db.get(
    `SELECT (SELECT coalesce(sum(n), 0) FROM ask_count WHERE attempt_id = $attempt_id AND outcome = 'open' AND purpose IN ('training', 'evaluation'))
       + (SELECT count(*) FROM taken_back t JOIN ask k ON k.id = t.ask_id
          WHERE t.attempt_id = $attempt_id AND k.purpose IN ('training', 'evaluation')) AS n`,
    { attempt_id: attemptId },
  );
  return row === undefined ? 0 : number(row, "n");
}

export function verdictCounts(db: ReadableDb, attemptId: AttemptId): Record<string, number> {
  const rows = db.all(
    `SELECT CASE WHEN shown_verdict IN ('shownFirst', 'shownSecond') THEN 'decided' ELSE shown_verdict END AS name, sum(n) AS n
     FROM verdict_count WHERE attempt_id = $attempt_id AND purpose IN ('training', 'evaluation') AND criterion = '' GROUP BY 1`,
    { attempt_id: attemptId },
  );
  return Object.fromEntries(rows.map((row) => [text(row, "name"), number(row, "n")]));
}
