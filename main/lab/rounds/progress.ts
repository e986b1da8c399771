/** Counts the units of a running attempt and tells the database and the watchers now and then. */
import type { Round, StageAttempt } from "#app/domain/round.ts";
import * as rounds from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { publishAttempt } from "./publish.ts";

export type Progress = {
  /** What is done already and what there is in all; null where that is not known yet. */
  begin(unitsDone: number, unitsTotal: number | null): void;
  /** Counts units that are durable: deaths of the engine before them are no longer in a row. */
  add(units?: number): void;
  /** Sets the count of units that are not durable by themselves (training steps between two checkpoints). */
  set(units: number): void;
  /** Something else than the units has changed, such as a count. */
  tell(): void;
  /** The judge does not answer; watchers are told until the next unit is done. */
  waitFor(sentence: string): void;
  /** Writes the count down; also called at the end of a run. */
  flush(): void;
};

/** The count reaches the database and the watchers at most this often; what is durable are the units themselves. */
const INTERVAL_MS = 250;

export function createProgress(lab: LabContext, round: Round, attempt: StageAttempt): Progress {
  const { db } = lab.store;
  let done = attempt.unitsDone;
  let total = attempt.unitsTotal;
  let toldAtMs = 0;
  let timer: NodeJS.Timeout | undefined;
  lab.rates.begin(attempt.id, lab.clock.nowMs());

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    rounds.setUnits(db, attempt.id, done, total);
  };
  const report = (): void => {
    toldAtMs = lab.clock.nowMs();
    flush();
    publishAttempt(lab, round, attempt, "stage.progressed");
  };
  /** The last of a burst is told too, after a while. */
  const tell = (): void => {
    const now = lab.clock.nowMs();
    lab.rates.note(attempt.id, done, now);
    if (now - toldAtMs >= INTERVAL_MS) report();
    else timer ??= setTimeout(report, INTERVAL_MS);
  };
  return {
    begin: (unitsDone, unitsTotal) => {
      [done, total] = [unitsDone, unitsTotal];
      lab.rates.begin(attempt.id, lab.clock.nowMs());
      flush();
    },
    add: (units = 1) => {
      done += units;
      lab.rates.wait(attempt.id, null);
      rounds.clearEngineDeaths(db, attempt.id);
      tell();
    },
    set: (units) => {
      done = units;
      tell();
    },
    tell,
    waitFor: (sentence) => {
      if (lab.rates.wait(attempt.id, sentence)) lab.events.publish({ type: "judge.wentSilent", message: sentence });
      tell();
    },
    flush,
  };
}
