/** Listwise scores, read ask by ask: scores of two asks are never compared. */
import type { AskId, AttemptId, PromptId, ResponseId } from "#app/base/ids.ts";
import { number, numberOrNull, type ReadableDb, text } from "../database.ts";

/** The scores of an attempt's answered asks by prompt; of several asks of one prompt the last of the plan. */
export function scoresByPrompt(db: ReadableDb, attemptId: AttemptId): Map<PromptId, ReadonlyMap<ResponseId, number>> {
  const rows = db.all(
    `SELECT k.id, k.prompt_id, s.response_id, s.score FROM score s JOIN ask k ON k.id = s.ask_id
     WHERE k.attempt_id = $attempt_id ORDER BY k.ordinal, s.response_id`,
    { attempt_id: attemptId },
  );
  const byPrompt = new Map<PromptId, ReadonlyMap<ResponseId, number>>();
  for (const ofAsk of Map.groupBy(rows, (row) => text(row, "id")).values()) {
    const [first] = ofAsk;
    // Ids come back as the kind that was stored in the column.
    const scores = new Map(ofAsk.map((row) => [text(row, "response_id") as ResponseId, number(row, "score")]));
    if (first !== undefined) byPrompt.set(text(first, "prompt_id") as PromptId, scores);
  }
  return byPrompt;
}

export type StoredList = {
  readonly askId: AskId;
  readonly round: number;
  readonly oracle: string;
  /** JSON of the prompt's messages. */
  readonly messages: string;
  readonly outcome: "answered" | "failed";
  /** As shown. */
  readonly scores: readonly number[];
  readonly askedAtMs: number | null;
  readonly durationMs: number | null;
  readonly costUsd: number | null;
};

/** Closed lists, newest first. */
export function scoredLists(db: ReadableDb, from: number, count: number): StoredList[] {
  return db
    .all(
      `SELECT k.id, k.outcome, k.asked_at, k.duration_ms, k.cost_usd, r.number AS round, o.name AS oracle, p.messages,
         (SELECT json_group_array(s.score ORDER BY x.position) FROM score s JOIN ask_response x ON x.ask_id = s.ask_id AND x.response_id = s.response_id
          WHERE s.ask_id = k.id) AS scores
       FROM (SELECT * FROM ask WHERE mode = 'listwise' AND outcome IN ('answered', 'failed') ORDER BY id DESC LIMIT $count OFFSET $from) k
         JOIN oracle o ON o.id = k.oracle_id JOIN prompt p ON p.id = k.prompt_id
         JOIN stage_attempt t ON t.id = k.attempt_id JOIN round r ON r.id = t.round_id ORDER BY k.id DESC`,
      { from, count },
    )
    .map((row) => ({
      askId: text(row, "id") as AskId,
      round: number(row, "round"),
      oracle: text(row, "oracle"),
      messages: text(row, "messages"),
      outcome: text(row, "outcome") as StoredList["outcome"], // the query lets no other pass
      scores: JSON.parse(text(row, "scores")) as readonly number[], // the column holds whole numbers
      askedAtMs: numberOrNull(row, "asked_at"),
      durationMs: numberOrNull(row, "duration_ms"),
      costUsd: numberOrNull(row, "cost_usd"),
    }));
}

export function scoredListCount(db: ReadableDb): number {
  const row = db.get("SELECT count(*) AS n FROM ask WHERE mode = 'listwise' AND outcome IN ('answered', 'failed')");
  return number(row ?? { n: 0 }, "n");
}
