/** Which held-out responses are put against each other, and the asks that this takes. */
import type { PromptId } from "#app/base/ids.ts";
import { rngFor, seedFor, shuffled } from "#app/base/random.ts";
import type { Prompt } from "#app/domain/prompt.ts";
import type { Response } from "#app/domain/sampling.ts";
import { planComparisons } from "#app/judging/plan-comparisons.ts";
import type { PlayerId } from "#app/statistics/policy-duels.ts";
import type { PlayerPair } from "#main/store/queries/matches.ts";
import type { StageRun } from "../stage-run.ts";
import type { Plan } from "./asking.ts";

/** One held-out prompt of two players; null for a response that could not be sampled. */
export type Match = PlayerPair & {
  readonly promptId: PromptId;
  readonly own: Response | null;
  readonly other: Response | null;
};

export type MatchPlan = { readonly matches: readonly Match[]; readonly plan: readonly Plan[] };

/**
 * Every prompt for every pair; asks only where both responses are there and differ. Both orders unless the settings say
 * otherwise; people see one, drawn, and the prompts in mixed order.
 */
export function planMatches(
  run: StageRun,
  pairs: readonly PlayerPair[],
  promptsOf: (pair: PlayerPair) => readonly Prompt[],
  responseOf: (player: PlayerId, prompt: Prompt) => Response | null,
): MatchPlan {
  const { config, round, attempt } = run;
  const isForPeople = config.oracle.kind === "people";
  const label = `evaluate/${round.number}/${attempt.number}`;
  const settings = { mode: "pairwise", comparisonsPerPrompt: 0, bothOrders: config.judging.bothOrders && !isForPeople } as const;
  const matches: Match[] = [];
  const plan: Plan[] = [];
  pairs.forEach((pair, place) => {
    for (const prompt of promptsOf(pair)) {
      const [own, other] = [responseOf(pair.first, prompt), responseOf(pair.second, prompt)];
      matches.push({ ...pair, promptId: prompt.id, own, other });
      if (own === null || other === null || own.text === other.text) continue;
      const seed = seedFor(config.seed, label, prompt.hash, place);
      for (const planned of planComparisons([own.id, other.id], settings, seed)) plan.push({ ...planned, promptId: prompt.id });
    }
  });
  return { matches, plan: isForPeople ? shuffled(plan, rngFor(config.seed, label, "queue")) : plan };
}

/** How many asks a prompt takes that is put before the oracle. */
export function ordersPerPrompt({ config }: Pick<StageRun, "config">): number {
  return config.judging.bothOrders && config.oracle.kind !== "people" ? 2 : 1;
}
