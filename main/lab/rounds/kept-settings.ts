/** A stage that has been begun keeps its settings: which of them have been changed since, and with which settings a round is carried on. */
import { type ConfigChange, configChanges } from "#app/domain/config-changes.ts";
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import type { Stage, StageAttempt } from "#app/domain/round.ts";
import { type LiveAttempts, nextAction } from "#app/rounds/next-action.ts";
import { roundWords } from "#app/text/rounds.ts";
import { getExperiment } from "#main/store/queries/experiments.ts";
import { configOfAttempt, lastRound, liveAttempts } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { settingsOf } from "./attempts.ts";

export type KeptSettings = { readonly stage: Stage; readonly sentence: string };

/** What was changed after an unfinished stage took its settings, of those that concern it. */
export function changedSince({ store: { db } }: LabContext, attempt: StageAttempt): ConfigChange[] {
  const present = getExperiment(db)?.config;
  if (present === undefined || attempt.state === "done" || attempt.state === "superseded") return [];
  return configChanges(settingsOf(attempt.stage, configOfAttempt(db, attempt.id)), settingsOf(attempt.stage, present));
}

/** Of the stage that a start or a resume goes on with; null where it is to begin, or nothing of it was changed. */
export function keptSettings(lab: LabContext): KeptSettings | null {
  const { db } = lab.store;
  const round = lastRound(db);
  const action = round && nextAction(liveAttempts(db, round.id));
  if (round === undefined || action?.kind !== "continue") return null;
  const { stage } = action.attempt;
  const changes = changedSince(lab, action.attempt);
  return changes.length === 0 ? null : { stage, sentence: roundWords.stageKeeps(stage, round.number, changes) };
}

export type SettingsInForce = {
  /** Stages that have been begun as they took them, the others as they are set now. */
  readonly config: ExperimentConfig;
  /** As the evaluation takes or took them: its oracle may be another than that of the stage judge. */
  readonly evaluateConfig: ExperimentConfig;
};

export function settingsInForce({ store: { db } }: LabContext, present: ExperimentConfig, live: LiveAttempts): SettingsInForce {
  const of = (stage: Stage): ExperimentConfig => {
    const attempt = live.get(stage);
    return attempt === undefined ? present : configOfAttempt(db, attempt.id);
  };
  const [{ sampling, splits }, { oracle, judging }, { pairs, replay }, { training }] = [of("sample"), of("judge"), of("pair"), of("train")];
  const evaluateConfig = of("evaluate");
  const { evaluation } = evaluateConfig;
  return { config: { ...present, sampling, splits, oracle, judging, pairs, replay, training, evaluation }, evaluateConfig };
}
