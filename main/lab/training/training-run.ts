/** A training run as it is shown: settings, durable checkpoints with their measure, and what the curves mean. */
import type { TrainingRunView } from "#app/contract/training.ts";
import type { LossSettings } from "#app/domain/loss.ts";
import { STAGE_COUNT } from "#app/domain/stage-counts.ts";
import type { StageAttempt } from "#app/domain/round.ts";
import { bestCheckpoint, checkpointMeasure, measureText, stepLossOf } from "#app/training/best-checkpoint.ts";
import { type CurveRow, type CurveFacts, READ_STEPS, readCurves, startLossOf } from "#app/training/read-curves.ts";
import type { ReadableDb } from "#main/store/database.ts";
import { metricsOf } from "#main/store/queries/results.ts";
import { configOfAttempt, countsOf, listRounds, liveAttempts } from "#main/store/queries/rounds.ts";
import { trainingCheckpoints, trainingStopOf } from "#main/store/queries/training.ts";

export function trainingRunView(db: ReadableDb, round: number, attempt: StageAttempt): TrainingRunView {
  const { training } = configOfAttempt(db, attempt.id);
  const rows = metricsOf(db, attempt.id);
  const losses = rows.map(stepLossOf);
  const checkpoints = trainingCheckpoints(db, attempt.id);
  const steps = checkpoints.map((checkpoint) => checkpoint.step);
  const best = bestCheckpoint(steps, losses);
  const stop = trainingStopOf(db, attempt.id);
  const counts = countsOf(db, attempt.id);
  return {
    round,
    attemptId: attempt.id,
    attemptNumber: attempt.number,
    state: attempt.state,
    startedAtMs: attempt.startedAtMs,
    pairs: counts[STAGE_COUNT.pairs] ?? null,
    heldOutPairs: counts[STAGE_COUNT.heldOutPairs] ?? 0,
    droppedPairs: counts[STAGE_COUNT.droppedPairs] ?? 0,
    loss: training.loss,
    adapterRank: training.adapter.rank,
    learningRate: training.learningRate,
    startLoss: startLossOf(training.loss) ?? null,
    checkpoints: checkpoints.map(({ step, atMs, sizeBytes }) => ({
      step,
      atMs,
      sizeBytes,
      loss: checkpointMeasure(losses, step) ?? null,
      isBest: step === best?.step,
    })),
    checkpointEverySteps: training.checkpointEverySteps,
    measure: measureText(losses),
    isStopRequested: stop !== undefined,
    kept: stop?.kept ?? null,
    readings: readCurves({
      rows,
      loss: training.loss,
      sftWeight: training.sftWeight,
      maxGradNorm: training.maxGradNorm,
      epochs: training.epochs,
      isDone: attempt.state === "done",
      error: attempt.state === "failed" ? attempt.error : null,
      lastCheckpointStep: steps.at(-1) ?? null,
      earlier: earlierRun(db, round, training.loss),
    }).map((reading) => ({ ...reading })),
    readSteps: READ_STEPS,
  };
}

/** The newest round before that has curves of the same loss with the same settings: others are on another scale. */
function earlierRun(db: ReadableDb, before: number, loss: LossSettings): CurveFacts["earlier"] {
  for (const round of listRounds(db).toReversed()) {
    if (round.number >= before) continue;
    const attempt = liveAttempts(db, round.id).get("train");
    if (attempt === undefined || JSON.stringify(configOfAttempt(db, attempt.id).training.loss) !== JSON.stringify(loss)) continue;
    const rows: readonly CurveRow[] = metricsOf(db, attempt.id);
    if (rows.length > 0) return { round: round.number, rows };
  }
  return null;
}
