/** Which policy to use, by the worst case over those measured, and what a careful colleague would say of it. */
import { type Cycle, findCycles } from "./cycles.ts";
import { type WorstCase, worstCases } from "./exploitability.ts";
import type { DuelTable, PlayerId, PolicyDuel } from "./policy-duels.ts";
import { MIN_PROMPTS } from "./recommendation.ts";

export type PolicyChoice = {
  /**
   * improved: the newest policy has the best worst case, is clearly preferred to the one before it and stands in no
   * ring. cycle: the best worst case stands in a ring of clear preferences, or no score explains the verdicts on answers;
   * either is no progress whatever single steps say. worse: the newest is clearly beaten by the one before it. Else no significant change, or too few prompts.
   */
  readonly verdict: "improved" | "cycle" | "worse" | "noSignificantChange" | "tooFew";
  /** The policy with the best worst case; null where too little is measured. */
  readonly recommended: PlayerId | null;
  /** One sentence or two, and the facts behind it. */
  readonly headline: string;
  readonly reason: string;
};

export type ChoiceInput = {
  /** Policies alone, the older first; rounds' policies and others that were added. */
  readonly table: DuelTable;
  /** The newest round: what it made and from what, and the experiment's first policy; null before any was measured. */
  readonly step: { readonly newest: PlayerId; readonly previous: PlayerId; readonly first: PlayerId } | null;
  readonly nameOf: (player: PlayerId) => string;
  readonly confidence: number;
  /** What is said of circles among answers (`circlesSentence`) where no score explains them; else null. */
  readonly circles: string | null;
};

/** Compares by least win rates over the opponents met, as a win over one opponent says nothing of another (preferences may cycle). */
export function choosePolicy(input: ChoiceInput): PolicyChoice {
  const { table } = input;
  const fewest = Math.min(...table.cells.flat().flatMap((cell) => (cell === null ? [] : [cell.n])));
  if (fewest === Infinity) return tooFew("Nothing is measured yet.", "No two policies have been compared on held-out prompts.");
  if (fewest < MIN_PROMPTS) {
    return tooFew(
      "Too few to tell.",
      `Some policies were compared on ${fewest} ${fewest === 1 ? "prompt" : "prompts"} only; a verdict needs ${MIN_PROMPTS}.`,
    );
  }
  const best = bestWorstCase(table);
  if (best === undefined) return tooFew("Nothing is measured yet.", "No two policies have been compared on held-out prompts.");
  const reason = reasonOf(input, best);
  const ring = findCycles(table).clear.find((cycle) => cycle.players.includes(best.player));
  if (ring !== undefined) {
    const headline = `Preferences go round: use ${input.nameOf(best.player)}, or the mixture.`;
    return { verdict: "cycle", recommended: best.player, headline, reason: `${ringSentence(ring, input.nameOf)} ${reason}` };
  }
  if (input.circles !== null) {
    const headline = `Verdicts run in circles: use ${input.nameOf(best.player)} if it must be one policy.`;
    return { verdict: "cycle", recommended: best.player, headline, reason: `${input.circles} ${NO_STEP} ${reason}` };
  }
  return { recommended: best.player, ...lead(input, best), reason };
}

const NO_STEP = "So a win over one opponent is no step forward; to go on training, take a regularised loss.";

/** "r4 beats r2, r2 beats r5 and r5 beats r4, so none of them is a step beyond the others." */
export function ringSentence(ring: Cycle, nameOf: (player: PlayerId) => string): string {
  const steps = ring.players.map((player, i) => `${nameOf(player)} beats ${nameOf(ring.players[(i + 1) % ring.players.length] ?? player)}`);
  return `${steps.slice(0, -1).join(", ")} and ${steps.at(-1) ?? ""}, so none of them is a step beyond the others.`;
}

function tooFew(headline: string, reason: string): PolicyChoice {
  return { verdict: "tooFew", recommended: null, headline, reason };
}

/** Of equal worst cases the older policy: it took less. */
function bestWorstCase(table: DuelTable): WorstCase | undefined {
  return worstCases(table).reduce<WorstCase | undefined>(
    (best, one) => (best === undefined || one.winRate > best.winRate + ROUNDING ? one : best),
    undefined,
  );
}

const ROUNDING = 1e-9;

function lead({ table, nameOf, step: taken }: ChoiceInput, best: WorstCase): Pick<PolicyChoice, "verdict" | "headline"> {
  const { first, newest, previous } = taken ?? { first: table.players[0], newest: undefined, previous: undefined };
  const name = nameOf(best.player);
  const step = duelBetween(table, newest, previous);
  const overFirst = duelBetween(table, best.player, first);
  const isStepBack = step !== undefined && step.high < 0.5;
  const verdict = isStepBack ? "worse" : "noSignificantChange";
  if (newest === undefined) return { verdict, headline: `Use ${name}.` };
  if (best.player === newest) {
    if (step === undefined) return { verdict, headline: `Use ${name} if it must be one; it was not compared with the round before.` };
    if (step.low > 0.5) return { verdict: "improved", headline: `Use ${name}. It is a clear step forward.` };
    return { verdict, headline: `No significant change: ${name} is not clearly better than ${nameOf(step.second)}.` };
  }
  const stepWords = isStepBack ? `${nameOf(newest)} is a step back.` : `${nameOf(newest)} is not a clear step forward.`;
  if (best.player === first) return { verdict, headline: `Stay with ${name}. ${stepWords}` };
  if (overFirst !== undefined && overFirst.low <= 0.5) return { verdict, headline: `No significant change so far. ${stepWords}` };
  return { verdict, headline: `Use ${name}. ${stepWords}` };
}

/** The newest against the one before it, and the worst case of the recommended policy. */
function reasonOf({ table, nameOf, confidence, step: taken }: ChoiceInput, best: WorstCase): string {
  const newest = taken?.newest;
  const step = duelBetween(table, newest, taken?.previous);
  const sinceFirst = taken === null || taken.previous === taken.first ? undefined : duelBetween(table, newest, taken.first);
  const duels = [step, sinceFirst].filter((duel) => duel !== undefined);
  const level = levelText(confidence);
  const facts = duels.map(
    (duel, i) =>
      `${percent(duel.winRate)} % against ${nameOf(duel.second)} (${i === 0 ? `${level} % interval ` : ""}${percent(duel.low)}–${percent(duel.high)}, n ${duel.n})`,
  );
  const wins = newest === undefined || facts.length === 0 ? [] : [`${nameOf(newest)} wins ${facts.join(" and ")}.`];
  const scope = best.met < best.opponents ? `of what was measured (${best.met} of ${best.opponents} opponents)` : "of all policies";
  const worst = `${nameOf(best.player)} has the best worst case ${scope}: ${percent(best.winRate)} % (${percent(best.low)}–${percent(best.high)}), against ${nameOf(best.opponent)}.`;
  return [...wins, worst].join(" ");
}

function duelBetween({ players, cells }: DuelTable, a: PlayerId | undefined, b: PlayerId | undefined): PolicyDuel | undefined {
  if (a === undefined || b === undefined) return undefined;
  return cells[players.indexOf(a)]?.[players.indexOf(b)] ?? undefined;
}

/** Always one decimal, as everywhere. */
function percent(share: number): string {
  return (100 * share).toFixed(1);
}

/** 95, 97.5. */
function levelText(confidence: number): string {
  return String(Number((100 * confidence).toFixed(1)));
}
