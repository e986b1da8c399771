/** What the code of a stage is handed, and how it ends. */
import { CancelledError } from "#app/base/errors.ts";
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import type { Round, StageAttempt } from "#app/domain/round.ts";
import type { LabContext } from "../context.ts";
import type { Progress } from "./progress.ts";

/** waitsForPeople: nothing more can be done here until people have judged; the attempt stays running. */
export type StageOutcome = "done" | "waitsForPeople";

export type StageRun = {
  readonly lab: LabContext;
  readonly round: Round;
  readonly attempt: StageAttempt;
  /** The configuration that the attempt resolved when it was made. */
  readonly config: ExperimentConfig;
  readonly signal: AbortSignal;
  readonly progress: Progress;
};

/** Between two units of work: honours a pause. */
export function checkPaused(run: StageRun): void {
  if (run.signal.aborted) throw new CancelledError();
}
