/** What evaluations and comparisons share: the held-out prompts, what is sampled for them, and what is kept of a plan. */
import type { AttemptId } from "#app/base/ids.ts";
import { seedFor } from "#app/base/random.ts";
import type { Policy } from "#app/domain/policy.ts";
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import type { Prompt } from "#app/domain/prompt.ts";
import type { SampleUnit } from "#app/rounds/ports.ts";
import type { ReadableDb } from "#main/store/database.ts";
import { listPrompts } from "#main/store/queries/experiments.ts";
import { insertMatches } from "#main/store/queries/matches.ts";
import type { StageRun } from "../stage-run.ts";
import type { Match } from "./evaluation-plan.ts";

/** In the order of their hashes, as many as the settings allow. With a run those that it sees. */
export function heldOutPrompts(db: ReadableDb, { split, maxPrompts }: ExperimentConfig["evaluation"], attemptId?: AttemptId): Prompt[] {
  const prompts = listPrompts(db, split, attemptId);
  return maxPrompts === 0 ? prompts : prompts.slice(0, maxPrompts);
}

/** One response a prompt. The seed names the policy, so that the same policy answers a prompt alike in every evaluation. */
export function unitsOf(run: StageRun, prompts: readonly Prompt[], policy: Policy): SampleUnit[] {
  return prompts.map((prompt) => ({
    promptId: prompt.id,
    messages: prompt.messages,
    sampleIndex: 0,
    seed: seedFor(run.config.seed, "evaluate", policy.name, prompt.hash),
  }));
}

export function keepMatches({ lab, attempt }: StageRun, matches: readonly Match[]): void {
  insertMatches(
    lab.store.db,
    matches.map(({ first, second, promptId, own, other }) => ({
      attemptId: attempt.id,
      first,
      second,
      promptId,
      firstResponseId: own?.id ?? null,
      secondResponseId: other?.id ?? null,
    })),
  );
}
