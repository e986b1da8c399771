/** Replayed pairs: which pairs of earlier rounds a run of the stage "pair" took in; and how often prompts have been sampled. */
import type { AttemptId, PairId, PromptId } from "#app/base/ids.ts";
import { number, type ReadableDb, text, type WritableDb } from "../database.ts";

export type ReplayedPair = { readonly pairId: PairId; readonly age: number };

/** In place of what an interrupted run of the same attempt left. */
export function replaceReplayed(db: WritableDb, attemptId: AttemptId, pairs: readonly ReplayedPair[]): void {
  db.transaction(() => {
    db.run("DELETE FROM replayed_pair WHERE attempt_id = $attempt_id", { attempt_id: attemptId });
    for (const { pairId, age } of pairs) {
      db.run("INSERT INTO replayed_pair (attempt_id, pair_id, age) VALUES ($attempt_id, $pair_id, $age)", {
        attempt_id: attemptId,
        pair_id: pairId,
        age,
      });
    }
  });
}

/** The newest first, and of a round in the order in which it made them. */
export function replayedOf(db: ReadableDb, attemptId: AttemptId): ReplayedPair[] {
  return db
    .all("SELECT pair_id, age FROM replayed_pair WHERE attempt_id = $attempt_id ORDER BY age, pair_id", { attempt_id: attemptId })
    .map((row) => ({ pairId: text(row, "pair_id") as PairId, age: number(row, "age") }));
}

/** Of the pairs that a run of the stage "pair" made or took in. */
export function pairedPromptIds(db: ReadableDb, attemptId: AttemptId): PromptId[] {
  return db
    .all(
      `SELECT prompt_id FROM preference_pair WHERE attempt_id = $attempt_id
       UNION SELECT p.prompt_id FROM replayed_pair r JOIN preference_pair p ON p.id = r.pair_id WHERE r.attempt_id = $attempt_id
       ORDER BY prompt_id`,
      { attempt_id: attemptId },
    )
    .map((row) => text(row, "prompt_id") as PromptId);
}

/** In how many rounds before one each prompt was sampled, by live runs; prompts that never were are left out. */
export function promptUses(db: ReadableDb, beforeRound: number): Map<PromptId, number> {
  const rows = db.all(
    `SELECT prompt_id, count(*) AS uses FROM (
       SELECT DISTINCT u.prompt_id, a.round_id FROM current_attempt a JOIN round r ON r.id = a.round_id JOIN (
         SELECT attempt_id, prompt_id FROM response WHERE attempt_id IS NOT NULL UNION ALL SELECT attempt_id, prompt_id FROM sample_skip
       ) u ON u.attempt_id = a.id
       WHERE a.stage = 'sample' AND r.number < $before)
     GROUP BY prompt_id`,
    { before: beforeRound },
  );
  return new Map(rows.map((row) => [text(row, "prompt_id") as PromptId, number(row, "uses")]));
}
