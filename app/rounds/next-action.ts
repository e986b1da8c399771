/** The round as a state machine: what its live attempts say is to be done next. */
import { type Stage, type StageAttempt, STAGES } from "#app/domain/round.ts";

/** The live (not superseded) attempt of each stage that has one. */
export type LiveAttempts = ReadonlyMap<Stage, StageAttempt>;

export type NextAction =
  /** Start a first attempt at the stage. */
  | { readonly kind: "begin"; readonly stage: Stage }
  /** Go on with the attempt: queued, paused, failed, or left running by a process that is gone. */
  | { readonly kind: "continue"; readonly attempt: StageAttempt }
  /** All stages up to the wanted one are done. */
  | { readonly kind: "done" };

/** The first stage in order that is not done, up to and including `until`. */
export function nextAction(live: LiveAttempts, until: Stage = "evaluate"): NextAction {
  for (const stage of STAGES.slice(0, STAGES.indexOf(until) + 1)) {
    const attempt = live.get(stage);
    if (attempt === undefined) return { kind: "begin", stage };
    if (attempt.state !== "done") return { kind: "continue", attempt };
  }
  return { kind: "done" };
}

export function isRoundDone(live: LiveAttempts): boolean {
  return nextAction(live).kind === "done";
}
