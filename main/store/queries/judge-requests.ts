/** Paid requests to judges: intents committed before they are sent, closed once by their reply; and the replies as a cache. */
import { ConflictError } from "#app/base/errors.ts";
import type { AskId } from "#app/base/ids.ts";
import { storeWords } from "#app/text/store.ts";
import { flag, number, numberOrNull, type ReadableDb, type Row, text, textOrNull, type WritableDb } from "../database.ts";

export type RequestState = "open" | "answered" | "unusable" | "refused" | "cached";

export type NewRequest = {
  readonly id: string;
  /** Null for a test of an endpoint. */
  readonly askId: AskId | null;
  /** Of a jury, from 0. */
  readonly member: number;
  /** From 1. */
  readonly attempt: number;
  readonly baseUrl: string;
  readonly model: string;
  readonly requestHash: string;
  readonly honoursIdempotency: boolean;
  /** Of one send; null where no price is known. */
  readonly maxCostUsd: number | null;
};

export type StoredRequest = NewRequest & {
  readonly state: RequestState;
  readonly sends: number;
  /** The last send has not been heard of. */
  readonly isInFlight: boolean;
  readonly unsureSends: number;
  readonly costUsd: number | null;
  readonly promptTokens: number | null;
  readonly replyTokens: number | null;
  readonly snapshot: string | null;
  readonly reply: string | null;
  readonly error: string | null;
  readonly openedAtMs: number;
  readonly closedAtMs: number | null;
  readonly durationMs: number | null;
};

function toRequest(row: Row): StoredRequest {
  return {
    id: text(row, "id"),
    askId: textOrNull(row, "ask_id") as AskId | null,
    member: number(row, "member"),
    attempt: number(row, "try"),
    baseUrl: text(row, "base_url"),
    model: text(row, "model"),
    requestHash: text(row, "request_hash"),
    honoursIdempotency: flag(row, "honours_idempotency"),
    maxCostUsd: numberOrNull(row, "max_cost_usd"),
    state: text(row, "state") as RequestState, // its CHECK allows just these words
    sends: number(row, "sends"),
    isInFlight: flag(row, "in_flight"),
    unsureSends: number(row, "unsure_sends"),
    costUsd: numberOrNull(row, "cost_usd"),
    promptTokens: numberOrNull(row, "prompt_tokens"),
    replyTokens: numberOrNull(row, "reply_tokens"),
    snapshot: textOrNull(row, "snapshot"),
    reply: textOrNull(row, "reply"),
    error: textOrNull(row, "error"),
    openedAtMs: number(row, "opened_at"),
    closedAtMs: numberOrNull(row, "closed_at"),
    durationMs: numberOrNull(row, "duration_ms"),
  };
}

/** All requests of an ask, in the order in which they were opened. */
export function requestsOfAsk(db: ReadableDb, askId: AskId): StoredRequest[] {
  return db.all("SELECT * FROM judge_request WHERE ask_id = $ask_id ORDER BY member, try, id", { ask_id: askId }).map(toRequest);
}

/** US dollars of all tries of a member of a jury at one ask; null where nobody has said what they cost. */
export function costOfTries(db: ReadableDb, askId: AskId, member: number): number | null {
  const row = db.get("SELECT sum(cost_usd) AS cost FROM judge_request WHERE ask_id = $ask_id AND member = $member", { ask_id: askId, member });
  return row === undefined ? null : numberOrNull(row, "cost");
}

/** Commits an intent together with its first send. */
export function openRequest(db: WritableDb, request: NewRequest, nowMs: number): void {
  db.run(
    `INSERT INTO judge_request (id, ask_id, member, try, base_url, model, request_hash, state, sends, in_flight, unsure_sends,
       honours_idempotency, max_cost_usd, opened_at)
     VALUES ($id, $ask_id, $member, $try, $base_url, $model, $request_hash, 'open', 1, 1, 0, $honours_idempotency, $max_cost_usd, $now)`,
    { ...keyColumns(request), max_cost_usd: request.maxCostUsd, now: nowMs },
  );
}

function keyColumns(request: NewRequest) {
  return {
    id: request.id,
    ask_id: request.askId,
    member: request.member,
    try: request.attempt,
    base_url: request.baseUrl,
    model: request.model,
    request_hash: request.requestHash,
    honours_idempotency: request.honoursIdempotency ? 1 : 0,
  };
}

