/** Several rounds on one request: which one is to be the last, and why the next could not be begun. */
import { number, type ReadableDb, textOrNull, type WritableDb } from "../database.ts";

export type RoundSeries = {
  readonly firstRound: number;
  readonly lastRound: number;
  readonly askedAtMs: number;
  /** Why the round after the last one that is done could not be begun; null where nothing stood in its way. */
  readonly problem: string | null;
};

/** The request that has not come to its end; undefined where each round is asked for by itself. */
export function openSeries(db: ReadableDb): RoundSeries | undefined {
  const row = db.get("SELECT first_round, last_round, asked_at, problem FROM round_series WHERE ended_at IS NULL");
  return (
    row && {
      firstRound: number(row, "first_round"),
      lastRound: number(row, "last_round"),
      askedAtMs: number(row, "asked_at"),
      problem: textOrNull(row, "problem"),
    }
  );
}

/** In place of a request that is still open. */
export function beginSeries(
  db: WritableDb,
  series: { readonly id: string; readonly firstRound: number; readonly lastRound: number },
  nowMs: number,
): void {
  db.transaction(() => {
    endSeries(db, nowMs);
    db.run("INSERT INTO round_series (id, first_round, last_round, asked_at) VALUES ($id, $first_round, $last_round, $now)", {
      id: series.id,
      first_round: series.firstRound,
      last_round: series.lastRound,
      now: nowMs,
    });
  });
}

/** False if none was open. */
export function endSeries(db: WritableDb, nowMs: number): boolean {
  return db.run("UPDATE round_series SET ended_at = $now WHERE ended_at IS NULL", { now: nowMs }) > 0;
}

export function setLastRound(db: WritableDb, lastRound: number): void {
  db.run("UPDATE round_series SET last_round = $last_round, problem = NULL WHERE ended_at IS NULL", { last_round: lastRound });
}

export function noteSeriesProblem(db: WritableDb, problem: string | null): void {
  db.run("UPDATE round_series SET problem = $problem WHERE ended_at IS NULL", { problem });
}
