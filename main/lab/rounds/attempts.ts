/** Begins an attempt at a stage: its resolved configuration and the hash of what it is going to read. */
import { ConflictError, InternalError } from "#app/base/errors.ts";
import type { AttemptId, ContentHash } from "#app/base/ids.ts";
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import { type Round, type Stage, type StageAttempt, STAGES } from "#app/domain/round.ts";
import { experimentWords } from "#app/text/experiments.ts";
import { getExperiment, listPrompts } from "#main/store/queries/experiments.ts";
import { policyById } from "#main/store/queries/policies.ts";
import * as rounds from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { hashJson } from "../system.ts";

/** The experiment's present configuration. Throws ConflictError for a folder without an experiment. */
export function presentConfig(lab: LabContext): ExperimentConfig {
  const experiment = getExperiment(lab.store.db);
  if (experiment === undefined) throw new ConflictError(experimentWords.noneYet);
  return experiment.config;
}

/** Makes the next attempt at a stage of which there is no live one. It is queued, and keeps the configuration of now. */
export function beginAttempt(lab: LabContext, round: Round, stage: Stage): StageAttempt {
  const { db } = lab.store;
  return db.transaction(() => {
    const config = presentConfig(lab);
    const id = lab.ids.next() as AttemptId;
    rounds.insertAttempt(db, {
      id,
      roundId: round.id,
      stage,
      number: rounds.attemptCount(db, round.id, stage) + 1,
      inputHash: inputHash(lab, round, stage, config),
      createdAtMs: lab.clock.nowMs(),
      config,
    });
    return rounds.attemptById(db, id);
  });
}

/** Over what the run reads: the run before it, the policies, the prompts, and the settings that concern it. */
function inputHash(lab: LabContext, round: Round, stage: Stage, config: ExperimentConfig): ContentHash {
  const { db } = lab.store;
  const policy = policyById(db, round.policyId);
  const before = rounds.liveAttempts(db, round.id).get(STAGES[STAGES.indexOf(stage) - 1] ?? stage);
  if (stage !== "sample" && before?.state !== "done") throw new InternalError(`the stage ${stage} was begun before the one before it was done`);
  return hashJson({
    stage,
    round: round.number,
    before: before === undefined ? null : [before.id, before.inputHash],
    policy: [policy.checkpointHash, policy.adapterHash],
    prompts: listPrompts(db, splitOf(stage, config)).map((prompt) => prompt.hash),
    settings: settingsOf(stage, config),
  });
}

function splitOf(stage: Stage, config: ExperimentConfig): "training" | "validation" | "test" {
  return stage === "evaluate" ? config.evaluation.split : "training";
}

/** The settings that concern a stage, in the places that they have in the configuration. */
export function settingsOf(stage: Stage, config: ExperimentConfig): object {
  const { seed, sampling, splits, oracle, judging, pairs, replay, training, evaluation } = config;
  switch (stage) {
    case "sample":
      return { seed, sampling, splits };
    case "judge":
      return { seed, oracle, judging };
    case "pair":
      return replay.share === 0 ? { judging, pairs } : { seed, judging, pairs, replay };
    case "train": {
      // How many checkpoints stay afterwards changes nothing of what comes out.
      const { keepCheckpoints: _, ...settings } = training;
      return { seed, training: settings };
    }
    case "evaluate":
      return { seed, sampling, oracle, judging: { bothOrders: judging.bothOrders }, evaluation };
    default:
      return stage satisfies never;
  }
}
