/** Runs one attempt at a stage: state changes, deaths of the engine, and the choice of the stage's own code. */
import { BudgetError, CancelledError, EngineError, type LabError, toLabError } from "#app/base/errors.ts";
import type { Round, Stage, StageAttempt } from "#app/domain/round.ts";
import { roundWords } from "#app/text/rounds.ts";
import { isComparison } from "#main/store/queries/matches.ts";
import * as rounds from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { applyRetention } from "../retention.ts";
import { failedDevice } from "../engine-options.ts";
import { createProgress } from "./progress.ts";
import { publishAttempt } from "./publish.ts";
import { fallBack, lastDevice } from "./run-device.ts";
import type { StageOutcome, StageRun } from "./stage-run.ts";
import { runComparison } from "./stages/compare.ts";
import { runEvaluate } from "./stages/evaluate.ts";
import { runJudge } from "./stages/judge.ts";
import { runPair } from "./stages/pair.ts";
import { runSample } from "./stages/sample.ts";
import { runTrain } from "./stages/train.ts";

/** After so many deaths of the engine in a row the stage stops with the reason. */
const MAX_ENGINE_DEATHS = 3;

const stages: { readonly [S in Stage]: (run: StageRun) => Promise<StageOutcome> } = {
  sample: runSample,
  judge: runJudge,
  pair: runPair,
  train: runTrain,
  evaluate: runEvaluate,
};

/** Resolves when the attempt is done or waits for people; throws CancelledError when paused, else what stopped it. */
export async function runStage(lab: LabContext, round: Round, attempt: StageAttempt, signal: AbortSignal): Promise<StageOutcome> {
  const { db } = lab.store;
  // Whoever goes on with a failed run gives the engine its three lives anew.
  if (attempt.state === "failed") rounds.clearEngineDeaths(db, attempt.id);
  rounds.startAttempt(db, attempt.id, lab.clock.nowMs());
  const run: StageRun = {
    lab,
    round,
    attempt,
    config: rounds.configOfAttempt(db, attempt.id),
    signal,
    progress: createProgress(lab, round, attempt),
  };
  publishAttempt(lab, round, attempt, "stage.changed");
  try {
    const outcome = await withRestarts(run);
    run.progress.flush();
    if (outcome === "done") rounds.finishAttempt(db, attempt.id, lab.clock.nowMs());
    if (outcome === "done" && attempt.stage === "train") await applyRetention(lab, attempt.id);
    return outcome;
  } catch (thrown) {
    run.progress.flush();
    if (thrown instanceof CancelledError || signal.aborted) {
      rounds.pauseAttempt(db, attempt.id, lab.clock.nowMs());
      throw thrown instanceof CancelledError ? thrown : new CancelledError();
    }
    if (thrown instanceof BudgetError) rounds.pauseAttempt(db, attempt.id, lab.clock.nowMs(), thrown.message);
    else rounds.failAttempt(db, attempt.id, toLabError(thrown).message, lab.clock.nowMs());
    throw thrown;
  } finally {
    lab.rates.end(attempt.id);
    publishAttempt(lab, round, attempt, "stage.changed");
  }
}

/**
 * A dead engine is started anew from the last durable record; the third death in a row stops the stage. So is a run whose
 * device failed, on the CPU.
 */
async function withRestarts(run: StageRun): Promise<StageOutcome> {
  const { lab, attempt } = run;
  for (;;) {
    try {
      return isComparison(lab.store.db, attempt.id) ? await runComparison(run) : await stages[attempt.stage](run);
    } catch (thrown) {
      if (run.signal.aborted) throw thrown;
      const failed = failedDevice(thrown, lastDevice(lab, attempt.id));
      if (failed !== undefined) {
        fallBack(lab, attempt.id, failed, toLabError(thrown));
        publishAttempt(lab, run.round, attempt, "stage.changed");
        continue;
      }
      if (!isEngineDeath(thrown)) throw thrown;
      const deaths = rounds.countEngineDeath(lab.store.db, attempt.id);
      lab.events.publish({ type: "engine.died", deaths, message: thrown.message });
      if (deaths >= MAX_ENGINE_DEATHS) {
        throw new EngineError(roundWords.engineDied(deaths, thrown.message), {}, { cause: thrown });
      }
    }
  }
}

function isEngineDeath(thrown: unknown): thrown is LabError {
  return thrown instanceof EngineError && thrown.details["died"] === true;
}
