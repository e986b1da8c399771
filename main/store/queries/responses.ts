/** Responses: one row a unit of sampling, written once. */
import { StoreError } from "#app/base/errors.ts";
import type { AttemptId, PolicyId, PromptId, ResponseId } from "#app/base/ids.ts";
import type { FinishReason, Response, ResponseSource } from "#app/domain/sampling.ts";
import { storeWords } from "#app/text/store.ts";
import { flag, number, numberOrNull, type ReadableDb, type Row, text, textOrNull, type WritableDb } from "../database.ts";
import { seenBy } from "./seen-imports.ts";

function encodeTokens(tokenIds: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(tokenIds).buffer);
}

function decodeTokens(row: Row): number[] {
  const blob = row["token_ids"];
  if (!(blob instanceof Uint8Array)) throw new StoreError(storeWords.notBytes);
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  return Array.from({ length: blob.byteLength / 4 }, (_, i) => view.getUint32(i * 4, true));
}

export function toResponse(row: Row): Response {
  return {
    id: text(row, "id") as ResponseId,
    promptId: text(row, "prompt_id") as PromptId,
    policyId: textOrNull(row, "policy_id") as PolicyId | null,
    attemptId: textOrNull(row, "attempt_id") as AttemptId | null,
    source: text(row, "source") as ResponseSource, // its CHECK allows just these words
    sampleIndex: number(row, "sample_index"),
    text: text(row, "text"),
    tokenIds: decodeTokens(row),
    finishReason: text(row, "finish_reason") as FinishReason, // its CHECK allows just these words
    logp: numberOrNull(row, "logp"),
    isRepetitive: flag(row, "is_repetitive"),
  };
}

/**
 * Writes a sampled response. The same unit again with the same tokens changes nothing; with others it is refused,
 * as a response is a function of its unit.
 */
export function insertResponse(db: WritableDb, response: Response): void {
  const tokens = encodeTokens(response.tokenIds);
  const changed = db.run(
    `INSERT INTO response (id, prompt_id, policy_id, attempt_id, source, sample_index, text, token_ids, finish_reason, logp, is_repetitive)
     VALUES ($id, $prompt_id, $policy_id, $attempt_id, $source, $sample_index, $text, $token_ids, $finish_reason, $logp, $is_repetitive)
     ON CONFLICT (attempt_id, policy_id, prompt_id, sample_index) WHERE attempt_id IS NOT NULL DO NOTHING`,
    {
      id: response.id,
      prompt_id: response.promptId,
      policy_id: response.policyId,
      attempt_id: response.attemptId,
      source: response.source,
      sample_index: response.sampleIndex,
      text: response.text,
      token_ids: tokens,
      finish_reason: response.finishReason,
      logp: response.logp,
      is_repetitive: response.isRepetitive ? 1 : 0,
    },
  );
  if (changed === 1) return;
  const stored = db.get(
    `SELECT token_ids = $token_ids AS is_same FROM response
     WHERE attempt_id = $attempt_id AND policy_id = $policy_id AND prompt_id = $prompt_id AND sample_index = $sample_index`,
    {
      token_ids: tokens,
      attempt_id: response.attemptId,
      policy_id: response.policyId,
      prompt_id: response.promptId,
      sample_index: response.sampleIndex,
    },
  );
  if (stored === undefined || !flag(stored, "is_same")) {
    throw new StoreError(storeWords.sampledTwice, { promptId: response.promptId, sampleIndex: response.sampleIndex });
  }
}

export function insertSkip(
  db: WritableDb,
  skip: {
    readonly attemptId: AttemptId;
    readonly policyId: PolicyId;
    readonly promptId: PromptId;
    readonly sampleIndex: number;
    readonly reason: string;
  },
): void {
  db.run(
    `INSERT INTO sample_skip (attempt_id, policy_id, prompt_id, sample_index, reason)
     VALUES ($attempt_id, $policy_id, $prompt_id, $sample_index, $reason) ON CONFLICT DO NOTHING`,
    { attempt_id: skip.attemptId, policy_id: skip.policyId, prompt_id: skip.promptId, sample_index: skip.sampleIndex, reason: skip.reason },
  );
}

