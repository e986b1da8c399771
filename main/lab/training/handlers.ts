/** The contract's area "training": the numbers of training runs, what they mean, and an early end. */
import { ConflictError } from "#app/base/errors.ts";
import type { StageAttempt } from "#app/domain/round.ts";
import { roundWords } from "#app/text/rounds.ts";
import { measureText, stepLossOf } from "#app/training/best-checkpoint.ts";
import type { ReadableDb } from "#main/store/database.ts";
import { metricsOf } from "#main/store/queries/results.ts";
import { liveAttempts, roundByNumber } from "#main/store/queries/rounds.ts";
import { requestTrainingStop } from "#main/store/queries/training.ts";
import type { LabContext } from "../context.ts";
import { api } from "../roles.ts";
import { trainingRunView } from "./training-run.ts";

export function trainingHandlers(lab: LabContext) {
  const { db } = lab.store;
  const liveRun = (round: number): StageAttempt | undefined => liveAttempts(db, roundByNumber(db, round).id).get("train");
  return {
    metrics: api.training.metrics.handler(({ input }) => {
      const attempt = liveRun(input.round);
      if (attempt === undefined) return [];
      return metricsOf(db, attempt.id, input.afterStep).map(({ step, values }) => ({ step, values: { ...values } }));
    }),
    run: api.training.run.handler(({ input }) => {
      const attempt = liveRun(input.round);
      return attempt === undefined ? null : trainingRunView(db, input.round, attempt);
    }),
    stopWithBest: api.training.stopWithBest.handler(({ input }) => {
      const attempt = liveRun(input.round);
      requireStoppable(db, input.round, attempt);
      requestTrainingStop(db, attempt.id, lab.clock.nowMs());
      lab.events.publish({ type: "training.changed", round: input.round });
      return { measure: measureText(metricsOf(db, attempt.id).map(stepLossOf)) };
    }),
  };
}

function requireStoppable(db: ReadableDb, round: number, attempt: StageAttempt | undefined): asserts attempt is StageAttempt {
  if (attempt === undefined) throw new ConflictError(roundWords.trainingNotBegun(round));
  if (attempt.state === "done") throw new ConflictError(roundWords.trainingDone(round));
  if (metricsOf(db, attempt.id).length === 0) throw new ConflictError(roundWords.noStepYet(round));
}
