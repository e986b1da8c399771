/** The ledger: judgments in the order of arrival, by their numbers from 1; narrow rows to filter, whole rows to show. */
import type { AskId, AttemptId, JudgmentId, ResponseId } from "#app/base/ids.ts";
import type { AskPurpose, Judgment } from "#app/domain/ask.ts";
import { flag, number, numberOrNull, type ReadableDb, type Row, type SqlValue, text, textOrNull } from "../database.ts";
import { toJudgment } from "./judgments.ts";

export type AuthorKind = "person" | "judge" | "script";

export type LedgerRow = {
  readonly judgment: Judgment;
  readonly number: number;
  readonly attemptId: AttemptId;
  readonly author: string;
  readonly kind: AuthorKind;
  readonly oracle: string;
  readonly round: number;
  readonly purpose: AskPurpose;
  /** JSON of the prompt's messages. */
  readonly messages: string;
  readonly durationMs: number | null;
  readonly costUsd: number | null;
  readonly isLive: boolean;
  readonly isCorrection: boolean;
};

const ROWS = `SELECT j.*, e.number AS ledger_number, e.is_live, e.round, e.purpose, a.name AS author, a.kind, o.name AS oracle, p.messages,
    k.duration_ms AS ask_ms, k.cost_usd, k.attempt_id
  FROM ledger_entry e JOIN judgment j ON j.id = e.judgment_id JOIN ask k ON k.id = j.ask_id JOIN author a ON a.id = j.author_id
    JOIN oracle o ON o.id = k.oracle_id JOIN prompt p ON p.id = k.prompt_id`;

function toLedgerRow(row: Row): LedgerRow {
  return {
    judgment: toJudgment(row),
    number: number(row, "ledger_number"),
    attemptId: text(row, "attempt_id") as AttemptId,
    author: text(row, "author"),
    kind: text(row, "kind") as AuthorKind, // its CHECK allows just these words
    oracle: text(row, "oracle"),
    round: number(row, "round"),
    purpose: text(row, "purpose") as AskPurpose, // its CHECK allows just these words
    messages: text(row, "messages"),
    durationMs: numberOrNull(row, "duration_ms") ?? numberOrNull(row, "ask_ms"),
    costUsd: numberOrNull(row, "cost_usd"),
    isLive: flag(row, "is_live"),
    isCorrection: flag(row, "is_correction"),
  };
}

/** The rows of these numbers, in the order given; numbers that no judgment has are left out. */
export function ledgerRows(db: ReadableDb, numbers: readonly number[]): LedgerRow[] {
  const rows = db.all(`${ROWS} WHERE e.number IN (SELECT value FROM json_each($numbers))`, { numbers: JSON.stringify(numbers) }).map(toLedgerRow);
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  return numbers.flatMap((one) => byNumber.get(one) ?? []);
}

/** The newest number; 0 for an empty ledger. */
export function ledgerSize(db: ReadableDb): number {
  return number(db.get("SELECT coalesce(max(number), 0) AS n FROM ledger_entry") ?? { n: 0 }, "n");
}

export function ledgerNumber(db: ReadableDb, id: JudgmentId): number | undefined {
  const row = db.get("SELECT number FROM ledger_entry WHERE judgment_id = $id", { id });
  return row && number(row, "number");
}

/** All judgments of the two responses in the attempt, oldest first. */
export function rowsOfPair(
  db: ReadableDb,
  pair: { readonly attemptId: AttemptId; readonly firstId: ResponseId; readonly secondId: ResponseId },
): LedgerRow[] {
  return db
    .all(`${ROWS} WHERE j.first_id = $first_id AND j.second_id = $second_id AND k.attempt_id = $attempt_id ORDER BY e.number`, {
      first_id: pair.firstId,
      second_id: pair.secondId,
      attempt_id: pair.attemptId,
    })
    .map(toLedgerRow);
}

export type LedgerCondition = {
  readonly round?: number | undefined;
  readonly kind?: AuthorKind | undefined;
  readonly author?: string | undefined;
  readonly verdict?: string | undefined;
  readonly isDisputed?: true | undefined;
  readonly isLive?: true | undefined;
  readonly raters?: readonly [string, string] | undefined;
};

/** A narrow row: what filters leave, and what sorting needs. */
export type LedgerKey = {
  readonly number: number;
  readonly promptId: string;
  readonly authorId: string;
  readonly verdict: string;
  readonly durationMs: number | null;
  readonly costUsd: number | null;
};

/** The next `span` numbers' worth of rows that fit, from the number after `after` on, in the order of arrival. */
export function ledgerKeys(db: ReadableDb, condition: LedgerCondition, after: number, span: number): LedgerKey[] {
  const { where, params } = conditionSql(condition);
  return db
    .all(
      `SELECT e.number, e.prompt_id, e.author_id, e.verdict, e.duration_ms, e.cost_usd FROM ledger_entry e
       WHERE e.number > $after AND e.number <= $until${where} ORDER BY e.number`,
      { after, until: after + span, ...params },
    )
    .map((row) => ({
      number: number(row, "number"),
      promptId: text(row, "prompt_id"),
      authorId: text(row, "author_id"),
      verdict: text(row, "verdict"),
      durationMs: numberOrNull(row, "duration_ms"),
      costUsd: numberOrNull(row, "cost_usd"),
    }));
}

