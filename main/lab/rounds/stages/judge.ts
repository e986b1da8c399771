/** The stage "judge": the oracle compares each prompt's responses, texts that are identical counted once. */
import { InternalError } from "#app/base/errors.ts";
import { rngFor, seedFor, shuffled } from "#app/base/random.ts";
import { needsJudging } from "#app/domain/pair.ts";
import { STAGE_COUNT } from "#app/domain/stage-counts.ts";
import { planComparisons } from "#app/judging/plan-comparisons.ts";
import { addCounts, NO_JUDGMENTS } from "#app/preferences/judged-comparison.ts";
import { setCounts } from "#main/store/queries/rounds.ts";
import type { StageOutcome, StageRun } from "../stage-run.ts";
import { askOracle, type Plan } from "./asking.ts";
import { candidatesOfRound, evidenceOf, type PromptCandidates } from "./evidence.ts";
import { withTeacherTokens } from "./teacher-tokens.ts";

export async function runJudge(run: StageRun): Promise<StageOutcome> {
  const { config } = run;
  const prompts = candidatesOfRound(run, run.attempt.id);
  const plan = needsJudging(config.pairs) ? planRound(run, prompts) : [];
  const promptById = new Map(prompts.map(({ prompt }) => [prompt.id, prompt]));
  const isTokenCounted = config.oracle.kind === "targetLength" && config.oracle.unit === "tokens";
  const responses = prompts.flatMap((prompt) => prompt.responses);
  const responseById = new Map((isTokenCounted ? await withTeacherTokens(run, responses) : responses).map((response) => [response.id, response]));
  const outcome = await askOracle(
    run,
    plan,
    {
      purpose: "training",
      mode: config.judging.mode,
      messagesOf: (id) => known(promptById.get(id)?.messages, id),
      responseOf: (id) => known(responseById.get(id), id),
    },
    0,
  );
  if (outcome === "done") countOrders(run, prompts);
  return outcome;
}

/** A function of the responses, the settings and the seed. People see prompts in mixed order, each comparison in one order. */
function planRound(run: StageRun, prompts: readonly PromptCandidates[]): Plan[] {
  const { config, round, attempt } = run;
  const isForPeople = config.oracle.kind === "people";
  const label = `judge/${round.number}/${attempt.number}`;
  const settings = isForPeople ? { ...config.judging, bothOrders: false } : config.judging;
  const plan = prompts.flatMap(({ prompt, candidates }) =>
    planComparisons(
      candidates.map((candidate) => candidate.id),
      settings,
      seedFor(config.seed, label, prompt.hash),
    ).map((planned) => ({ ...planned, promptId: prompt.id })),
  );
  return isForPeople ? shuffled(plan, rngFor(config.seed, label, "queue")) : plan;
}

function countOrders(run: StageRun, prompts: readonly PromptCandidates[]): void {
  const evidence = evidenceOf(run, run.attempt.id);
  const total = prompts.reduce((sum, prompt) => addCounts(sum, evidence(prompt).matrix?.counts ?? NO_JUDGMENTS), NO_JUDGMENTS);
  if (total.bothOrders > 0)
    setCounts(run.lab.store.db, run.attempt.id, { [STAGE_COUNT.bothOrders]: total.bothOrders, [STAGE_COUNT.flips]: total.flipped });
}

function known<Value>(value: Value | undefined, id: string): Value {
  if (value === undefined) throw new InternalError(`nothing is known of ${id}`);
  return value;
}
