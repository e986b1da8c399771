/** Gathers what a forecast goes by: the plan, where the stages stand, and what earlier runs with like settings took. */
import type { AttemptId } from "#app/base/ids.ts";
import { canonicalJson } from "#app/base/json.ts";
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import type { Prompt } from "#app/domain/prompt.ts";
import { type Round, type Stage, STAGES } from "#app/domain/round.ts";
import type { TrainingForecast } from "#app/domain/training-forecast.ts";
import { comparisonBound, evaluationBound, type ForecastFacts, type Measured, type StageStanding } from "#app/rounds/forecast.ts";
import type { LiveAttempts } from "#app/rounds/next-action.ts";
import { promptsOfRound } from "#app/rounds/sample-units.ts";
import { askCount } from "#main/store/queries/asks.ts";
import { listPrompts } from "#main/store/queries/experiments.ts";
import * as forecasts from "#main/store/queries/forecasts.ts";
import { checkpointByHash, listPolicies, policyById } from "#main/store/queries/policies.ts";
import { promptUses } from "#main/store/queries/replay.ts";
import { teacherResponses } from "#main/store/queries/responses.ts";
import { listRounds, liveAttempts } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { hashJson } from "../system.ts";
import { type SettingsInForce, settingsInForce } from "./kept-settings.ts";
import { trainingProbe } from "./measure-training.ts";

/** `round` is the open one; undefined if the next is still to be made. Of the present settings it counts what no stage has taken yet. */
export function forecastFacts(lab: LabContext, present: ExperimentConfig, roundNumber: number, round: Round | undefined): ForecastFacts {
  const { db } = lab.store;
  const live: LiveAttempts = round === undefined ? new Map() : liveAttempts(db, round.id);
  const inForce = settingsInForce(lab, present, live);
  const { config, evaluateConfig } = inForce;
  const training = listPrompts(db, "training", live.get("sample")?.id);
  const teachers = new Set<string>(teacherResponses(db, live.get("judge")?.id).map((response) => response.promptId));
  const prompts = promptsOfRound(training, roundNumber, config.splits.shards, promptUses(db, roundNumber));
  const policy = round === undefined ? listPolicies(db)[0] : policyById(db, round.policyId);
  return {
    config,
    evaluateConfig,
    prompts: prompts.length,
    promptsWithTeacher: prompts.filter((prompt) => teachers.has(prompt.id)).length,
    heldOutPrompts: heldOutOf(lab, evaluateConfig, live.get("evaluate")?.id),
    opponents: opponentsOf(roundNumber),
    parameterCount: policy === undefined ? 0 : checkpointByHash(db, policy.checkpointHash).parameterCount,
    standing: standingOf(lab, live),
    measured: measuredOf(lab, inForce, training, teachers),
  };
}

function heldOutOf(lab: LabContext, { evaluation }: ExperimentConfig, attemptId?: AttemptId): number {
  const heldOut = listPrompts(lab.store.db, evaluation.split, attemptId).length;
  return evaluation.maxPrompts === 0 ? heldOut : Math.min(evaluation.maxPrompts, heldOut);
}

/** The first round's policy is both the one before and the first. */
function opponentsOf(roundNumber: number): number {
  return roundNumber === 1 ? 1 : 2;
}

function standingOf(lab: LabContext, live: LiveAttempts): ForecastFacts["standing"] {
  const standing = (stage: Stage): StageStanding => {
    const attempt = live.get(stage);
    if (attempt === undefined) return { state: "ahead", unitsDone: 0, unitsTotal: null, activeMs: 0, rate: null };
    const reading = lab.rates.read(attempt.id, attempt.unitsDone, attempt.unitsTotal, lab.clock.nowMs());
    return {
      state: attempt.state === "done" ? "done" : "open",
      unitsDone: attempt.unitsDone,
      unitsTotal: attempt.unitsTotal,
      activeMs: attempt.activeMs + (attempt.state === "running" ? reading.runningMs : 0),
      rate: attempt.state === "running" ? reading.rate : null,
    };
  };
  return { sample: standing("sample"), judge: standing("judge"), pair: standing("pair"), train: standing("train"), evaluate: standing("evaluate") };
}

