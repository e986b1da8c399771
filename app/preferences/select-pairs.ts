/** From candidates and what the oracles said of them to preference pairs, by one of five rules. */
import type { ResponseId } from "#app/base/ids.ts";
import { type Rng, shuffled } from "#app/base/random.ts";
import type { OwnPairRule, PreferencePair } from "#app/domain/pair.ts";
import type { Candidate } from "./candidates.ts";
import { type DuelMatrix, duelBetween } from "./duel-matrix.ts";
import { expectedWinRates } from "./expected-win-rates.ts";

/** A pair before it has an id, a run and a prompt. */
export type PairDraft = Omit<PreferencePair, "id" | "attemptId" | "promptId">;

/** Why two candidates made no pair. */
export type NoPairReason =
  /** Neither expected win rate nor score of at least one of them is known. */
  | "notJudged"
  /** Equal scores or win rates, or the comparison of the two was itself a tie. */
  | "tie"
  | "bothBad"
  /** Both are flagged as repetitive. */
  | "bothDefective"
  /** The gap of scores or win rates is under the rule's threshold. */
  | "belowMargin"
  /** The better one is not good enough to be chosen: its score, or a win rate under 1/2 against a defective one. */
  | "chosenNotGood"
  /** The rule wants the teacher's response as the chosen one (and, for SPIN, the policy's own as the rejected one). */
  | "notTeacher"
  /** bestWorst only: not the two that the rule takes. */
  | "notBestAndWorst"
  /** Left out of a prompt that had more pairs than asked for. */
  | "overMost";

export type PairSelection = {
  readonly pairs: readonly PairDraft[];
  /** Unordered pairs of candidates that made none, by reason; with `pairs` they add up to n(n - 1)/2. */
  readonly noPair: Readonly<Partial<Record<NoPairReason, number>>>;
};

/** What was said of one prompt's candidates: a duel matrix, scores of one listwise ask, or both. */
export type PairEvidence = {
  readonly matrix: DuelMatrix | null;
  readonly scores: ReadonlyMap<ResponseId, number> | null;
};

type Rated = Candidate & { readonly winRate: number | null; readonly score: number | null };
type PairVerdict = { readonly chosen: Rated; readonly rejected: Rated } | NoPairReason;
type Decide = (a: Rated, b: Rated) => PairVerdict;

/**
 * The preference pairs of one prompt, in the candidates' order. Candidates must be merged (mergeDuplicates), so chosen
 * and rejected never have the same text. Expected win rates are `vsPolicy` unless the rule names its opponents.
 */
export function selectPairs(rule: OwnPairRule, candidates: readonly Candidate[], evidence: PairEvidence): PairSelection {
  const rated = rate(rule, candidates, evidence);
  const decide = decider(rule, rated, evidence.matrix);
  const pairs: PairDraft[] = [];
  const noPair: Partial<Record<NoPairReason, number>> = {};
  rated.forEach((a, i) => {
    for (const b of rated.slice(i + 1)) {
      const verdict = decide(a, b);
      if (typeof verdict === "string") noPair[verdict] = (noPair[verdict] ?? 0) + 1;
      else pairs.push(toDraft(verdict.chosen, verdict.rejected));
    }
  });
  return { pairs, noPair };
}

/** At most `most` of a prompt's pairs, drawn evenly, in the order they had; null keeps all. */
export function drawPairs({ pairs, noPair }: PairSelection, most: number | null, rng: Rng): PairSelection {
  if (most === null || pairs.length <= most) return { pairs, noPair };
  const drawn = new Set(shuffled([...pairs.keys()], rng).slice(0, most));
  return { pairs: pairs.filter((_, i) => drawn.has(i)), noPair: { ...noPair, overMost: pairs.length - most } };
}

function rate(rule: OwnPairRule, candidates: readonly Candidate[], evidence: PairEvidence): Rated[] {
  const opponents = "opponents" in rule ? rule.opponents : "vsPolicy";
  const rates = evidence.matrix === null ? [] : expectedWinRates(evidence.matrix, candidates, opponents);
  return candidates.map((candidate, i) => ({
    ...candidate,
    winRate: rates[i]?.winRate ?? null,
    score: evidence.scores?.get(candidate.id) ?? null,
  }));
}

function toDraft(chosen: Rated, rejected: Rated): PairDraft {
  const hasRates = chosen.winRate !== null && rejected.winRate !== null;
  return {
    chosenId: chosen.id,
    rejectedId: rejected.id,
    preferenceMargin: hasRates ? chosen.winRate - rejected.winRate : null,
    chosenWinRate: chosen.winRate,
    rejectedWinRate: rejected.winRate,
    chosenScore: chosen.score,
    rejectedScore: rejected.score,
  };
}

