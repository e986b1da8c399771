/** Rounds and stages as the lab shows them, for tests of what the page makes of them. */
import type { ExperimentView, RoundView, StageView, WinRateView } from "#app/contract/views.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { STAGES } from "#app/domain/round.ts";

export function stageView(changes: Partial<StageView> = {}): StageView {
  return {
    stage: "sample",
    attemptId: null,
    attemptNumber: null,
    state: "waiting",
    waitsForPeople: false,
    judgeSilence: null,
    isPauseRequested: false,
    unit: "responses",
    unitsDone: 0,
    unitsTotal: null,
    activeMs: 0,
    costUsd: null,
    rate: null,
    remainingMs: null,
    error: null,
    counts: {},
    remarks: [],
    ...changes,
  };
}

/** Stages in order; the changes of each, by name. */
export function roundView(changes: Partial<RoundView> = {}, stages: Partial<Record<StageView["stage"], Partial<StageView>>> = {}): RoundView {
  return {
    number: 1,
    policy: "r0",
    newPolicy: null,
    stages: STAGES.map((stage) => stageView({ stage, ...stages[stage] })),
    isRunning: false,
    isDone: false,
    pairCount: null,
    winRates: [],
    recommendation: null,
    watch: null,
    ...changes,
  };
}

export function winRateView(changes: Partial<WinRateView> = {}): WinRateView {
  return {
    policy: "r1",
    opponent: "r0",
    roles: ["previous", "first"],
    n: 320,
    missing: 0,
    winRate: 0.578,
    standardError: 0.026,
    low: 0.526,
    high: 0.628,
    interval: "maxTBootstrap",
    isSimultaneous: false,
    meanLength: 171.4,
    opponentMeanLength: 156,
    ...changes,
  };
}

export function experimentView(changes: Partial<ExperimentView> = {}): ExperimentView {
  return {
    id: "experiment",
    name: "Haiku",
    folder: "/tmp/haiku",
    config: experimentConfigSchema.parse({}),
    prompts: { training: 10, validation: 5, test: 5 },
    policies: [
      {
        id: "p0",
        name: "r0",
        parent: null,
        checkpointPath: "/tmp/r0",
        checkpointHash: "0",
        adapterHash: null,
        family: "llama",
        parameterCount: 1,
        roundNumber: null,
        createdAtMs: 0,
      },
    ],
    roundCount: 0,
    ...changes,
  };
}