/** The settings on which the pace of a stage depends. */
function paceSettings(stage: Stage, config: ExperimentConfig): unknown {
  const { sampling, oracle, judging, pairs, training } = config;
  const answers = [sampling.maxNewTokens, sampling.stop];
  switch (stage) {
    case "sample":
      return [answers, sampling.precision];
    case "judge":
      return [oracle, judging.mode];
    case "pair":
      return pairs;
    case "train":
      return [
        training.trains,
        training.adapter,
        training.loss.kind,
        training.batchSize,
        training.microBatchSize,
        training.maxLength,
        training.recompute,
      ];
    case "evaluate":
      return [answers, oracle];
    default:
      return stage satisfies never;
  }
}

function measuredOf(
  lab: LabContext,
  { config, evaluateConfig }: SettingsInForce,
  training: readonly Prompt[],
  teachers: ReadonlySet<string>,
): Measured {
  const { db } = lab.store;
  const isAlike = (run: forecasts.PastRun): boolean => {
    const own = paceSettings(run.stage, run.stage === "evaluate" ? evaluateConfig : config);
    return canonicalJson(paceSettings(run.stage, run.config)) === canonicalJson(own);
  };
  const alike = forecasts.finishedRuns(db).filter(isAlike);
  const of = (stage: Stage) => alike.filter((run) => run.stage === stage);
  const promptsIn = (run: forecasts.PastRun): readonly Prompt[] =>
    promptsOfRound(training, run.round, run.config.splits.shards, promptUses(db, run.round));
  const boundOf = (run: forecasts.PastRun): number => {
    const prompts = promptsIn(run);
    const withTeacher = prompts.filter((prompt) => teachers.has(prompt.id)).length;
    return comparisonBound({ config: run.config, prompts: prompts.length, promptsWithTeacher: withTeacher });
  };
  const probe = trainingProbe(db, config);
  const cost = forecasts.meanCostOfOracle(db, hashJson(config.oracle));
  const durations = forecasts.personDurations(db);
  const paces = Object.fromEntries(
    STAGES.map((stage) => [stage, of(stage).flatMap((run) => (run.activeMs > 0 ? run.activeMs / run.unitsDone : []))]),
  );
  return {
    // A run that was carried to its end knows better than a probe.
    msPerUnit: probe === undefined || (paces["train"] ?? []).length > 0 ? paces : { ...paces, train: [msPerStep(probe, config)] },
    askShare: of("judge").flatMap((run) => ratio(askCount(db, run.id), boundOf(run))),
    evaluationShare: of("evaluate").flatMap((run) =>
      ratio(askCount(db, run.id), evaluationBound(run.config, heldOutOf(lab, run.config), opponentsOf(run.round))),
    ),
    pairsPerPrompt: of("pair").flatMap((run) => ratio(run.unitsDone, promptsIn(run).length)),
    costPerAskUsd: cost === null ? [] : [cost],
    personMs: durations.length === 0 ? null : { median: durations[Math.floor(durations.length / 2)] ?? 0, answers: durations.length },
    peakMemoryBytes: withProbe(
      present(of("train"), (id) => forecasts.peakMemoryOf(db, id)),
      probe?.memoryBytes,
    ),
    checkpointBytes: present(of("train"), (id) => forecasts.artefactBytesOf(db, id).checkpoint),
    adapterBytes: present(of("train"), (id) => forecasts.artefactBytesOf(db, id).adapter),
    responseBytes: present(of("sample"), (id) => forecasts.responseBytesOf(db, id)),
  };
}

/** References are scored once, gradients in each epoch. */
function msPerStep({ msPerPair, referenceMsPerPair }: TrainingForecast, { training }: ExperimentConfig): number {
  return training.batchSize * (msPerPair + referenceMsPerPair / training.epochs);
}

function withProbe(measured: readonly number[], probed: number | undefined): readonly number[] {
  return measured.length > 0 || probed === undefined ? measured : [probed];
}

function ratio(part: number, whole: number): number[] {
  return whole === 0 ? [] : [part / whole];
}

function present(runs: readonly forecasts.PastRun[], read: (id: AttemptId) => number | null): number[] {
  return runs.flatMap((run) => read(run.id) ?? []);
}

/** The newest live run of a stage before a round; undefined where there is none. */
export function newestConfigBefore(lab: LabContext, roundNumber: number): { readonly round: number; readonly attemptId: AttemptId } | undefined {
  const { db } = lab.store;
  for (const round of listRounds(db).toReversed()) {
    if (round.number >= roundNumber) continue;
    const live = liveAttempts(db, round.id);
    const attempt = live.get("train") ?? live.get("sample");
    if (attempt !== undefined) return { round: round.number, attemptId: attempt.id };
  }
  return undefined;
}
