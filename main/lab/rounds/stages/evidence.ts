/** What a round's runs have gathered, prompt by prompt: candidates, and what the oracle said of them. */
import { InternalError } from "#app/base/errors.ts";
import type { AttemptId, PromptId } from "#app/base/ids.ts";
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import type { Prompt } from "#app/domain/prompt.ts";
import type { Stage } from "#app/domain/round.ts";
import type { Response } from "#app/domain/sampling.ts";
import { type Candidate, mergeDuplicates } from "#app/preferences/candidates.ts";
import { buildDuelMatrix, duelMatrixFromScores } from "#app/preferences/duel-matrix.ts";
import type { JudgedComparison } from "#app/preferences/judged-comparison.ts";
import type { PairEvidence } from "#app/preferences/select-pairs.ts";
import { asksOfAttempt } from "#main/store/queries/asks.ts";
import { listPrompts } from "#main/store/queries/experiments.ts";
import { liveJudgments } from "#main/store/queries/judgments.ts";
import { responsesOfAttempt, teacherResponses } from "#main/store/queries/responses.ts";
import { configOfAttempt, liveAttempts } from "#main/store/queries/rounds.ts";
import { scoresByPrompt } from "#main/store/queries/scores.ts";
import type { ReadableDb } from "#main/store/database.ts";
import type { StageRun } from "../stage-run.ts";

export type PromptCandidates = { readonly prompt: Prompt; readonly candidates: readonly Candidate[]; readonly responses: readonly Response[] };

/** The live attempt of a stage that must be done before this run. */
export function doneAttempt(run: StageRun, stage: Stage): AttemptId {
  const attempt = liveAttempts(run.lab.store.db, run.round.id).get(stage);
  if (attempt?.state !== "done") throw new InternalError(`round ${run.round.number} has no done run of the stage ${stage}`);
  return attempt.id;
}

/**
 * The round's prompts that have responses, in the order of their hashes; a teacher's response counts where the judge run
 * has one.
 */
export function candidatesOfRound(run: StageRun, judgeAttemptId: AttemptId): PromptCandidates[] {
  const { db } = run.lab.store;
  const sampled = Map.groupBy(responsesOfAttempt(db, doneAttempt(run, "sample")), (response) => response.promptId);
  const teacherByPrompt = new Map(teacherResponses(db, judgeAttemptId).map((response) => [response.promptId, response]));
  return listPrompts(db, "training").flatMap((prompt) => {
    const own = sampled.get(prompt.id);
    if (own === undefined) return [];
    const teacher = teacherByPrompt.get(prompt.id);
    const responses = teacher === undefined ? own : [...own, teacher];
    return [{ prompt, responses, candidates: mergeDuplicates(responses) }];
  });
}

/** Live judgments by prompt, each with the order in which its ask showed the responses. */
export function judgedComparisons(db: ReadableDb, attemptId: AttemptId): Map<PromptId, JudgedComparison[]> {
  const askById = new Map(asksOfAttempt(db, attemptId).map((ask) => [ask.id, ask]));
  const byPrompt = new Map<PromptId, JudgedComparison[]>();
  for (const judgment of liveJudgments(db, attemptId)) {
    const ask = askById.get(judgment.askId);
    if (ask === undefined) continue;
    const ofPrompt = byPrompt.get(ask.promptId) ?? [];
    ofPrompt.push({ ...judgment, oracleId: ask.oracleId, shown: ask.shown });
    byPrompt.set(ask.promptId, ofPrompt);
  }
  return byPrompt;
}

/** A lone order of a comparison that was asked in both carries the oracle's position bias and does not count. */
export function needsBothOrders(config: Pick<ExperimentConfig, "oracle" | "judging">): boolean {
  return config.judging.bothOrders && config.oracle.kind !== "people";
}

/** What a judge run found of each prompt's candidates, by that run's own settings. */
export function evidenceOf(run: StageRun, judgeAttemptId: AttemptId): (prompt: PromptCandidates) => Required<PairEvidence> {
  const { db } = run.lab.store;
  const config = configOfAttempt(db, judgeAttemptId);
  if (config.judging.mode === "listwise") {
    const scores = scoresByPrompt(db, judgeAttemptId);
    return ({ prompt, candidates }) => {
      const ofPrompt = scores.get(prompt.id) ?? null;
      return { scores: ofPrompt, matrix: ofPrompt === null ? null : duelMatrixFromScores(candidates, ofPrompt) };
    };
  }
  const judged = judgedComparisons(db, judgeAttemptId);
  const requireBothOrders = needsBothOrders(config);
  return ({ prompt, candidates }) => ({
    scores: null,
    matrix: buildDuelMatrix(candidates, judged.get(prompt.id) ?? [], { requireBothOrders }),
  });
}
