/** What a round needs before it is worth starting: prompts in the right places, and settings that fit each other. */
import { ConfigError, ConflictError } from "#app/base/errors.ts";
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import { type Stage, STAGES } from "#app/domain/round.ts";
import type { LiveAttempts } from "#app/rounds/next-action.ts";
import { promptsOfRound } from "#app/rounds/sample-units.ts";
import { needsJudging } from "#app/domain/pair.ts";
import { roundWords } from "#app/text/rounds.ts";
import { listPrompts } from "#main/store/queries/experiments.ts";
import { promptUses } from "#main/store/queries/replay.ts";
import { importedPairs, openImport } from "#main/store/queries/imports.ts";
import { configOfAttempt } from "#main/store/queries/rounds.ts";
import { teacherResponses } from "#main/store/queries/responses.ts";
import type { LabContext } from "../context.ts";
import { requireJudges } from "../judges/judge-terms.ts";

/** Looks at the stages up to `until` that have not been begun; runs that have been keep what they resolved. */
export function requireInputs(lab: LabContext, config: ExperimentConfig, roundNumber: number, until: Stage, live: LiveAttempts): void {
  const { db } = lab.store;
  const isAhead = (stage: Stage): boolean => STAGES.indexOf(stage) <= STAGES.indexOf(until) && !live.has(stage);
  const settingsOf = (stage: Stage): ExperimentConfig => {
    const attempt = live.get(stage);
    return attempt === undefined ? config : configOfAttempt(db, attempt.id);
  };
  const training = listPrompts(db, "training");
  const hasTeacher = isAhead("judge") || isAhead("pair") ? teacherResponses(db).length > 0 : false;
  if (isAhead("sample") && promptsOfRound(training, roundNumber, config.splits.shards, promptUses(db, roundNumber)).length === 0) {
    const importing = openImport(db);
    if (importing !== undefined && training.length === 0) {
      throw new ConflictError(roundWords.stillImporting(importing.name));
    }
    throw new ConflictError(
      training.length === 0 ? roundWords.needsPrompts : roundWords.emptyShard(roundNumber, (roundNumber - 1) % config.splits.shards),
    );
  }
  if (isAhead("pair") && config.pairs.kind === "imported") requireImportedPairs(lab);
  if (isAhead("judge")) requireComparable(config, settingsOf("sample").sampling.responsesPerPrompt, hasTeacher);
  if (isAhead("judge") || isAhead("evaluate")) requireJudges(lab, config);
  if (isAhead("pair")) requirePairable(config, settingsOf("judge").judging.mode, hasTeacher);
  const { split } = config.evaluation;
  if (isAhead("evaluate") && listPrompts(db, split).length === 0) {
    throw new ConflictError(roundWords.noHeldOut(split));
  }
}

function requireImportedPairs(lab: LabContext): void {
  if (importedPairs(lab.store.db, "training").length > 0) return;
  throw new ConfigError(roundWords.noImportedPreferences);
}

function requireComparable(config: ExperimentConfig, responsesPerPrompt: number, hasTeacher: boolean): void {
  if (!needsJudging(config.pairs)) return;
  if (config.oracle.kind === "people" && config.judging.mode === "listwise") {
    throw new ConfigError(roundWords.peopleArePairwise);
  }
  if (responsesPerPrompt < 2 && !hasTeacher) {
    throw new ConfigError(roundWords.oneResponse);
  }
}

function requirePairable(config: ExperimentConfig, mode: "pairwise" | "listwise", hasTeacher: boolean): void {
  const { kind } = config.pairs;
  if ((kind === "paper" || kind === "restrictive") && mode !== "listwise") {
    throw new ConfigError(roundWords.needsListwise(kind, mode));
  }
  if ((kind === "restrictive" || kind === "spin") && !hasTeacher) {
    throw new ConfigError(roundWords.needsTeacher(kind));
  }
}
