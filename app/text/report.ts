/** The words of the report: one HTML page for a colleague. They become HTML where the report is put together, and are escaped there. */
import { count, counted, list, plural, shortPercent } from "./language.ts";
import { nouns } from "./nouns.ts";

export const reportWords = {
  title: (experiment: string) => `${experiment}: results`,
  sections: {
    winRates: "Win rate by round",
    headToHead: "Everyone against everyone",
    cycles: "Preferences go round",
    circles: "Circles among answers",
    policies: "Policies and their responses",
    examples: (policy: string, previous: string) => `${policy} against ${previous}, some answers`,
  },
  madeBy: (day: string, confidence: number, duels: number) =>
    `Made by Nash Lab on ${day}. Intervals of ${shortPercent(confidence)} % hold for all ${duels} comparisons together, over prompts like these and for this oracle; they do not cover that the oracle may be biased.`,
  prompts: (prompts: number, split: string) => `${count(prompts)} held-out ${split} ${plural(prompts, nouns.prompts)}.`,
  judgedBy: (judges: readonly string[]) => `Judged by ${list(judges)}.`,
  testLooks: (looks: number) =>
    `The test split has been looked at ${plural(looks, { one: "once", other: `${looks} times` })}; it reports and does not choose.`,
  chose: (author: string, policy: string) => `${author} chose ${policy}`,
  columns: {
    round: "Round",
    policy: "Policy",
    opponent: "Opponent",
    winRate: "Win rate",
    controlled: "Length-controlled",
    n: "n",
    meanCharacters: "Mean characters",
    worstCase: "Worst case",
    meanTokens: "Mean tokens",
    finished: "Finished",
    repetitive: "Repetitive",
    distinct: "Distinct word pairs",
    nats: "Nats a token",
  },
  notTold: "not told",
  hollow: "Hollow: the interval holds 50 %, so no direction can be told.",
  matrixNote: "Row beats column, %. Outlined: not significant.",
  beats: (winner: string, loser: string) => `${winner} beats ${loser}`,
  noScore: "No single score can order these policies, so worst cases are compared instead.",
  mixture: (shares: readonly string[]) => `A mixture that nobody beats as measured: ${list(shares)}, drawn anew for each request.`,
  share: (share: number, policy: string) => `${shortPercent(share)} % ${policy}`,
  noStep: "A win over one opponent is then no step forward, and a rating says nothing.",
  circlesNote: (prompts: number, confidence: number, areBoth: boolean) =>
    `Of the verdicts on which policies were trained, ${counted(prompts, nouns.prompts)}; intervals of ${shortPercent(confidence)} % hold${areBoth ? " for both shares together" : ""}, over prompts like these.`,
  range: (low: number, high: number, note: string) => `${shortPercent(low)}–${shortPercent(high)}, ${note}`,
  against: (opponent: string) => `against ${opponent}`,
  noResponse: "(no response)",
  outcomes: { won: "won", lost: "lost", tied: "tied", missing: "missing" },
  charts: {
    raw: "Raw",
    controlled: "Length-controlled",
    lengths: "Mean length, characters",
    rates: (title: string, points: string) => `${title} win rates by round. ${points}`,
    point: (policy: string, rate: string, opponent: string, low: string, high: string) =>
      `${policy} wins ${rate} % against ${opponent}, ${low} to ${high}.`,
    bars: (bars: string) => `Mean length in characters. ${bars}.`,
  },
};