/** Keys `promptId/sampleIndex` of the units of one policy that an attempt has finished, sampled or skipped. */
export function finishedUnits(db: ReadableDb, attemptId: AttemptId, policyId: PolicyId): Set<string> {
  const rows = db.all(
    `SELECT prompt_id, sample_index FROM response WHERE attempt_id = $attempt_id AND policy_id = $policy_id
     UNION ALL SELECT prompt_id, sample_index FROM sample_skip WHERE attempt_id = $attempt_id AND policy_id = $policy_id`,
    { attempt_id: attemptId, policy_id: policyId },
  );
  return new Set(rows.map((row) => unitKey(text(row, "prompt_id"), number(row, "sample_index"))));
}

export function unitKey(promptId: string, sampleIndex: number): string {
  return `${promptId}/${sampleIndex}`;
}

export function responsesOfAttempt(db: ReadableDb, attemptId: AttemptId): Response[] {
  return db
    .all("SELECT * FROM response WHERE attempt_id = $attempt_id ORDER BY prompt_id, policy_id, sample_index", { attempt_id: attemptId })
    .map(toResponse);
}

/** All, or those that a run sees (seen-imports.ts). */
export function teacherResponses(db: ReadableDb, attemptId?: AttemptId): Response[] {
  const { sql, params } = seenBy(attemptId, "response");
  return db.all(`SELECT * FROM response WHERE attempt_id IS NULL AND source = 'teacher' AND ${sql} ORDER BY prompt_id`, params).map(toResponse);
}

/** Prompts of a split that came with a teacher's response. */
export function taughtPromptCount(db: ReadableDb, split: string): number {
  const row = db.get(
    `SELECT count(DISTINCT r.prompt_id) AS n FROM response r JOIN prompt p ON p.id = r.prompt_id
     WHERE r.attempt_id IS NULL AND r.source = 'teacher' AND p.split = $split`,
    { split },
  );
  return row === undefined ? 0 : number(row, "n");
}

export function responseById(db: ReadableDb, id: ResponseId): Response {
  const row = db.get("SELECT * FROM response WHERE id = $id", { id });
  if (row === undefined) throw new StoreError(storeWords.noResponse(id));
  return toResponse(row);
}

export function sampleCounts(db: ReadableDb, attemptId: AttemptId): Record<string, number> {
  const row = db.get(
    `SELECT count(*) AS responses, coalesce(sum(length(token_ids) / 4), 0) AS tokens, coalesce(sum(is_repetitive), 0) AS defective,
       coalesce(sum(finish_reason = 'length'), 0) AS cut,
       (SELECT count(*) FROM sample_skip s WHERE s.attempt_id = $attempt_id) AS skipped
     FROM response WHERE attempt_id = $attempt_id`,
    { attempt_id: attemptId },
  );
  if (row === undefined) return {};
  return Object.fromEntries(["responses", "tokens", "defective", "cut", "skipped"].map((name) => [name, number(row, name)]));
}

/** The responses that an attempt's matches put against each other, whichever run sampled them. */
export function responsesOfMatches(db: ReadableDb, attemptId: AttemptId): Response[] {
  return db
    .all(
      `SELECT * FROM response WHERE id IN (
         SELECT first_response_id FROM evaluation_match WHERE attempt_id = $attempt_id
         UNION SELECT second_response_id FROM evaluation_match WHERE attempt_id = $attempt_id)`,
      { attempt_id: attemptId },
    )
    .map(toResponse);
}

/** In tokens, over what policies of this experiment have sampled; undefined before the first response. */
export function meanPolicyTokens(db: ReadableDb): number | undefined {
  const row = db.get("SELECT avg(length(token_ids) / 4) AS tokens FROM response WHERE source = 'policy'");
  return row === undefined ? undefined : (numberOrNull(row, "tokens") ?? undefined);
}

/** Over what policies of this experiment have sampled; undefined before the first response. */
export function meanPolicyLength(db: ReadableDb): { readonly characters: number; readonly bytes: number } | undefined {
  const row = db.get("SELECT avg(length(text)) AS characters, avg(octet_length(text)) AS bytes FROM response WHERE source = 'policy'");
  const characters = row === undefined ? null : numberOrNull(row, "characters");
  return row === undefined || characters === null ? undefined : { characters, bytes: number(row, "bytes") };
}
