/** What a careful colleague would say of win rates: which policy to use, and why (app/statistics decides). */
import { counted, list, percent, plural, shortPercent } from "./language.ts";
import { nouns } from "./nouns.ts";

type Rate = { readonly winRate: number; readonly low: number; readonly high: number };
type Measured = Rate & { readonly against: string; readonly n: number };
type Worst = Rate & { readonly policy: string; readonly opponent: string; readonly met: number; readonly opponents: number };

function range({ low, high }: Rate): string {
  return `${percent(low)}–${percent(high)}`;
}

function prompts(count: number): string {
  return counted(count, nouns.prompts);
}

/** Headline and reason of the policy that the lab recommends. */
export const choiceWords = {
  nothing: { headline: "Nothing is measured yet.", reason: "No two policies have been compared on held-out prompts." },
  tooFew: (fewest: number, needed: number) => ({
    headline: "Too few to tell.",
    reason: `Some policies were compared on ${prompts(fewest)} only; a verdict needs ${needed}.`,
  }),
  round: (name: string) => `Preferences go round: use ${name}, or the mixture.`,
  circles: (name: string) => `Verdicts run in circles: use ${name} if it must be one policy.`,
  noStep: "So a win over one opponent is no step forward; to go on training, take a regularised loss.",
  /** Each policy of the ring with the one that it beats. */
  ring: (steps: readonly (readonly [winner: string, loser: string])[]) =>
    `${list(steps.map(([winner, loser]) => `${winner} beats ${loser}`))}, so none of them is a step beyond the others.`,
  use: (name: string) => `Use ${name}.`,
  notCompared: (name: string) => `Use ${name} if it must be one; it was not compared with the round before.`,
  step: (name: string) => `Use ${name}. It is a clear step forward.`,
  noChange: (name: string, other: string) => `No significant change: ${name} is not clearly better than ${other}.`,
  stay: (name: string, newest: string) => `Stay with ${name}. ${newest}`,
  noChangeSoFar: (newest: string) => `No significant change so far. ${newest}`,
  useOlder: (name: string, newest: string) => `Use ${name}. ${newest}`,
  stepBack: (newest: string) => `${newest} is a step back.`,
  noStepForward: (newest: string) => `${newest} is not a clear step forward.`,
  /** The first rate names the level of all intervals. */
  wins: (name: string, rates: readonly Measured[], confidence: number) =>
    `${name} wins ${rates
      .map((rate, i) => {
        const level = i === 0 ? `${shortPercent(confidence)} % interval ` : "";
        return `${percent(rate.winRate)} % against ${rate.against} (${level}${range(rate)}, n ${rate.n})`;
      })
      .join(" and ")}.`,
  worstCase: (worst: Worst) => {
    const scope =
      worst.met < worst.opponents ? `of what was measured (${worst.met} of ${counted(worst.opponents, nouns.opponents)})` : "of all policies";
    return `${worst.policy} has the best worst case ${scope}: ${percent(worst.winRate)} % (${range(worst)}), against ${worst.opponent}.`;
  },
};

type Opponents = { readonly isPrevious: boolean; readonly isFirst: boolean };
type Row = Rate & { readonly n: number; readonly opponent: Opponents };

function opponentWords({ isPrevious, isFirst }: Opponents): string {
  if (isPrevious) return isFirst ? "the policy it started from" : "the previous policy";
  return isFirst ? "the first policy" : "its opponent";
}

function facts(rows: readonly Row[], confidence: number): string {
  const parts = rows.map(
    (row) => `${percent(row.winRate)} % against ${opponentWords(row.opponent)} (${shortPercent(confidence)} % interval ${range(row)}, n ${row.n})`,
  );
  return `The new policy wins ${parts.join(" and ")}`;
}

/** The sentence that ends an evaluation; its remarks follow each other and a full stop ends them. */
export const recommendationWords = {
  improved: (rows: readonly Row[], confidence: number) =>
    `${facts(rows, confidence)}, clear of even${rows.length > 1 ? " each time" : ""}: it looks better and is worth going on from`,
  cycle: (rows: readonly Row[], confidence: number) =>
    `${facts(rows, confidence)}; but verdicts on answers to one prompt run in circles that no score explains, so a win is no step forward: see the results before going on from it`,
  worse: (rows: readonly Row[], confidence: number) =>
    `${facts(rows, confidence)}, which is below even${rows.length > 1 ? " at least once" : ""}: better stay with the policy before it and look at the pairs and the training`,
  noSignificantChange: (rows: readonly Row[], confidence: number) =>
    `${facts(rows, confidence)}; an interval that holds even is no proof of a gain, so count this as no significant change`,
  nothing: "Nothing can be said yet, as no held-out prompt has a usable answer",
  tooFew: (fewest: number, needed: number) =>
    `Too few to tell: only ${prompts(fewest)} ${plural(fewest, { one: "counts", other: "count" })} and a verdict needs at least ${needed}`,
  longer: (ratio: number) => `, but its responses are up to ${Math.round(100 * (ratio - 1))} % longer, so check that it is not only length`,
  missing: (missing: number, all: number) => `; ${missing} of ${prompts(all)} gave no usable answer`,
  end: (sentence: string) => `${sentence}.`,
};
