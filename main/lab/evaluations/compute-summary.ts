/** From gathered duels to all figures of a split: intervals that hold together, length control, cycles, mixture, choice. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { PolicyId } from "#app/base/ids.ts";
import type { DuelView, PlayerView, ResultSummary } from "#app/contract/result-views.ts";
import type { Round } from "#app/domain/round.ts";
import { answerCircles } from "#app/statistics/answer-circles.ts";
import { circlesSentence } from "#app/statistics/circles-sentence.ts";
import type { CircleCounts } from "#app/statistics/count-circles.kernel.ts";
import { findCycles } from "#app/statistics/cycles.ts";
import { type Mixture, nashMixture, type WorstCase, worstCases } from "#app/statistics/exploitability.ts";
import type { LengthCalibration } from "#app/statistics/length-control.ts";
import { lengthControlledWinRate } from "#app/statistics/length-controlled-win-rate.ts";
import { type ChoiceInput, choosePolicy } from "#app/statistics/policy-choice.ts";
import { duelsOf, duelTable, pairedDifference, type PlayerId, type PolicyDuel, tableAmong } from "#app/statistics/policy-duels.ts";
import { DEFAULT_RIDGE, ratePolicies } from "#app/statistics/ratings.ts";
import { responseTraits } from "#app/statistics/response-traits.ts";
import { meanLengthsOf } from "#app/statistics/win-rate.ts";
import { calibrationFor } from "./calibration.ts";
import { type Gathered, type GatheredDuel, policyIds } from "./gather-duels.ts";

export type SummaryInput = {
  readonly split: ResultSummary["split"];
  readonly gathered: Gathered;
  readonly rounds: readonly (Round & { readonly bothOrders: number; readonly flips: number })[];
  /** In the verdicts on which policies were trained, prompt by prompt and round by round. */
  readonly circles: {
    readonly prompts: readonly CircleCounts[];
    readonly rounds: readonly (CircleCounts & { readonly round: number })[];
    readonly isListwise: boolean;
  };
  readonly calibration: LengthCalibration;
  readonly confidence: number;
  readonly bootstrapSamples: number;
  readonly seed: number;
};

/** Refits of the length model are dear: so many resamples at the most. */
const MAX_REFITS = 400;
const MAX_RATING_RESAMPLES = 400;

/** Gives the event loop a turn between its parts; equal inputs give equal figures. */
export async function computeSummary(input: SummaryInput): Promise<ResultSummary> {
  const { gathered, split } = input;
  const measured = duelsOf(gathered.duels, input);
  const players = gathered.players.map((player) => player.id);
  const table = tableAmong(duelTable(players, measured), policyIds(players));
  const worst = worstCases(table);
  const mixture = nashMixture(table);
  await nextTurn();
  const rounds = roundsOf(input, worst);
  const nameOf = namesOf(input);
  const circles = circlesOf(input);
  const choice =
    split === "test"
      ? null
      : choosePolicy({
          table,
          step: newestStep(rounds),
          nameOf,
          confidence: input.confidence,
          circles: circles.verdict === "noScore" ? circles.sentence : null,
        });
  const cycles = findCycles(table);
  return {
    split,
    prompts: gathered.promptCount,
    confidence: input.confidence,
    players: playersOf(input, worst, mixture),
    duels: await duelViews(input, measured, rounds),
    rounds: rounds.map((round) => namedRound(round, nameOf)),
    cycles: { ...cycles, clear: cycles.clear.map(({ players: ring, weakest }) => ({ players: ring.map(nameOf), weakest })) },
    circles,
    mixture: mixture === undefined ? null : { exploitability: mixture.exploitability },
    choice: choice === null ? null : { ...choice, recommended: choice.recommended === null ? null : nameOf(choice.recommended) },
    unmetPairs: gathered.possiblePairs - gathered.duels.length,
    judgedBy: [...gathered.judgedBy],
  };
}

function circlesOf({ circles, confidence }: SummaryInput): ResultSummary["circles"] {
  const found = answerCircles(circles.prompts, confidence);
  return { ...found, sentence: circlesSentence(found, circles.isListwise), rounds: [...circles.rounds] };
}

function namesOf({ gathered }: SummaryInput): (player: PlayerId) => string {
  const nameById = new Map<PlayerId, string>(gathered.players.map(({ id, name }) => [id, name]));
  return (player) => nameById.get(player) ?? player;
}

type RoundFigures = {
  readonly round: number;
  readonly policy: PolicyId;
  readonly previous: PolicyId;
  readonly first: PolicyId;
  readonly worst: PlayerId | null;
  readonly trainingFlips: ResultSummary["rounds"][number]["trainingFlips"];
  readonly gainOnTeacher: ResultSummary["rounds"][number]["gainOnTeacher"];
};

/** Rounds whose policy was measured. */
function roundsOf(input: SummaryInput, worst: readonly WorstCase[]): RoundFigures[] {
  const { rounds, gathered } = input;
  return rounds.flatMap((round) => {
    const policy = round.newPolicyId;
    if (policy === null || !gathered.players.some((player) => player.id === policy)) return [];
    return [
      {
        round: round.number,
        policy,
        previous: round.policyId,
        first: rounds[0]?.policyId ?? round.policyId,
        worst: worst.find((one) => one.player === policy)?.opponent ?? null,
        trainingFlips: round.bothOrders === 0 ? null : { bothOrders: round.bothOrders, flips: round.flips },
        gainOnTeacher: gainOnTeacher(input, policy, round.policyId),
      },
    ];
  });
}

