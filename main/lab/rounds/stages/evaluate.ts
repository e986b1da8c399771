/** The stage "evaluate": the new policy against the previous and the first on held-out prompts, and what to make of it. */
import { InternalError } from "#app/base/errors.ts";
import type { PolicyId, PromptId } from "#app/base/ids.ts";
import { seedFor } from "#app/base/random.ts";
import type { WinRateRow } from "#app/domain/evaluation.ts";
import type { Policy } from "#app/domain/policy.ts";
import type { Prompt } from "#app/domain/prompt.ts";
import type { Response } from "#app/domain/sampling.ts";
import { outcomesOfComparison } from "#app/preferences/both-orders.ts";
import type { JudgedComparison } from "#app/preferences/judged-comparison.ts";
import type { SampleUnit } from "#app/rounds/ports.ts";
import { summariseEvaluation } from "#app/statistics/evaluation-summary.ts";
import type { PromptOutcome } from "#app/statistics/win-rate.ts";
import { listPrompts } from "#main/store/queries/experiments.ts";
import { policyById } from "#main/store/queries/policies.ts";
import { finishedUnits, responsesOfAttempt } from "#main/store/queries/responses.ts";
import { replaceEvaluation } from "#main/store/queries/results.ts";
import { listRounds, roundByNumber } from "#main/store/queries/rounds.ts";
import { type StageOutcome, type StageRun } from "../stage-run.ts";
import { askOracle } from "./asking.ts";
import { type Match, planMatches } from "./evaluation-plan.ts";
import { judgedComparisons, needsBothOrders } from "./evidence.ts";
import { sampleMissing } from "./sampling.ts";

export type Opponent = { readonly policy: Policy; readonly roles: WinRateRow["roles"] };

export async function runEvaluate(run: StageRun): Promise<StageOutcome> {
  const { lab, attempt } = run;
  const { db } = lab.store;
  const policy = newPolicy(run);
  const opponents = opponentsOf(run);
  const prompts = heldOutPrompts(run);
  const policies = [policy, ...opponents.map((opponent) => opponent.policy)];
  const responseUnits = policies.length * prompts.length;
  run.progress.begin(
    policies.reduce((sum, one) => sum + finishedUnits(db, attempt.id, one.id).size, 0),
    responseUnits,
  );
  // Each policy draws from seeds of its own: a win rate is of independent responses, and shared draws would change it.
  const settings = { ...run.config.sampling, responsesPerPrompt: 1, temperature: run.config.evaluation.temperature };
  for (const one of policies) await sampleMissing(run, one, unitsOf(run, prompts, one), settings);

  const responses = responsesOfAttempt(db, attempt.id);
  const matches = planMatches(run, policy, opponents, prompts, responses);
  const promptById = new Map(prompts.map((prompt) => [prompt.id, prompt]));
  const responseById = new Map(responses.map((response) => [response.id, response]));
  const outcome = await askOracle(
    run,
    matches.plan,
    {
      purpose: "evaluation",
      mode: "pairwise",
      messagesOf: (id) => known(promptById.get(id)?.messages, id),
      responseOf: (id) => known(responseById.get(id), id),
    },
    responseUnits,
  );
  if (outcome === "done") summarise(run, policy, opponents, matches.matches);
  return outcome;
}

function newPolicy(run: StageRun): Policy {
  const { db } = run.lab.store;
  const id = roundByNumber(db, run.round.number).newPolicyId;
  if (id === null) throw new InternalError(`round ${run.round.number} is to be evaluated but made no policy`);
  return policyById(db, id);
}

/** The policy that the round started from, and the experiment's first; one entry if they are the same. */
function opponentsOf(run: StageRun): Opponent[] {
  const { db } = run.lab.store;
  const previous = policyById(db, run.round.policyId);
  const first = policyById(db, listRounds(db)[0]?.policyId ?? previous.id);
  if (previous.id === first.id) return [{ policy: previous, roles: ["previous", "first"] }];
  return [
    { policy: previous, roles: ["previous"] },
    { policy: first, roles: ["first"] },
  ];
}

function heldOutPrompts(run: StageRun): Prompt[] {
  const { split, maxPrompts } = run.config.evaluation;
  const prompts = listPrompts(run.lab.store.db, split);
  return maxPrompts === 0 ? prompts : prompts.slice(0, maxPrompts);
}

function unitsOf(run: StageRun, prompts: readonly Prompt[], policy: Policy): SampleUnit[] {
  return prompts.map((prompt) => ({
    promptId: prompt.id,
    messages: prompt.messages,
    sampleIndex: 0,
    seed: seedFor(run.config.seed, "evaluate", policy.name, prompt.hash),
  }));
}

function summarise(run: StageRun, policy: Policy, opponents: readonly Opponent[], matches: readonly Match[]): void {
  const { lab, attempt, round, config } = run;
  const judged = judgedComparisons(lab.store.db, attempt.id);
  const requireBothOrders = needsBothOrders(config);
  const outcomes = Map.groupBy(matches, (match): PolicyId => match.opponentId);
  const { rows, recommendation } = summariseEvaluation({
    policyId: policy.id,
    attemptId: attempt.id,
    opponents: opponents.map((opponent) => ({
      opponentId: opponent.policy.id,
      roles: opponent.roles,
      outcomes: (outcomes.get(opponent.policy.id) ?? []).map((match) => outcomeOf(match, judged, requireBothOrders)),
    })),
    confidence: config.evaluation.confidence,
    bootstrapSamples: config.evaluation.bootstrapSamples,
    seed: seedFor(config.seed, "evaluate", round.number),
  });
  const lookAtMs = config.evaluation.split === "test" ? lab.clock.nowMs() : null;
  replaceEvaluation(lab.store.db, attempt.id, rows, recommendation, lookAtMs);
}

/** Identical texts count one half without being asked about; what was not answered in every order counts as missing. */
function outcomeOf(match: Match, judged: ReadonlyMap<PromptId, readonly JudgedComparison[]>, requireBothOrders: boolean): PromptOutcome {
  const { own, other } = match;
  const lengths = { promptId: match.promptId, length: lengthOf(own), opponentLength: lengthOf(other) };
  if (own === null || other === null) return { ...lengths, score: null };
  if (own.text === other.text) return { ...lengths, score: 0.5 };
  const ids = new Set([own.id, other.id]);
  const ofMatch = (judged.get(match.promptId) ?? []).filter((judgment) => ids.has(judgment.firstId) && ids.has(judgment.secondId));
  const { outcomes } = outcomesOfComparison(ofMatch, (id) => id === own.id, requireBothOrders);
  if (outcomes.length === 0) return { ...lengths, score: null };
  return { ...lengths, score: outcomes.reduce((sum, outcome) => sum + outcome.probability, 0) / outcomes.length };
}

/** In characters (Unicode code points), as AlpacaEval counts. */
function lengthOf(response: Response | null): number {
  return response === null ? 0 : [...response.text].length;
}

function known<Value>(value: Value | undefined, id: string): Value {
  if (value === undefined) throw new InternalError(`nothing is known of ${id}`);
  return value;
}