/** Commits one more send of an open intent. One that was not heard of may have been paid for, unless the endpoint knows repeats. */
export function sendAgain(db: WritableDb, id: string): void {
  const changed = db.run(
    `UPDATE judge_request SET sends = sends + 1, unsure_sends = unsure_sends + (in_flight = 1 AND honours_idempotency = 0), in_flight = 1
     WHERE id = $id AND state = 'open'`,
    { id },
  );
  if (changed === 0) throw new ConflictError(storeWords.requestClosed(id));
}

/** The last send was turned away: it cost nothing. */
export function noteTurnedAway(db: WritableDb, id: string, reason: string): void {
  db.run("UPDATE judge_request SET in_flight = 0, error = $reason WHERE id = $id AND state = 'open'", { id, reason });
}

export type Closing = {
  readonly state: Exclude<RequestState, "open" | "cached">;
  readonly costUsd: number | null;
  readonly promptTokens: number | null;
  readonly replyTokens: number | null;
  readonly hasOddUsage: boolean;
  readonly snapshot: string | null;
  readonly reply: string | null;
  readonly error: string | null;
  readonly durationMs: number;
};

/** True if this closed it; a reply that comes late or twice changes nothing. */
export function closeRequest(db: WritableDb, id: string, closing: Closing, nowMs: number): boolean {
  const changed = db.run(
    `UPDATE judge_request SET state = $state, in_flight = 0, cost_usd = $cost_usd, prompt_tokens = $prompt_tokens, reply_tokens = $reply_tokens,
       has_odd_usage = $has_odd_usage, snapshot = $snapshot, reply = $reply, error = $error, closed_at = $now, duration_ms = $duration_ms
     WHERE id = $id AND state = 'open'`,
    {
      id,
      state: closing.state,
      cost_usd: closing.costUsd,
      prompt_tokens: closing.promptTokens,
      reply_tokens: closing.replyTokens,
      has_odd_usage: closing.hasOddUsage ? 1 : 0,
      snapshot: closing.snapshot,
      reply: closing.reply,
      error: closing.error,
      now: nowMs,
      duration_ms: closing.durationMs,
    },
  );
  return changed === 1;
}

/** Notes that an earlier reply to the same question serves this ask too; nothing is sent or paid. */
export function noteCached(db: WritableDb, request: NewRequest, source: StoredRequest, nowMs: number): void {
  db.run(
    `INSERT INTO judge_request (id, ask_id, member, try, base_url, model, request_hash, state, sends, in_flight, unsure_sends, honours_idempotency,
       max_cost_usd, cost_usd, snapshot, reply, opened_at, closed_at, duration_ms)
     VALUES ($id, $ask_id, $member, $try, $base_url, $model, $request_hash, 'cached', 0, 0, 0, $honours_idempotency, 0, 0, $snapshot, $reply, $now, $now, 0)`,
    { ...keyColumns(request), snapshot: source.snapshot, reply: source.reply, now: nowMs },
  );
}

/** The newest usable reply to a question by a snapshot that is accepted. */
export function knownReply(db: ReadableDb, requestHash: string): StoredRequest | undefined {
  const row = db.get(
    `SELECT q.* FROM judge_request q JOIN judge_snapshot s ON s.base_url = q.base_url AND s.model = q.model AND s.snapshot = q.snapshot
     WHERE q.request_hash = $request_hash AND q.state = 'answered' AND s.accepted_at IS NOT NULL ORDER BY s.accepted_at DESC, q.id DESC LIMIT 1`,
    { request_hash: requestHash },
  );
  return row && toRequest(row);
}

export type Snapshot = {
  readonly baseUrl: string;
  readonly model: string;
  readonly snapshot: string;
  readonly firstSeenAtMs: number;
  /** Null: seen, but not to be used until somebody accepts it. */
  readonly acceptedAtMs: number | null;
};

export function listSnapshots(db: ReadableDb): Snapshot[] {
  return db.all("SELECT * FROM judge_snapshot ORDER BY base_url, model, first_seen_at, snapshot").map((row) => ({
    baseUrl: text(row, "base_url"),
    model: text(row, "model"),
    snapshot: text(row, "snapshot"),
    firstSeenAtMs: number(row, "first_seen_at"),
    acceptedAtMs: numberOrNull(row, "accepted_at"),
  }));
}

type SnapshotKey = Pick<Snapshot, "baseUrl" | "model" | "snapshot">;

