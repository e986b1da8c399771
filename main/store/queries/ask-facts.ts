/** Everything that the database knows of one ask, for whoever opens it in the ledger. */
import { StoreError } from "#app/base/errors.ts";
import type { AskId, ResponseId } from "#app/base/ids.ts";
import type { Judgment } from "#app/domain/ask.ts";
import { storeWords } from "#app/text/store.ts";
import { flag, number, numberOrNull, type ReadableDb, text, textOrNull } from "../database.ts";
import { askById, type StoredAsk } from "./asks.ts";
import { toJudgment } from "./judgments.ts";

export type FactsOfAsk = {
  readonly ask: StoredAsk;
  readonly facts: {
    readonly round: number;
    readonly stage: string;
    readonly oracle: string;
    readonly rawReply: string | null;
    readonly promptTokens: number | null;
    readonly replyTokens: number | null;
    readonly costUsd: number | null;
    readonly askedAtMs: number | null;
    readonly durationMs: number | null;
  };
  /** Oldest first. */
  readonly judgments: readonly { readonly judgment: Judgment; readonly author: string; readonly isLive: boolean }[];
  readonly scoreByResponse: ReadonlyMap<ResponseId, number>;
  readonly policyByResponse: ReadonlyMap<ResponseId, string>;
};

/** Throws NotFoundError for an unknown ask. */
export function factsOfAsk(db: ReadableDb, id: AskId): FactsOfAsk {
  const ask = askById(db, id);
  const row = db.get(
    `SELECT k.*, r.number AS round, t.stage, o.name AS oracle FROM ask k JOIN oracle o ON o.id = k.oracle_id
     JOIN stage_attempt t ON t.id = k.attempt_id JOIN round r ON r.id = t.round_id WHERE k.id = $id`,
    { id },
  );
  if (row === undefined) throw new StoreError(storeWords.askNamesNothing(id));
  const judgments = db.all(
    `SELECT j.*, a.name AS author, EXISTS (SELECT 1 FROM current_judgment c WHERE c.id = j.id) AS is_live
     FROM judgment j JOIN author a ON a.id = j.author_id WHERE j.ask_id = $id ORDER BY j.sequence, j.id`,
    { id },
  );
  const scores = db.all("SELECT response_id, score FROM score WHERE ask_id = $id", { id });
  const policies = db.all(
    `SELECT s.response_id, p.name FROM ask_response s JOIN response r ON r.id = s.response_id JOIN policy p ON p.id = r.policy_id WHERE s.ask_id = $id`,
    { id },
  );
  return {
    ask,
    facts: {
      round: number(row, "round"),
      stage: text(row, "stage"),
      oracle: text(row, "oracle"),
      rawReply: textOrNull(row, "raw_reply"),
      promptTokens: numberOrNull(row, "prompt_tokens"),
      replyTokens: numberOrNull(row, "reply_tokens"),
      costUsd: numberOrNull(row, "cost_usd"),
      askedAtMs: numberOrNull(row, "asked_at"),
      durationMs: numberOrNull(row, "duration_ms"),
    },
    judgments: judgments.map((one) => ({ judgment: toJudgment(one), author: text(one, "author"), isLive: flag(one, "is_live") })),
    // Ids come back as the kind that was stored in the column.
    scoreByResponse: new Map(scores.map((one) => [text(one, "response_id") as ResponseId, number(one, "score")])),
    policyByResponse: new Map(policies.map((one) => [text(one, "response_id") as ResponseId, text(one, "name")])),
  };
}
