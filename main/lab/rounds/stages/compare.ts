/** A comparison among policies that was asked for: pairs on the held-out prompts on which they have not met, by the experiment's oracle. */
import type { AttemptId, PromptId, ResponseId } from "#app/base/ids.ts";
import type { Policy } from "#app/domain/policy.ts";
import type { Prompt } from "#app/domain/prompt.ts";
import type { Response } from "#app/domain/sampling.ts";
import type { PlayerId } from "#app/statistics/policy-duels.ts";
import type { ReadableDb } from "#main/store/database.ts";
import { listPrompts, promptById } from "#main/store/queries/experiments.ts";
import { comparisonPairs, evaluationAttempts, matchesOfAttempt, metOnPrompts, type PlayerPair } from "#main/store/queries/matches.ts";
import { policyById } from "#main/store/queries/policies.ts";
import { finishedUnits, responseById, responsesOfAttempt, responsesOfMatches, teacherResponses } from "#main/store/queries/responses.ts";
import { insertTestLook } from "#main/store/queries/results.ts";
import { configOfAttempt } from "#main/store/queries/rounds.ts";
import { evaluationSampling } from "../../evaluations/scored-matches.ts";
import type { StageOutcome, StageRun } from "../stage-run.ts";
import { askOracle } from "./asking.ts";
import { type Match, planMatches } from "./evaluation-plan.ts";
import { heldOutPrompts, keepMatches, unitsOf } from "./held-out.ts";
import { sampleMissing } from "./sampling.ts";
import { withTeacherTokens } from "./teacher-tokens.ts";

export async function runComparison(run: StageRun): Promise<StageOutcome> {
  const { lab, attempt, config } = run;
  const { db } = lab.store;
  const pairs = comparisonPairs(db, attempt.id);
  // What has been planned stays, whatever was imported or evaluated since.
  const planned = matchesOfAttempt(db, attempt.id);
  const isPlanned = planned.length > 0;
  const plannedPrompts = new Set(planned.map(({ first, second, promptId }) => `${first} ${second} ${promptId}`));
  const promptsOf = isPlanned
    ? (pair: PlayerPair): readonly Prompt[] =>
        listPrompts(db, config.evaluation.split).filter((prompt) => plannedPrompts.has(`${pair.first} ${pair.second} ${prompt.id}`))
    : promptsToMeetOn(db, config.evaluation, attempt.id);
  const sampled = isPlanned
    ? 0
    : await sampleLacking(
        run,
        pairs.map((pair) => ({ pair, prompts: promptsOf(pair) })),
      );
  const find = responseFinder(run, isPlanned);
  const { matches, plan } = planMatches(run, pairs, promptsOf, (player, prompt) => find(player, prompt.id));
  keepMatches(run, matches);
  const responses = await responsesToAsk(run, matches);
  const outcome = await askOracle(
    run,
    plan,
    {
      purpose: "evaluation",
      mode: "pairwise",
      messagesOf: (id) => promptById(db, id).messages,
      responseOf: (id) => responses.get(id) ?? responseById(db, id),
    },
    isPlanned ? responsesOfAttempt(db, attempt.id).length : sampled,
  );
  if (outcome === "done" && config.evaluation.split === "test") insertTestLook(db, attempt.id, lab.clock.nowMs());
  return outcome;
}

/** Samples what no earlier evaluation can lend. Returns how many responses this attempt has of its own. */
async function sampleLacking(run: StageRun, meetings: readonly Meeting[]): Promise<number> {
  const { lab, attempt, config } = run;
  const { db } = lab.store;
  const lacking = answersLacking(db, config, meetings);
  const total = lacking.reduce((sum, one) => sum + one.prompts.length, 0);
  run.progress.begin(
    lacking.reduce((sum, one) => sum + finishedUnits(db, attempt.id, one.policy.id).size, 0),
    total,
  );
  const settings = { ...config.sampling, responsesPerPrompt: 1, temperature: config.evaluation.temperature, precision: "float32" as const };
  for (const one of lacking) if (one.prompts.length > 0) await sampleMissing(run, one.policy, unitsOf(run, one.prompts, one.policy), settings);
  return total;
}