/** Notes what a model calls itself; the first is accepted. Returns whether this one is. */
export function noteSnapshot(db: WritableDb, { baseUrl, model, snapshot }: SnapshotKey, isAnyAccepted: boolean, nowMs: number): boolean {
  db.run(
    `INSERT INTO judge_snapshot (base_url, model, snapshot, first_seen_at, accepted_at)
     VALUES ($base_url, $model, $snapshot, $now, CASE WHEN $any = 1 OR NOT EXISTS (
       SELECT 1 FROM judge_snapshot WHERE base_url = $base_url AND model = $model) THEN $now END)
     ON CONFLICT (base_url, model, snapshot) DO UPDATE SET accepted_at = coalesce(accepted_at, CASE WHEN $any = 1 THEN $now END)`,
    { base_url: baseUrl, model, snapshot, any: isAnyAccepted ? 1 : 0, now: nowMs },
  );
  const row = db.get("SELECT accepted_at FROM judge_snapshot WHERE base_url = $base_url AND model = $model AND snapshot = $snapshot", {
    base_url: baseUrl,
    model,
    snapshot,
  });
  return row !== undefined && row["accepted_at"] !== null;
}

/** False if no reply ever came from such a snapshot. */
export function acceptSnapshot(db: WritableDb, { baseUrl, model, snapshot }: SnapshotKey, nowMs: number): boolean {
  const changed = db.run("UPDATE judge_snapshot SET accepted_at = $now WHERE base_url = $base_url AND model = $model AND snapshot = $snapshot", {
    base_url: baseUrl,
    model,
    snapshot,
    now: nowMs,
  });
  return changed === 1;
}

/** It is used no longer; what it has said stays. onlyOne: no other of the model is accepted, and it stays as it was. */
export function withdrawSnapshot(db: WritableDb, { baseUrl, model, snapshot }: SnapshotKey): "withdrawn" | "onlyOne" | "notAccepted" {
  const key = { base_url: baseUrl, model, snapshot };
  const changed = db.run(
    `UPDATE judge_snapshot SET accepted_at = NULL
     WHERE base_url = $base_url AND model = $model AND snapshot = $snapshot AND accepted_at IS NOT NULL AND EXISTS (
       SELECT 1 FROM judge_snapshot o
       WHERE o.base_url = $base_url AND o.model = $model AND o.snapshot <> $snapshot AND o.accepted_at IS NOT NULL)`,
    key,
  );
  if (changed === 1) return "withdrawn";
  const row = db.get("SELECT accepted_at FROM judge_snapshot WHERE base_url = $base_url AND model = $model AND snapshot = $snapshot", key);
  return row === undefined || row["accepted_at"] === null ? "notAccepted" : "onlyOne";
}

export function insertTemplate(db: WritableDb, template: { readonly version: string; readonly name: string; readonly text: string }): void {
  db.run("INSERT INTO judge_template (version, name, text) VALUES ($version, $name, $text) ON CONFLICT (version) DO NOTHING", template);
}

export function templateByVersion(db: ReadableDb, version: string): { readonly name: string; readonly text: string } | undefined {
  const row = db.get("SELECT name, text FROM judge_template WHERE version = $version", { version });
  return row && { name: text(row, "name"), text: text(row, "text") };
}

export type Averages = { readonly calls: number; readonly promptTokens: number; readonly replyTokens: number; readonly durationMs: number };

/** What replies of a model took on average so far; undefined before the first. */
export function averagesOf(db: ReadableDb, baseUrl: string, model: string, mode: "pairwise" | "listwise"): Averages | undefined {
  const row = db.get(
    `SELECT count(*) AS n, avg(q.prompt_tokens) AS prompt_tokens, avg(q.reply_tokens) AS reply_tokens, avg(q.duration_ms) AS duration_ms
     FROM judge_request q JOIN ask k ON k.id = q.ask_id
     WHERE q.base_url = $base_url AND q.model = $model AND k.mode = $mode AND q.state IN ('answered', 'unusable') AND q.prompt_tokens > 0`,
    { base_url: baseUrl, model, mode },
  );
  if (row === undefined || number(row, "n") === 0) return undefined;
  return {
    calls: number(row, "n"),
    promptTokens: number(row, "prompt_tokens"),
    replyTokens: numberOrNull(row, "reply_tokens") ?? 0,
    durationMs: numberOrNull(row, "duration_ms") ?? 0,
  };
}
