/** Expected win rates: the mean preference probability of each candidate, Algorithm 1's reward r_t(x, y). */
import type { ResponseId } from "#app/base/ids.ts";
import type { Opponents } from "#app/domain/pair.ts";
import type { Candidate } from "./candidates.ts";
import { type DuelMatrix, preferenceProbability } from "./duel-matrix.ts";

export type ExpectedWinRate = {
  readonly id: ResponseId;
  /** In [0, 1]; null where there are other opponents and none was judged against it, or no opponent at all. */
  readonly winRate: number | null;
  /** Opponents (duplicates counted singly) whose preference probability is known, and how many there are. */
  readonly judgedWeight: number;
  readonly totalWeight: number;
};

/**
 * For each candidate y the mean of P(y > y') over y', in one of two forms: `vsPolicy` averages over the policy's own
 * samples, y' ~ policy, as Algorithm 1 does; `vsAll` over all responses, the teacher's included, as the paper's preset.
 * A merged candidate weighs as many as it stands for. One copy of y itself is left out, the remaining copies count 1/2
 * each (P(y > y) = 1/2): for a sample of the policy that is the unbiased leave-one-out estimate of E P(y > y') over
 * fresh samples y', and with K + 1 different candidates it is the paper's 1/K over the K others. Missing entries are
 * left out of the mean and show in `judgedWeight`.
 */
export function expectedWinRates(matrix: DuelMatrix, candidates: readonly Candidate[], opponents: Opponents): ExpectedWinRate[] {
  const weightOf = (candidate: Candidate): number => (opponents === "vsPolicy" ? candidate.ownCount : candidate.count);
  return candidates.map((candidate) => {
    let [sum, judgedWeight, totalWeight] = [0, 0, 0];
    let [judgedOthers, allOthers] = [0, 0];
    for (const opponent of candidates) {
      const isSelf = opponent.id === candidate.id;
      const weight = isSelf ? Math.max(0, weightOf(opponent) - 1) : weightOf(opponent);
      const probability = preferenceProbability(matrix, candidate.id, opponent.id);
      totalWeight += weight;
      if (!isSelf) allOthers += weight;
      if (probability === undefined) continue;
      judgedWeight += weight;
      if (!isSelf) judgedOthers += weight;
      sum += weight * probability;
    }
    // Own copies alone say nothing where others wait to be judged.
    const isUnknown = judgedWeight === 0 || (allOthers > 0 && judgedOthers === 0);
    return { id: candidate.id, winRate: isUnknown ? null : sum / judgedWeight, judgedWeight, totalWeight };
  });
}
