/** Which policy to use, by the worst case over those measured, and what a careful colleague would say of it. */
import { choiceWords } from "#app/text/choice.ts";
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

/**
 * Compares by least win rates over the opponents met, as a win over one opponent says nothing of another (preferences may
 * cycle). Two that were compared on fewer than `MIN_PROMPTS` count as not met: one such pair of old would else silence all
 * that is measured; but where the newest step is one of them, nothing is said.
 */
export function choosePolicy(measured: ChoiceInput): PolicyChoice {
  const counts = measured.table.cells.flat().flatMap((cell) => (cell === null ? [] : [cell.n]));
  if (counts.length === 0) return tooFew(choiceWords.nothing);
  const step = duelBetween(measured.table, measured.step?.newest, measured.step?.previous);
  if (step !== undefined && isThin(step)) return tooFew(choiceWords.tooFew(step.n, MIN_PROMPTS));
  const most = Math.max(...counts);
  if (most < MIN_PROMPTS) return tooFew(choiceWords.tooFew(most, MIN_PROMPTS));
  const input = { ...measured, table: withoutThin(measured.table) };
  const { table } = input;
  const best = bestWorstCase(table);
  if (best === undefined) return tooFew(choiceWords.nothing);
  const name = input.nameOf(best.player);
  const reason = reasonOf(input, best);
  const ring = findCycles(table).clear.find((cycle) => cycle.players.includes(best.player));
  if (ring !== undefined) {
    const headline = choiceWords.round(name);
    return { verdict: "cycle", recommended: best.player, headline, reason: `${ringSentence(ring, input.nameOf)} ${reason}` };
  }
  if (input.circles !== null) {
    const headline = choiceWords.circles(name);
    return { verdict: "cycle", recommended: best.player, headline, reason: `${input.circles} ${choiceWords.noStep} ${reason}` };
  }
  return { recommended: best.player, ...lead(input, best), reason };
}

/** "r4 beats r2, r2 beats r5 and r5 beats r4, so none of them is a step beyond the others." */
export function ringSentence(ring: Cycle, nameOf: (player: PlayerId) => string): string {
  const { players } = ring;
  return choiceWords.ring(players.map((player, i) => [nameOf(player), nameOf(players[(i + 1) % players.length] ?? player)]));
}

function tooFew(words: Pick<PolicyChoice, "headline" | "reason">): PolicyChoice {
  return { verdict: "tooFew", recommended: null, ...words };
}

function isThin({ n }: PolicyDuel): boolean {
  return n < MIN_PROMPTS;
}

function withoutThin({ players, cells }: DuelTable): DuelTable {
  return { players, cells: cells.map((row) => row.map((cell) => (cell === null || isThin(cell) ? null : cell))) };
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
  if (newest === undefined) return { verdict, headline: choiceWords.use(name) };
  if (best.player === newest) {
    if (step === undefined) return { verdict, headline: choiceWords.notCompared(name) };
    if (step.low > 0.5) return { verdict: "improved", headline: choiceWords.step(name) };
    return { verdict, headline: choiceWords.noChange(name, nameOf(step.second)) };
  }
  const ofNewest = isStepBack ? choiceWords.stepBack(nameOf(newest)) : choiceWords.noStepForward(nameOf(newest));
  if (best.player === first) return { verdict, headline: choiceWords.stay(name, ofNewest) };
  if (overFirst !== undefined && overFirst.low <= 0.5) return { verdict, headline: choiceWords.noChangeSoFar(ofNewest) };
  return { verdict, headline: choiceWords.useOlder(name, ofNewest) };
}

/** The newest against the one before it, and the worst case of the recommended policy. */
function reasonOf({ table, nameOf, confidence, step: taken }: ChoiceInput, best: WorstCase): string {
  const newest = taken?.newest;
  const step = duelBetween(table, newest, taken?.previous);
  const sinceFirst = taken === null || taken.previous === taken.first ? undefined : duelBetween(table, newest, taken.first);
  const duels = [step, sinceFirst].filter((duel) => duel !== undefined);
  const rates = duels.map((duel) => ({ ...duel, against: nameOf(duel.second) }));
  const wins = newest === undefined || rates.length === 0 ? [] : [choiceWords.wins(nameOf(newest), rates, confidence)];
  const worst = choiceWords.worstCase({ ...best, policy: nameOf(best.player), opponent: nameOf(best.opponent) });
  return [...wins, worst].join(" ");
}

function duelBetween({ players, cells }: DuelTable, a: PlayerId | undefined, b: PlayerId | undefined): PolicyDuel | undefined {
  if (a === undefined || b === undefined) return undefined;
  return cells[players.indexOf(a)]?.[players.indexOf(b)] ?? undefined;
}
