/** Circles in the verdicts on each prompt's answers, as the stage "pair" counted them. */
import type { AttemptId, PromptId } from "#app/base/ids.ts";
import type { CircleCounts } from "#app/statistics/count-circles.kernel.ts";
import { number, type ReadableDb, type Row, type WritableDb } from "../database.ts";

export type PromptCircles = CircleCounts & { readonly promptId: PromptId };

/** In place of what an interrupted run of the same attempt left; prompts without a decided triple are not kept. */
export function replaceCircles(db: WritableDb, attemptId: AttemptId, prompts: readonly PromptCircles[]): void {
  db.transaction(() => {
    db.run("DELETE FROM answer_circles WHERE attempt_id = $attempt_id", { attempt_id: attemptId });
    for (const { promptId, triples, circular, fourths, drawnIn } of prompts) {
      if (triples === 0) continue;
      db.run(
        `INSERT INTO answer_circles (attempt_id, prompt_id, triples, circular, fourths, drawn_in)
         VALUES ($attempt_id, $prompt_id, $triples, $circular, $fourths, $drawn_in)`,
        { attempt_id: attemptId, prompt_id: promptId, triples, circular, fourths, drawn_in: drawnIn },
      );
    }
  });
}

const SUMS = "sum(c.triples) AS triples, sum(c.circular) AS circular, sum(c.fourths) AS fourths, sum(c.drawn_in) AS drawn_in";
/** Runs that are done and of rounds as they are now. */
const LIVE = "answer_circles c JOIN current_attempt a ON a.id = c.attempt_id AND a.state = 'done'";

/** One entry a prompt, over all rounds that took it. */
export function circlesByPrompt(db: ReadableDb): CircleCounts[] {
  return db.all(`SELECT ${SUMS} FROM ${LIVE} GROUP BY c.prompt_id`).map(toCounts);
}

export function circlesByRound(db: ReadableDb): (CircleCounts & { readonly round: number })[] {
  return db
    .all(`SELECT r.number, ${SUMS} FROM ${LIVE} JOIN round r ON r.id = a.round_id GROUP BY r.number ORDER BY r.number`)
    .map((row) => ({ round: number(row, "number"), ...toCounts(row) }));
}

function toCounts(row: Row): CircleCounts {
  return {
    triples: number(row, "triples"),
    circular: number(row, "circular"),
    fourths: number(row, "fourths"),
    drawnIn: number(row, "drawn_in"),
  };
}
