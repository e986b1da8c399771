/** Which training checkpoints stay, and the removal of the others once a run is done. */
import { STAGE_COUNT } from "#app/domain/stage-counts.ts";
import { toLabError } from "#app/base/errors.ts";
import type { AttemptId, ContentHash } from "#app/base/ids.ts";
import type { TrainingSettings } from "#app/domain/training.ts";
import { bestCheckpoint, stepLossOf } from "#app/training/best-checkpoint.ts";
import { upkeepWords } from "#app/text/upkeep.ts";
import { type TrainingRunFiles, trainingRuns } from "#main/store/queries/garbage.ts";
import { metricsOf } from "#main/store/queries/results.ts";
import { configOfAttempt, countsOf, setCounts } from "#main/store/queries/rounds.ts";
import { type KeptCheckpoint, trainingCheckpoints, trainingStopOf } from "#main/store/queries/training.ts";
import type { LabContext } from "./context.ts";

/** Of each run that is done, so many checkpoints stay. Of one that is not, the newest and the best always do. */
type Keep = TrainingSettings["keepCheckpoints"];

export type OldCheckpoint = KeptCheckpoint & { readonly run: TrainingRunFiles };

/**
 * Training checkpoints that no run goes on from, oldest round first. `keep` stands over what each run was set to. One that
 * two runs share stays as long as one of them needs it.
 */
export function oldCheckpoints(lab: LabContext, keep?: number): OldCheckpoint[] {
  const { db } = lab.store;
  const runs = trainingRuns(db).map((run) => ({ run, checkpoints: trainingCheckpoints(db, run.attemptId) }));
  const needed = new Set<ContentHash>(
    runs.flatMap(({ run, checkpoints }) => neededOf(lab, run, checkpoints, keep ?? settingOf(lab, run)).map(({ artefact }) => artefact)),
  );
  const seen = new Set<ContentHash>();
  return runs.flatMap(({ run, checkpoints }) =>
    checkpoints.flatMap((checkpoint) => {
      if (needed.has(checkpoint.artefact) || seen.has(checkpoint.artefact)) return [];
      seen.add(checkpoint.artefact);
      return [{ ...checkpoint, run }];
    }),
  );
}

/**
 * To be called when a training run is done and its policy recorded: removes what nothing goes on from any more. What cannot
 * be removed is said, and stops nothing; it is found again by the next look for garbage.
 */
export async function applyRetention(lab: LabContext, attemptId: AttemptId): Promise<void> {
  const old = oldCheckpoints(lab).filter(({ run }) => isOver(run) && settingOf(lab, run) !== "all");
  const failures: string[] = [];
  for (const { artefact, run, step } of old) {
    try {
      await lab.store.artefacts.remove(artefact);
    } catch (thrown) {
      failures.push(upkeepWords.notRemoved(run.round, step, toLabError(thrown).message));
    }
  }
  const [first] = failures;
  if (first === undefined) return;
  const { db } = lab.store;
  setCounts(db, attemptId, { ...countsOf(db, attemptId), [STAGE_COUNT.checkpointsNotRemoved]: failures.length });
  lab.events.publish({ type: "checkpoints.notRemoved", count: failures.length, message: first });
}

/** Nothing goes on from its checkpoints. */
function isOver({ state }: TrainingRunFiles): boolean {
  return state === "done" || state === "superseded";
}

function settingOf(lab: LabContext, { attemptId }: TrainingRunFiles): Keep {
  return configOfAttempt(lab.store.db, attemptId).training.keepCheckpoints;
}

/** `checkpoints` in the order of their steps. */
function neededOf(lab: LabContext, run: TrainingRunFiles, checkpoints: readonly KeptCheckpoint[], keep: Keep): readonly KeptCheckpoint[] {
  if (run.state === "superseded") return [];
  if (keep === "all") return checkpoints;
  const best = bestStep(lab, run, checkpoints);
  const [bestOnes, others] = [checkpoints.filter(({ step }) => step === best), checkpoints.filter(({ step }) => step !== best)];
  // A run that is done needs none to go on from, so the best comes first.
  if (run.state === "done") return keep === 0 ? [] : [...bestOnes, ...newest(others, keep - bestOnes.length)];
  return [...bestOnes, ...newest(checkpoints, Math.max(1, keep))];
}

/** Where a run was ended early, the step of which its policy is. */
function bestStep({ store: { db } }: LabContext, { attemptId }: TrainingRunFiles, checkpoints: readonly KeptCheckpoint[]): number | undefined {
  const kept = trainingStopOf(db, attemptId)?.kept;
  if (kept !== undefined && kept !== null) return kept.step;
  return bestCheckpoint(
    checkpoints.map(({ step }) => step),
    metricsOf(db, attemptId).map(stepLossOf),
  )?.step;
}

function newest(checkpoints: readonly KeptCheckpoint[], count: number): readonly KeptCheckpoint[] {
  return count <= 0 ? [] : checkpoints.slice(-count);
}