/** Held-out responses of earlier evaluations by "policy prompt", the newest first, where they were sampled in the same way. */
function lentResponses(db: ReadableDb, config: StageRun["config"]): Map<string, ResponseId> {
  const wanted = evaluationSampling(config);
  const lent = new Map<string, ResponseId>();
  for (const attemptId of evaluationAttempts(db, config.evaluation.split)) {
    if (evaluationSampling(configOfAttempt(db, attemptId)) !== wanted) continue;
    for (const response of responsesOfMatches(db, attemptId)) {
      if (response.policyId !== null && response.sampleIndex === 0) lent.set(`${response.policyId} ${response.promptId}`, response.id);
    }
  }
  return lent;
}

/** By id; the teacher's with token ids where the oracle counts tokens. */
async function responsesToAsk(run: StageRun, matches: readonly Match[]): Promise<ReadonlyMap<ResponseId, Response>> {
  const { oracle } = run.config;
  const all = new Map<ResponseId, Response>(
    matches.flatMap(({ own, other }) => [own, other]).flatMap((response) => (response === null ? [] : [[response.id, response]])),
  );
  if (oracle.kind !== "targetLength" || oracle.unit !== "tokens") return all;
  return new Map((await withTeacherTokens(run, [...all.values()])).map((response) => [response.id, response]));
}

type FindResponse = (player: PlayerId, promptId: PromptId) => Response | null;

function responseFinder(run: StageRun, isPlanned: boolean): FindResponse {
  const { lab, attempt, config } = run;
  const { db } = lab.store;
  const found = new Map<string, Response>();
  const key = (response: Response): string => `${response.policyId ?? response.source} ${response.promptId}`;
  if (isPlanned) {
    for (const response of responsesOfMatches(db, attempt.id)) found.set(key(response), response);
  } else {
    for (const response of teacherResponses(db, attempt.id)) found.set(key(response), response);
    for (const id of lentResponses(db, config).values()) {
      const response = responseById(db, id);
      found.set(key(response), response);
    }
    for (const response of responsesOfAttempt(db, attempt.id)) found.set(key(response), response);
  }
  return (player, promptId) => found.get(`${player} ${promptId}`) ?? null;
}

/** A pair and the prompts on which it is to meet. */
export type Meeting = { readonly pair: PlayerPair; readonly prompts: readonly Prompt[] };

/** Of a pair the held-out prompts on which it has not met; with the teacher those that it has answered, as far as a run sees its answers. */
export function promptsToMeetOn(
  db: ReadableDb,
  evaluation: StageRun["config"]["evaluation"],
  attemptId?: AttemptId,
): (pair: PlayerPair) => readonly Prompt[] {
  const prompts = heldOutPrompts(db, evaluation, attemptId);
  const met = metOnPrompts(db, evaluation.split);
  const taught = new Set(teacherResponses(db, attemptId).map((response) => response.promptId));
  return ({ first, second }) =>
    prompts.filter(({ id }) => !met.has(`${first} ${second} ${id}`) && (taught.has(id) || (first !== "teacher" && second !== "teacher")));
}

/** What each policy has yet to answer: the prompts of its pairs that no earlier evaluation has answered for it. */
export function answersLacking(
  db: ReadableDb,
  config: StageRun["config"],
  meetings: readonly Meeting[],
): { readonly policy: Policy; readonly prompts: readonly Prompt[] }[] {
  const lent = lentResponses(db, config);
  const policies = policiesOf(
    db,
    meetings.map(({ pair }) => pair),
  );
  return policies.map((policy) => {
    const own = meetings.filter(({ pair }) => pair.first === policy.id || pair.second === policy.id).flatMap(({ prompts }) => prompts);
    const distinct = [...new Map(own.map((prompt) => [prompt.id, prompt])).values()];
    return { policy, prompts: distinct.filter((prompt) => !lent.has(`${policy.id} ${prompt.id}`)) };
  });
}

export function policiesOf(db: ReadableDb, pairs: readonly PlayerPair[]): Policy[] {
  const ids = new Set(pairs.flatMap(({ first, second }) => [first, second]));
  return [...ids].flatMap((id) => (id === "teacher" ? [] : [policyById(db, id)]));
}