function conditionSql(condition: LedgerCondition): { readonly where: string; readonly params: Readonly<Record<string, SqlValue>> } {
  const parts: string[] = [];
  const params: Record<string, SqlValue> = {};
  const add = (sql: string, name?: string, value?: SqlValue): void => {
    parts.push(` AND ${sql}`);
    if (name !== undefined && value !== undefined) params[name] = value;
  };
  if (condition.round !== undefined) add("e.round = $round", "round", condition.round);
  if (condition.kind !== undefined) add("e.author_id IN (SELECT id FROM author WHERE kind = $kind)", "kind", condition.kind);
  if (condition.author !== undefined) add("e.author_id = (SELECT id FROM author WHERE name = $author)", "author", condition.author);
  if (condition.verdict === "prefers") add("e.verdict IN ('first', 'second')");
  else if (condition.verdict !== undefined) add("e.verdict = $verdict", "verdict", condition.verdict);
  if (condition.isLive === true) add("e.is_live = 1");
  if (condition.isDisputed === true) {
    add(`e.is_live = 1 AND e.criterion = '' AND EXISTS (SELECT 1 FROM judgment j JOIN ask k ON k.id = j.ask_id JOIN open_dispute d
        ON d.attempt_id = k.attempt_id AND d.first_id = j.first_id AND d.second_id = j.second_id WHERE j.id = e.judgment_id)`);
  }
  if (condition.raters !== undefined) {
    const [rater, other] = condition.raters;
    const hasJudged = (name: string): string => `EXISTS (SELECT 1 FROM current_judgment o WHERE o.first_id = j.first_id AND o.second_id = j.second_id
        AND o.criterion IS NULL AND o.author_id = (SELECT id FROM author WHERE name = ${name}))`;
    add("e.is_live = 1 AND e.criterion = '' AND e.author_id IN (SELECT id FROM author WHERE name IN ($rater, $other))");
    add(`EXISTS (SELECT 1 FROM judgment j WHERE j.id = e.judgment_id AND ${hasJudged("$rater")} AND ${hasJudged("$other")})`);
    Object.assign(params, { rater, other });
  }
  return { where: parts.join(""), params };
}

/** Texts by which prompts are found and sorted. */
export function promptTexts(db: ReadableDb): { readonly id: string; readonly messages: string }[] {
  return db.all("SELECT id, messages FROM prompt").map((row) => ({ id: text(row, "id"), messages: text(row, "messages") }));
}

export function authorNames(db: ReadableDb): { readonly id: string; readonly name: string; readonly kind: AuthorKind }[] {
  return db.all("SELECT id, name, kind FROM author ORDER BY kind, name").map((row) => ({
    id: text(row, "id"),
    name: text(row, "name"),
    kind: text(row, "kind") as AuthorKind, // its CHECK allows just these words
  }));
}

/** Ids of responses whose text holds it, a stretch of ids at a time: those after `after`, and the last id looked at. */
export function responsesWith(
  db: ReadableDb,
  pattern: string,
  after: string,
  limit: number,
): { readonly ids: string[]; readonly last: string | undefined } {
  const rows = db.all(
    "SELECT id, text LIKE $pattern ESCAPE '\\' AS fits FROM (SELECT id, text FROM response WHERE id > $after ORDER BY id LIMIT $limit)",
    { pattern, after, limit },
  );
  const last = rows.at(-1);
  return { ids: rows.filter((row) => flag(row, "fits")).map((row) => text(row, "id")), last: last && text(last, "id") };
}

/** Of these numbers, what else a search looks at. */
export function searchKeys(
  db: ReadableDb,
  pattern: string,
  after: number,
  until: number,
): ReadonlyMap<number, { readonly firstId: string; readonly secondId: string; readonly hasReason: boolean }> {
  const rows = db.all(
    `SELECT e.number, j.first_id, j.second_id, coalesce(j.rationale LIKE $pattern ESCAPE '\\', 0) AS fits
     FROM ledger_entry e JOIN judgment j ON j.id = e.judgment_id WHERE e.number > $after AND e.number <= $until`,
    { pattern, after, until },
  );
  return new Map(
    rows.map((row) => [number(row, "number"), { firstId: text(row, "first_id"), secondId: text(row, "second_id"), hasReason: flag(row, "fits") }]),
  );
}

export type AskFacts = {
  readonly shown: readonly ResponseId[];
  readonly rawReply: string | null;
  readonly templateVersion: string | null;
  readonly promptTokens: number | null;
  readonly replyTokens: number | null;
};

/** What the ledger's inspector shows of an ask beside its judgments. */
export function askFacts(db: ReadableDb, askId: AskId): AskFacts {
  const row = db.get("SELECT raw_reply, template_version, prompt_tokens, reply_tokens FROM ask WHERE id = $id", { id: askId }) ?? {};
  const shown = db.all("SELECT response_id FROM ask_response WHERE ask_id = $id ORDER BY position", { id: askId });
  return {
    shown: shown.map((one) => text(one, "response_id") as ResponseId),
    rawReply: textOrNull(row, "raw_reply"),
    templateVersion: textOrNull(row, "template_version"),
    promptTokens: numberOrNull(row, "prompt_tokens"),
    replyTokens: numberOrNull(row, "reply_tokens"),
  };
}

export function invalidCount(db: ReadableDb): number {
  return number(db.get("SELECT coalesce(sum(n), 0) AS n FROM verdict_count WHERE shown_verdict = 'invalid'") ?? { n: 0 }, "n");
}

export function ledgerRounds(db: ReadableDb): number[] {
  return db.all("SELECT number FROM round ORDER BY number").map((row) => number(row, "number"));
}
