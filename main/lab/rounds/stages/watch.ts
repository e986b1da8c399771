/** The collapse watch of an evaluation: the round's policy and the first, on their own held-out responses and on plain text. */
import type { Policy } from "#app/domain/policy.ts";
import type { Prompt } from "#app/domain/prompt.ts";
import type { Response } from "#app/domain/sampling.ts";
import type { PolicyWeights } from "#app/rounds/ports.ts";
import { type WatchedResponse, watchOf } from "#app/statistics/collapse-watch.ts";
import { replaceWatch, type StoredWatch, watchesOf } from "#main/store/queries/collapse-watch.ts";
import { readNeutralText } from "../../evaluations/neutral-text.ts";
import { engineOfRun } from "../run-device.ts";
import type { StageRun } from "../stage-run.ts";

export type Watched = {
  readonly policy: Policy;
  readonly first: Policy;
  readonly prompts: readonly Prompt[];
  readonly responses: readonly Response[];
};

/** Once an evaluation; what a run that died had measured is not measured again. */
export async function watchCollapse(run: StageRun, watched: Watched): Promise<void> {
  const { lab, attempt, config } = run;
  if (config.evaluation.watchResponses === 0 || watchesOf(lab.store.db, attempt.id).length > 0) return;
  const { policy, first } = watched;
  const neutral = readNeutralText();
  const own = await lab.checkpoints.prepare(policy, run.signal);
  const firstWeights = await lab.checkpoints.prepare(first, run.signal);
  const rows: StoredWatch[] = [];
  for (const [one, weights] of [
    [policy, own],
    [first, firstWeights],
  ] as const) {
    const watch = watchOf(
      await watchedResponses(run, watched, one, { own: weights, first: firstWeights }),
      await neutralLogps(run, weights, neutral.paragraphs),
    );
    if (watch !== undefined) rows.push({ ...watch, policyId: one.id, firstPolicyId: first.id, neutralText: neutral.hash });
  }
  replaceWatch(lab.store.db, attempt.id, rows);
}

async function neutralLogps(
  { lab, attempt, signal }: StageRun,
  policy: PolicyWeights,
  texts: readonly string[],
): Promise<readonly (readonly number[])[]> {
  return await lab.engine.scoreTexts({ policy, texts, engine: engineOfRun(lab, attempt.id) }, signal);
}

type Weights = { readonly own: PolicyWeights; readonly first: PolicyWeights };

/** The same prompts for both policies, in the order of their hashes. */
async function watchedResponses(run: StageRun, { prompts, responses }: Watched, policy: Policy, weights: Weights): Promise<WatchedResponse[]> {
  const { lab, attempt, config, signal } = run;
  const byPrompt = new Map(responses.filter((response) => response.policyId === policy.id).map((response) => [response.promptId, response]));
  const chosen = prompts.slice(0, config.evaluation.watchResponses).flatMap((prompt) => {
    const response = byPrompt.get(prompt.id);
    return response === undefined || response.tokenIds.length === 0 ? [] : [{ prompt, response }];
  });
  const units = chosen.map(({ prompt, response }) => ({ responseId: response.id, messages: prompt.messages, tokenIds: response.tokenIds }));
  const engine = engineOfRun(lab, attempt.id);
  const score = async (of: PolicyWeights): Promise<ReadonlyMap<string, readonly number[]>> =>
    new Map((await lab.engine.score({ policy: of, units, engine }, signal)).map(({ responseId, tokenLogps }) => [responseId, tokenLogps]));
  const own = await score(weights.own);
  // Of the first policy's own responses both are the same.
  const first = weights.own === weights.first ? own : await score(weights.first);
  return chosen.map(({ response }) => ({
    text: response.text,
    isFinished: response.finishReason !== "length",
    ownLogps: own.get(response.id) ?? [],
    firstLogps: first.get(response.id) ?? [],
  }));
}
