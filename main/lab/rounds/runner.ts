/** Runs the stages of the open round one after another: started, paused, resumed and recovered from what the database says. */
import { BudgetError, CancelledError, ConflictError, toLabError } from "#app/base/errors.ts";
import type { AttemptId } from "#app/base/ids.ts";
import { type Round, type Stage, type StageAttempt, stageSchema, STAGES } from "#app/domain/round.ts";
import { isRoundDone, nextAction } from "#app/rounds/next-action.ts";
import { roundWords } from "#app/text/rounds.ts";
import { endSeries } from "#main/store/queries/round-series.ts";
import * as rounds from "#main/store/queries/rounds.ts";
import { getSetting, setSetting } from "#main/store/queries/settings.ts";
import { resultsOf } from "../evaluations/summary.ts";
import type { LabContext } from "../context.ts";
import { beginAttempt, presentConfig } from "./attempts.ts";
import { beginComparison, type ComparisonRequest, openComparison } from "./comparison.ts";
import { openRound } from "./open-round.ts";
import { hasNext, noteRequest, openNext, requireWhole, type RoundRequest } from "./series.ts";
import { isAnsweredByPeople, isComparisonAnswered, waitsForPeople } from "./people.ts";
import { publishStage } from "./publish.ts";
import { requireInputs } from "./requirements.ts";
import { runStage } from "./run-stage.ts";

export type Settled = {
  readonly state: "idle" | "done" | "paused" | "failed" | "waitsForPeople";
  readonly error: string | null;
};

export type Runner = {
  /**
   * Goes on with the open round, or makes the next one, and runs it up to and including `until`; of several each next one
   * when the last is done. Returns the number of the first.
   */
  start(request?: RoundRequest): number;
  /** Goes on where the last round was paused, failed or killed, as far as it was to go. Returns its number. */
  resume(): number;
  /** Supersedes a stage of the last round and those after it, and runs them again. Returns its number. */
  redo(stage: Stage): number;
  /** Compares policies that have not met, beside the rounds; goes on with a comparison that was interrupted. */
  compare(request: ComparisonRequest): void;
  /** Drops a comparison that is not done. False if there is none. */
  giveUpComparison(): boolean;
  /** Whether a round or a comparison runs now. */
  isRunning(): boolean;
  /** Stops at the next unit of work; resolves when nothing runs. False if nothing ran. */
  pause(): Promise<boolean>;
  /** Stops at once: the engine's process ends in the middle of its work, which is done again from the last durable record. False if nothing ran. */
  stop(): Promise<boolean>;
  /** Resolves with the outcome of what runs now, or ran last. */
  settle(): Promise<Settled>;
  /** People have answered: goes on if that was the last answer for which the round was waiting. */
  goOnAfterPeople(): void;
};

type Work = "rounds" | "comparison";
type Run = { readonly abort: AbortController; readonly settled: Promise<Settled> };

/** How far the round was asked to go, so that a later process goes on as far and no further. */
const UNTIL = "round.until";

export function createRunner(lab: LabContext): Runner {
  const { db } = lab.store;
  let current: Run | undefined;
  let last = settledBefore(lab);

  const launch = (round: Round, until: Stage): number => {
    setSetting(db, UNTIL, until);
    begin("rounds", (signal) => runRounds(lab, round, until, signal));
    return round.number;
  };
  const beginComparing = (attempt: StageAttempt): void => {
    begin("comparison", (signal) => runAttempt(lab, rounds.roundById(db, attempt.roundId), attempt, signal));
  };
  const begin = (kind: Work, work: (signal: AbortSignal) => Promise<Settled>): void => {
    const abort = new AbortController();
    const settled = work(abort.signal)
      .catch((thrown: unknown): Settled => ({ state: "failed", error: toLabError(thrown).message }))
      .then((outcome) => {
        current = undefined;
        last = outcome;
        lab.events.publish({ type: "experiment.changed" });
        // Last answers that came meanwhile found the runner busy. Whoever paused it, or closes the lab, wants nothing to
        // run; and what failed waits for somebody to go on with it.
        if (!abort.signal.aborted) goOnAfterPeople(outcome.state === "failed" ? kind : undefined);
        return outcome;
      });
    current = { abort, settled };
    lab.events.publish({ type: "experiment.changed" });
  };
  const goOnAfterPeople = (except?: Work): void => {
    const round = rounds.lastRound(db);
    if (current !== undefined || round === undefined) return;
    const comparison = openComparison(lab);
    if (except !== "rounds" && isAnsweredByPeople(lab, round)) begin("rounds", (signal) => runRounds(lab, round, storedUntil(lab), signal));
    else if (except !== "comparison" && comparison !== undefined && isComparisonAnswered(lab)) beginComparing(comparison);
  };
  const requireIdle = (): void => {
    if (current !== undefined) throw new ConflictError(roundWords.alreadyRunning);
  };
  const requireRound = (): Round => {
    const round = rounds.lastRound(db);
    if (round === undefined) throw new ConflictError(roundWords.noneStarted);
    return round;
  };

  const pause = async (): Promise<boolean> => {
    if (current === undefined) return false;
    rounds.requestPause(db);
    announcePause(lab);
    current.abort.abort();
    await current.settled;
    return true;
  };

  return {
    start: (request = {}) => {
      requireIdle();
      requireWhole(request);
      const { until = "evaluate" } = request;
      const round = db.transaction(() => {
        const opened = openRound(lab, until);
        noteRequest(lab, opened, request);
        return opened;
      });
      return launch(round, until);
    },
    resume: () => {
      requireIdle();
      const round = requireRound();
      const until = storedUntil(lab);
      const isDone = nextAction(rounds.liveAttempts(db, round.id), until).kind === "done";
      if (isDone && !(until === "evaluate" && hasNext(lab, round))) {
        throw new ConflictError(roundWords.nothingToResume(round.number, until === "evaluate" ? null : until));
      }
      return launch(round, until);
    },
    redo: (stage) => {
      requireIdle();
      const round = requireRound();
      const live = rounds.liveAttempts(db, round.id);
      if (!live.has(stage)) throw new ConflictError(roundWords.notRunYet(stage, round.number));
      const until = furthest([stage, storedUntil(lab), ...live.keys()]);
      const hit = STAGES.slice(STAGES.indexOf(stage));
      requireInputs(lab, presentConfig(lab), round.number, until, new Map([...live].filter(([kept]) => !hit.includes(kept))));
      rounds.supersedeFrom(db, round.id, stage, lab.clock.nowMs());
      for (const one of hit) publishStage(lab, round, one, "stage.changed");
      lab.events.publish({ type: "queue.changed" });
      return launch(round, until);
    },
    compare: (request) => {
      requireIdle();
      beginComparing(openComparison(lab) ?? beginComparison(lab, request));
    },
    giveUpComparison: () => {
      requireIdle();
      const attempt = openComparison(lab);
      if (attempt === undefined) return false;
      rounds.supersedeAttempt(db, attempt.id, lab.clock.nowMs());
      lab.events.publish({ type: "queue.changed" });
      lab.events.publish({ type: "results.changed" });
      return true;
    },
    pause,
    stop: async () => {
      const pausing = pause();
      // The abort came first, so that the death of the engine is what was asked for, not one that is counted.
      if (current !== undefined) await lab.engine.stop();
      return await pausing;
    },
    isRunning: () => current !== undefined,
    settle: () => current?.settled ?? Promise.resolve(last),
    goOnAfterPeople,
  };
}

