/** The stage "evaluate": the new policy against the previous and the first on held-out prompts, and, unless these are test prompts, what to make of it. */
import { InternalError } from "#app/base/errors.ts";
import type { PromptId } from "#app/base/ids.ts";
import { seedFor } from "#app/base/random.ts";
import type { WinRateRow } from "#app/domain/evaluation.ts";
import type { Policy } from "#app/domain/policy.ts";
import type { JudgedComparison } from "#app/preferences/judged-comparison.ts";
import { answerCircles } from "#app/statistics/answer-circles.ts";
import { summariseEvaluation } from "#app/statistics/evaluation-summary.ts";
import type { PromptOutcome } from "#app/statistics/win-rate.ts";
import { circlesByPrompt } from "#main/store/queries/circles.ts";
import { policyById } from "#main/store/queries/policies.ts";
import { finishedUnits, responsesOfAttempt } from "#main/store/queries/responses.ts";
import { replaceEvaluation } from "#main/store/queries/results.ts";
import { listRounds, roundByNumber } from "#main/store/queries/rounds.ts";
import { lengthOf, scoreOf } from "../../evaluations/scored-matches.ts";
import { type StageOutcome, type StageRun } from "../stage-run.ts";
import { askOracle } from "./asking.ts";
import { type Match, planMatches } from "./evaluation-plan.ts";
import { judgedComparisons, needsBothOrders } from "./evidence.ts";
import { heldOutPrompts, keepMatches, unitsOf } from "./held-out.ts";
import { sampleMissing } from "./sampling.ts";
import { watchCollapse } from "./watch.ts";

export type Opponent = { readonly policy: Policy; readonly roles: WinRateRow["roles"] };

export async function runEvaluate(run: StageRun): Promise<StageOutcome> {
  const { lab, attempt } = run;
  const { db } = lab.store;
  const policy = newPolicy(run);
  const opponents = opponentsOf(run);
  const prompts = heldOutPrompts(db, run.config.evaluation, attempt.id);
  const policies = [policy, ...opponents.map((opponent) => opponent.policy)];
  const responseUnits = policies.length * prompts.length;
  run.progress.begin(
    policies.reduce((sum, one) => sum + finishedUnits(db, attempt.id, one.id).size, 0),
    responseUnits,
  );
  // Each policy draws from seeds of its own: a win rate is of independent responses, and shared draws would change it.
  const settings = { ...run.config.sampling, responsesPerPrompt: 1, temperature: run.config.evaluation.temperature, precision: "float32" as const };
  for (const one of policies) await sampleMissing(run, one, unitsOf(run, prompts, one), settings);

  const responses = responsesOfAttempt(db, attempt.id);
  const responseByKey = new Map(responses.map((response) => [`${response.policyId ?? ""} ${response.promptId}`, response]));
  const matches = planMatches(
    run,
    opponents.map((opponent) => ({ first: policy.id, second: opponent.policy.id })),
    () => prompts,
    (player, prompt) => responseByKey.get(`${player} ${prompt.id}`) ?? null,
  );
  keepMatches(run, matches.matches);
  const first = opponents.find((opponent) => opponent.roles.includes("first"))?.policy ?? policy;
  // Before the oracle is asked: people may take their time.
  await watchCollapse(run, { policy, first, prompts, responses });
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

function summarise(run: StageRun, policy: Policy, opponents: readonly Opponent[], matches: readonly Match[]): void {
  const { lab, attempt, round, config } = run;
  const judged = judgedComparisons(lab.store.db, attempt.id);
  const requireBothOrders = needsBothOrders(config);
  const outcomes = Map.groupBy(matches, (match) => match.second);
  const { rows, recommendation } = summariseEvaluation({
    policyId: policy.id,
    attemptId: attempt.id,
    opponents: opponents.map((opponent) => ({
      opponentId: opponent.policy.id,
      roles: opponent.roles,
      outcomes: (outcomes.get(opponent.policy.id) ?? []).map((match) => outcomeOf(match, judged, requireBothOrders)),
    })),
    confidence: config.evaluation.confidence,
    hasNoScore: answerCircles(circlesByPrompt(lab.store.db), config.evaluation.confidence).verdict === "noScore",
    bootstrapSamples: config.evaluation.bootstrapSamples,
    seed: seedFor(config.seed, "evaluate", round.number),
  });
  // Test prompts are reported on; nothing is chosen by them.
  const isTest = config.evaluation.split === "test";
  replaceEvaluation(lab.store.db, attempt.id, rows, isTest ? null : recommendation, isTest ? lab.clock.nowMs() : null);
}

function outcomeOf(match: Match, judged: ReadonlyMap<PromptId, readonly JudgedComparison[]>, requireBothOrders: boolean): PromptOutcome {
  const { own, other, promptId } = match;
  const { score } = scoreOf(own, other, judged.get(promptId) ?? [], requireBothOrders);
  return { promptId, score, length: lengthOf(own), opponentLength: lengthOf(other) };
}

function known<Value>(value: Value | undefined, id: string): Value {
  if (value === undefined) throw new InternalError(`nothing is known of ${id}`);
  return value;
}
