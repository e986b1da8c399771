/** Which held-out responses are put against each other, and the asks that this takes. */
import type { PolicyId, PromptId } from "#app/base/ids.ts";
import { rngFor, seedFor, shuffled } from "#app/base/random.ts";
import type { Policy } from "#app/domain/policy.ts";
import type { Prompt } from "#app/domain/prompt.ts";
import type { Response } from "#app/domain/sampling.ts";
import { planComparisons } from "#app/judging/plan-comparisons.ts";
import type { StageRun } from "../stage-run.ts";
import type { Plan } from "./asking.ts";

/** One held-out prompt against one opponent; null for a response that could not be sampled. */
export type Match = {
  readonly promptId: PromptId;
  readonly opponentId: PolicyId;
  readonly own: Response | null;
  readonly other: Response | null;
};

type Opponents = readonly { readonly policy: Policy }[];

/**
 * Every prompt against every opponent; asks only where both responses are there and differ. Both orders unless the
 * settings say otherwise; people see one, drawn, and the prompts in mixed order.
 */
export function planMatches(
  run: StageRun,
  policy: Policy,
  opponents: Opponents,
  prompts: readonly Prompt[],
  responses: readonly Response[],
): { readonly matches: readonly Match[]; readonly plan: readonly Plan[] } {
  const { config, round, attempt } = run;
  const responseByKey = new Map(responses.map((response) => [`${response.policyId ?? ""} ${response.promptId}`, response]));
  const responseOf = (of: Policy, prompt: Prompt): Response | null => responseByKey.get(`${of.id} ${prompt.id}`) ?? null;
  const isForPeople = config.oracle.kind === "people";
  const label = `evaluate/${round.number}/${attempt.number}`;
  const settings = { mode: "pairwise", comparisonsPerPrompt: 0, bothOrders: config.judging.bothOrders && !isForPeople } as const;
  const matches: Match[] = [];
  const plan: Plan[] = [];
  opponents.forEach((opponent, place) => {
    for (const prompt of prompts) {
      const [own, other] = [responseOf(policy, prompt), responseOf(opponent.policy, prompt)];
      matches.push({ promptId: prompt.id, opponentId: opponent.policy.id, own, other });
      if (own === null || other === null || own.text === other.text) continue;
      const seed = seedFor(config.seed, label, prompt.hash, place);
      for (const planned of planComparisons([own.id, other.id], settings, seed)) plan.push({ ...planned, promptId: prompt.id });
    }
  });
  return { matches, plan: isForPeople ? shuffled(plan, rngFor(config.seed, label, "queue")) : plan };
}
