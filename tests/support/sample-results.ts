/** Two small rounds as results show them, for tests of tables and charts. */
import type { DuelView, PlayerView, ResultSummary } from "#app/contract/result-views.ts";

export function duel(first: string, second: string, winRate: number): DuelView {
  const counts = { n: 100, missing: 2, won: 60, lost: 30, tied: 10, bothOrders: 90, ordersDisagree: 9 };
  const control = {
    kind: "estimated",
    formula: "minimal",
    winRate: winRate - 0.05,
    standardError: 0.04,
    low: winRate - 0.15,
    high: winRate + 0.05,
    isExtreme: false,
  } as const;
  return {
    first,
    second,
    ...counts,
    winRate,
    standardError: 0.05,
    low: winRate - 0.1,
    high: winRate + 0.1,
    interval: "maxTBootstrap",
    meanLength: 120,
    opponentMeanLength: 100,
    lengthControlled: control,
  };
}

function player(name: string): PlayerView {
  const traits = { n: 1, meanCharacters: 1, meanTokens: 1, finishedShare: 1, repetitiveShare: 0, distinctPairs: null, natsPerToken: null };
  return { name, kind: name === "teacher" ? "teacher" : "policy", round: null, traits, worstCase: null, mixtureShare: null, rating: null };
}

const round = { trainingFlips: null, gainOnTeacher: null, first: "r0" } as const;
export const results: ResultSummary = {
  split: "validation",
  prompts: 100,
  confidence: 0.95,
  players: ["r0", "r1", "r2", "teacher"].map(player),
  duels: [duel("r1", "r0", 0.65), duel("r2", "r1", 0.55), duel("r2", "r0", 0.6), duel("r1", "teacher", 0.2)],
  rounds: [
    { ...round, round: 1, policy: "r1", previous: "r0", worst: "r2" },
    { ...round, round: 2, policy: "r2", previous: "r1", worst: "r1" },
  ],
  cycles: { triples: 0, triplesMeasured: 1, clear: [] },
  circles: {
    verdict: "scorePossible",
    sentence: "In 1 of 8 triples the verdicts run in a circle.",
    circular: { cases: 8, ofKind: 1, share: 0.125, low: 0.02, high: 0.5, clusters: 4 },
    drawnIn: { cases: 2, ofKind: 1, share: 0.5, low: 0.1, high: 0.9, clusters: 1 },
    rounds: [{ round: 1, triples: 8, circular: 1, fourths: 2, drawnIn: 1 }],
  },
  mixture: null,
  choice: null,
  unmetPairs: 2,
  judgedBy: ["Ada"],
};
