/** A probe of training, asked for before a round: kept with the settings that it holds for, and read by forecasts. */
import { ConfigError, ConflictError } from "#app/base/errors.ts";
import { canonicalJson } from "#app/base/json.ts";
import { type TrainingForecast, trainingForecastSchema } from "#app/domain/training-forecast.ts";
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import { promptsOfRound } from "#app/rounds/sample-units.ts";
import { roundWords } from "#app/text/rounds.ts";
import type { ReadableDb } from "#main/store/database.ts";
import { getExperiment, listPrompts } from "#main/store/queries/experiments.ts";
import { listPolicies, policyById } from "#main/store/queries/policies.ts";
import { meanPolicyTokens } from "#main/store/queries/responses.ts";
import { promptUses } from "#main/store/queries/replay.ts";
import { lastRound } from "#main/store/queries/rounds.ts";
import { getSetting, setSetting } from "#main/store/queries/settings.ts";
import type { LabContext } from "../context.ts";
import { getEngineOptions } from "../engine-options.ts";
import { presentConfig } from "./attempts.ts";

const PROBE = "training.probe";
/** Of the most that a response may have, before any was sampled. */
const USUAL_SHARE = 0.6;

/** What a probe depends on: with other settings, another device or a longer answer it says nothing. */
function probeKey(db: ReadableDb, { training, sampling }: ExperimentConfig): string {
  return canonicalJson([training, sampling.maxNewTokens, getEngineOptions(db)]);
}

/** The probe that holds for a configuration; undefined if none was made. */
export function trainingProbe(db: ReadableDb, config: ExperimentConfig): TrainingForecast | undefined {
  const stored = getSetting(db, PROBE);
  if (stored === undefined) return undefined;
  const { key, forecast } = JSON.parse(stored) as { readonly key: string; readonly forecast: unknown }; // written below
  return key === probeKey(db, config) ? trainingForecastSchema.parse(forecast) : undefined;
}

/** Runs two short training runs and keeps what follows. Throws ConflictError while anything runs, ConfigError without policy or prompts. */
export async function measureTraining(lab: LabContext, isRunning: boolean): Promise<TrainingForecast> {
  const { db } = lab.store;
  if (isRunning) throw new ConflictError(roundWords.measuredAlone);
  if (getExperiment(db) === undefined) throw new ConfigError(roundWords.noExperimentToMeasure);
  const config = presentConfig(lab);
  const last = lastRound(db);
  const newest = last?.newPolicyId ?? last?.policyId;
  const policy = newest === undefined ? listPolicies(db)[0] : policyById(db, newest);
  const round = (last?.number ?? 0) + 1;
  const prompts = promptsOfRound(listPrompts(db, "training"), round, config.splits.shards, promptUses(db, round));
  if (policy === undefined || prompts.length === 0) {
    throw new ConfigError(roundWords.needsPolicyToMeasure);
  }
  const mostTokens = config.sampling.maxNewTokens;
  const usual = meanPolicyTokens(db) ?? USUAL_SHARE * mostTokens;
  // The policy's checkpoint alone: what its adapter holds changes neither time nor memory.
  const weights = await lab.checkpoints.prepare({ ...policy, adapterHash: null }, lab.closing);
  const forecast = await lab.engine.forecastTraining(
    {
      policy: weights,
      settings: config.training,
      engine: getEngineOptions(db),
      prompts: prompts.map((prompt) => prompt.messages),
      expectedTokens: Math.max(1, Math.min(mostTokens, Math.round(usual))),
      mostTokens,
    },
    lab.closing,
  );
  setSetting(db, PROBE, JSON.stringify({ key: probeKey(db, config), forecast }));
  lab.events.publish({ type: "settings.changed" });
  return forecast;
}
