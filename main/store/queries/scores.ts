/** Listwise scores, read ask by ask: scores of two asks are never compared. */
import type { AttemptId, PromptId, ResponseId } from "#app/base/ids.ts";
import { number, type ReadableDb, text } from "../database.ts";

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