/** One round, and those that follow it on the same request. */
async function runRounds(lab: LabContext, first: Round, until: Stage, signal: AbortSignal): Promise<Settled> {
  for (let round = first; ; round = await openNext(lab)) {
    const outcome = await runRound(lab, round.number, until, signal);
    if (outcome.state !== "done" || until !== "evaluate") return outcome;
    if (!hasNext(lab, round)) {
      endSeries(lab.store.db, lab.clock.nowMs());
      return outcome;
    }
    if (signal.aborted) return { state: "paused", error: null };
  }
}

async function runRound(lab: LabContext, roundNumber: number, until: Stage, signal: AbortSignal): Promise<Settled> {
  const { db } = lab.store;
  for (;;) {
    const round = rounds.roundByNumber(db, roundNumber);
    const action = nextAction(rounds.liveAttempts(db, round.id), until);
    if (action.kind === "done") return { state: "done", error: null };
    if (signal.aborted) return { state: "paused", error: null };
    const attempt = action.kind === "begin" ? beginStage(lab, round, action.stage) : action.attempt;
    const outcome = await runAttempt(lab, round, attempt, signal);
    if (outcome.state !== "done") return outcome;
  }
}

/** Settings may have been changed since the round was started. Throws, and begins nothing, where they do not fit each other. */
function beginStage(lab: LabContext, round: Round, stage: Stage): StageAttempt {
  requireInputs(lab, presentConfig(lab), round.number, stage, rounds.liveAttempts(lab.store.db, round.id));
  return beginAttempt(lab, round, stage);
}

async function runAttempt(lab: LabContext, round: Round, attempt: StageAttempt, signal: AbortSignal): Promise<Settled> {
  try {
    const outcome = await runStage(lab, round, attempt, signal);
    if (outcome === "waitsForPeople") return { state: "waitsForPeople", error: null };
  } catch (thrown) {
    if (thrown instanceof CancelledError) return { state: "paused", error: null };
    if (thrown instanceof BudgetError) return { state: "paused", error: thrown.message };
    return { state: "failed", error: toLabError(thrown).message };
  }
  if (attempt.stage === "evaluate") await keepResults(lab, attempt.id);
  return { state: "done", error: null };
}

/** What came of an evaluation is computed at its end, so that nobody waits for it later. */
async function keepResults(lab: LabContext, attemptId: AttemptId): Promise<void> {
  await resultsOf(lab, rounds.configOfAttempt(lab.store.db, attemptId).evaluation.split);
  lab.events.publish({ type: "results.changed" });
}

function announcePause(lab: LabContext): void {
  const round = rounds.lastRound(lab.store.db);
  if (round === undefined) return;
  for (const [stage, attempt] of rounds.liveAttempts(lab.store.db, round.id)) {
    if (attempt.isPauseRequested) publishStage(lab, round, stage, "stage.changed");
  }
}

/** Where the round stands for a process that has run nothing of it yet. */
function settledBefore(lab: LabContext): Settled {
  const { db } = lab.store;
  const round = rounds.lastRound(db);
  if (round === undefined) return { state: "idle", error: null };
  const live = rounds.liveAttempts(db, round.id);
  const comparison = openComparison(lab);
  if ([...live.values(), ...(comparison === undefined ? [] : [comparison])].some((attempt) => waitsForPeople(lab, attempt)))
    return { state: "waitsForPeople", error: null };
  return { state: isRoundDone(live) ? "done" : "idle", error: null };
}

function storedUntil(lab: LabContext): Stage {
  const stored = stageSchema.safeParse(getSetting(lab.store.db, UNTIL));
  return stored.success ? stored.data : "evaluate";
}

function furthest(stages: readonly Stage[]): Stage {
  return stages.reduce((furthestYet, stage) => (STAGES.indexOf(stage) > STAGES.indexOf(furthestYet) ? stage : furthestYet));
}