function newestStep(rounds: readonly RoundFigures[]): ChoiceInput["step"] {
  const newest = rounds.at(-1);
  return newest === undefined ? null : { newest: newest.policy, previous: newest.previous, first: newest.first };
}

function gainOnTeacher(input: SummaryInput, policy: PolicyId, previous: PolicyId): RoundFigures["gainOnTeacher"] {
  const against = (one: PolicyId): GatheredDuel | undefined => input.gathered.duels.find((duel) => duel.first === one && duel.second === "teacher");
  const [after, before] = [against(policy), against(previous)];
  if (after === undefined || before === undefined) return null;
  const { n, difference, low, high } = pairedDifference(after.outcomes, before.outcomes, input);
  return { n, difference, low, high };
}

function namedRound(round: RoundFigures, nameOf: (player: PlayerId) => string): ResultSummary["rounds"][number] {
  return {
    ...round,
    policy: nameOf(round.policy),
    previous: nameOf(round.previous),
    first: nameOf(round.first),
    worst: round.worst === null ? null : nameOf(round.worst),
  };
}

function playersOf(input: SummaryInput, worst: readonly WorstCase[], mixture: Mixture | undefined): PlayerView[] {
  const nameOf = namesOf(input);
  const ratings = ratingsOf(input);
  return input.gathered.players.map(({ id, name, samples }) => {
    const case_ = worst.find((one) => one.player === id);
    return {
      name,
      kind: id === "teacher" ? "teacher" : "policy",
      round: input.rounds.find((round) => round.newPolicyId === id)?.number ?? null,
      traits: responseTraits(samples),
      worstCase:
        case_ === undefined
          ? null
          : {
              opponent: nameOf(case_.opponent),
              winRate: case_.winRate,
              low: case_.low,
              high: case_.high,
              met: case_.met,
              opponents: case_.opponents,
            },
      mixtureShare: mixture?.shares.find((share) => share.player === id)?.share ?? null,
      rating: ratings.get(id) ?? null,
    };
  });
}

/** Of policies alone: the ridge keeps an undefeated one finite. */
function ratingsOf(input: SummaryInput): Map<PlayerId, PlayerView["rating"]> {
  const scores = input.gathered.duels.flatMap(({ first, second, outcomes }) =>
    first === "teacher" || second === "teacher"
      ? []
      : outcomes.flatMap(({ promptId, score }) => (score === null ? [] : [{ promptId, firstId: first, secondId: second, score }])),
  );
  const rated = ratePolicies({
    scores,
    ridge: DEFAULT_RIDGE,
    confidence: input.confidence,
    bootstrapSamples: Math.min(input.bootstrapSamples, MAX_RATING_RESAMPLES),
    seed: input.seed,
  });
  if (rated.kind !== "rated") return new Map();
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return new Map(rated.ratings.map(({ policyId, rating, low, high, rank }) => [policyId, { rating, low: finite(low), high: finite(high), rank }]));
}

async function duelViews(input: SummaryInput, measured: readonly PolicyDuel[], rounds: readonly RoundFigures[]): Promise<DuelView[]> {
  const nameOf = namesOf(input);
  const views: DuelView[] = [];
  for (const [i, duel] of measured.entries()) {
    const gathered = input.gathered.duels[i];
    if (gathered === undefined) continue;
    const { meanLength, opponentMeanLength } = meanLengthsOf(gathered.outcomes);
    views.push({
      ...duel,
      first: nameOf(duel.first),
      second: nameOf(duel.second),
      meanLength,
      opponentMeanLength,
      bothOrders: gathered.bothOrders,
      ordersDisagree: gathered.ordersDisagree,
      lengthControlled: isShownControlled(duel, rounds, firstOf(input)) ? lengthControlOf(input, gathered) : null,
    });
    await nextTurn();
  }
  return views;
}

/** The policy that the first round began from, or else the first that was added. */
function firstOf({ rounds, gathered }: SummaryInput): PlayerId | undefined {
  return rounds[0]?.policyId ?? gathered.players[0]?.id;
}

/** Duels of any policy with the first, and of a round's policy with another standing opponent or its worst case: as many as there are policies, not pairs. */
function isShownControlled({ first, second }: PolicyDuel, rounds: readonly RoundFigures[], start: PlayerId | undefined): boolean {
  if (start !== undefined && (first === start || second === start)) return true;
  return rounds.some((round) => {
    const other = round.policy === first ? second : round.policy === second ? first : undefined;
    return other !== undefined && (other === "teacher" || other === round.previous || other === round.worst);
  });
}

function lengthControlOf(input: SummaryInput, { outcomes }: GatheredDuel): DuelView["lengthControlled"] {
  const calibration = calibrationFor(
    input.calibration,
    outcomes.map(({ promptId }) => promptId),
  );
  const found = lengthControlledWinRate({
    outcomes,
    ...(calibration === undefined ? {} : { calibration }),
    confidence: input.confidence,
    bootstrapSamples: Math.min(input.bootstrapSamples, MAX_REFITS),
    seed: input.seed,
  });
  if (found.kind === "undetermined") return { kind: found.kind, reason: found.reason };
  const { kind, formula, winRate, standardError, low, high, isExtreme } = found;
  return { kind, formula, winRate, standardError, low, high, isExtreme };
}