function decider(rule: OwnPairRule, rated: readonly Rated[], matrix: DuelMatrix | null): Decide {
  switch (rule.kind) {
    case "paper":
    case "restrictive":
      return (a, b) => decideByScores(rule, a, b);
    case "spin":
      return decideSpin;
    case "winRateMargin":
      return (a, b) => decideByWinRates(rule.minMargin, matrix, a, b);
    case "bestWorst":
      return bestWorst(rule.minMargin, matrix, rated);
    default:
      return rule satisfies never;
  }
}

/** DNO section 5.1: method.md 2.3. A defective candidate is an automatic negative and never chosen. */
function decideByScores(rule: Extract<OwnPairRule, { kind: "paper" | "restrictive" }>, a: Rated, b: Rated): PairVerdict {
  const ordered = byDefect(a, b) ?? byScore(a, b);
  if (typeof ordered === "string") return ordered;
  const { chosen, rejected } = ordered;
  if (chosen.score === null) return "notJudged";
  if (rule.kind === "restrictive" && !chosen.isTeacher) return "notTeacher";
  if (chosen.score < rule.minChosenScore) return "chosenNotGood";
  if (rejected.isDefective) return ordered;
  const needed = chosen.ownCount > 0 ? rule.minGapPolicy : rule.minGapTeacher;
  return chosen.score - (rejected.score ?? 0) >= needed ? ordered : "belowMargin";
}

/** SPIN: no annotation; the teacher's response is chosen, each of the policy's own is rejected. */
function decideSpin(a: Rated, b: Rated): PairVerdict {
  const [chosen, rejected] = a.isTeacher ? [a, b] : [b, a];
  if (!chosen.isTeacher || rejected.isTeacher || rejected.ownCount === 0) return "notTeacher";
  return chosen.isDefective ? "chosenNotGood" : { chosen, rejected };
}

/**
 * Algorithm 1 looks at expected win rates alone, so the chosen response may have lost to the rejected one in their own
 * comparison (preferences may cycle); only a comparison that was a tie or called both bad bars the pair.
 */
function decideByWinRates(minMargin: number, matrix: DuelMatrix | null, a: Rated, b: Rated): PairVerdict {
  const duel = matrix === null ? undefined : duelBetween(matrix, a.id, b.id);
  if (duel?.isBothBad === true) return "bothBad";
  const ordered = byDefect(a, b) ?? byWinRate(a, b);
  if (typeof ordered === "string") return ordered;
  const { chosen, rejected } = ordered;
  if (chosen.winRate === null) return "notJudged";
  if (rejected.isDefective) return chosen.winRate >= 0.5 ? ordered : "chosenNotGood";
  if (duel?.probability === 0.5) return "tie";
  return chosen.winRate - (rejected.winRate ?? 0) >= minMargin - ROUNDING ? ordered : "belowMargin";
}

/** A margin of 3/5 - 3/10 counts as 0.3, and rates that differ in the last bit are equal. */
const ROUNDING = 1e-9;

/** The highest win rate among the sound candidates against the lowest; a defective one is lower than all others. */
function bestWorst(minMargin: number, matrix: DuelMatrix | null, rated: readonly Rated[]): Decide {
  const isUnjudged = (candidate: Rated): boolean => candidate.winRate === null && !candidate.isDefective;
  const judged = rated.filter((candidate) => !isUnjudged(candidate));
  const height = (candidate: Rated): number => (candidate.isDefective ? -2 : 0) + (candidate.winRate ?? 0);
  const best = judged.reduce<Rated | undefined>((top, c) => (top === undefined || height(c) > height(top) ? c : top), undefined);
  const worst = judged.reduce<Rated | undefined>((low, c) => (low === undefined || height(c) < height(low) ? c : low), undefined);
  return (a, b) => {
    if (isUnjudged(a) || isUnjudged(b)) return "notJudged";
    const isTaken = (a === best && b === worst) || (a === worst && b === best);
    return isTaken ? decideByWinRates(minMargin, matrix, a, b) : "notBestAndWorst";
  };
}

type Ordered = { readonly chosen: Rated; readonly rejected: Rated };

/** The sound one before the defective one; undefined if neither is defective. */
function byDefect(a: Rated, b: Rated): Ordered | "bothDefective" | undefined {
  if (!a.isDefective && !b.isDefective) return undefined;
  if (a.isDefective && b.isDefective) return "bothDefective";
  return a.isDefective ? { chosen: b, rejected: a } : { chosen: a, rejected: b };
}

function byScore(a: Rated, b: Rated): Ordered | "notJudged" | "tie" {
  if (a.score === null || b.score === null) return "notJudged";
  if (a.score === b.score) return "tie";
  return a.score > b.score ? { chosen: a, rejected: b } : { chosen: b, rejected: a };
}

function byWinRate(a: Rated, b: Rated): Ordered | "notJudged" | "tie" {
  if (a.winRate === null || b.winRate === null) return "notJudged";
  if (Math.abs(a.winRate - b.winRate) <= ROUNDING) return "tie";
  return a.winRate > b.winRate ? { chosen: a, rejected: b } : { chosen: b, rejected: a };
}
