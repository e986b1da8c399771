/** Results as tables that every host shows alike: on the page, in the terminal, as CSV and in the report. */
import { csvRecord } from "#app/base/csv.ts";
import { resultWords } from "#app/text/results.ts";
import type { DuelView, ResultOverview, ResultSummary } from "./result-views.ts";
import type { WatchFigures } from "./views.ts";

export type OpponentRole = "previous" | "first" | "teacher" | "worst";

/** The standing opponents in the order in which they are drawn, and what they are called. */
export const OPPONENT_ROLES: readonly OpponentRole[] = ["previous", "first", "teacher", "worst"];
export const ROLE_WORDS: Readonly<Record<OpponentRole, string>> = resultWords.roles;

/** The formulas of length control in words. */
export const FORMULA_WORDS = resultWords.formulas;

/** The duel of two players seen from the first; undefined where they have not met. */
export function duelBetween(results: Pick<ResultSummary, "duels">, first: string, second: string): DuelView | undefined {
  const direct = results.duels.find((duel) => duel.first === first && duel.second === second);
  if (direct !== undefined) return direct;
  const other = results.duels.find((duel) => duel.first === second && duel.second === first);
  return other && turned(other);
}

function turned(duel: DuelView): DuelView {
  const { lengthControlled } = duel;
  return {
    ...duel,
    first: duel.second,
    second: duel.first,
    won: duel.lost,
    lost: duel.won,
    winRate: 1 - duel.winRate,
    low: 1 - duel.high,
    high: 1 - duel.low,
    meanLength: duel.opponentMeanLength,
    opponentMeanLength: duel.meanLength,
    lengthControlled:
      lengthControlled?.kind === "estimated"
        ? { ...lengthControlled, winRate: 1 - lengthControlled.winRate, low: 1 - lengthControlled.high, high: 1 - lengthControlled.low }
        : lengthControlled,
  };
}

export type RoundDuel = { readonly round: number; readonly policy: string; readonly roles: readonly OpponentRole[]; readonly duel: DuelView };

/** Each round's policy against its standing opponents; one that fills several roles comes once. */
export function roundDuels(results: ResultSummary): RoundDuel[] {
  return results.rounds.flatMap((round) => {
    const opponentOf: Readonly<Record<OpponentRole, string | null>> = {
      previous: round.previous,
      first: round.first,
      teacher: "teacher",
      worst: round.worst,
    };
    const opponents = [...new Set(OPPONENT_ROLES.flatMap((role) => opponentOf[role] ?? []))];
    return opponents.flatMap((opponent) => {
      const duel = duelBetween(results, round.policy, opponent);
      const roles = OPPONENT_ROLES.filter((role) => opponentOf[role] === opponent);
      return duel === undefined ? [] : [{ round: round.round, policy: round.policy, roles, duel }];
    });
  });
}

/** True if the interval holds one half, or there are too few prompts to say anything: drawn hollow, in no colour. */
export function isUnclear(duel: Pick<DuelView, "low" | "high" | "n">): boolean {
  return duel.n < FEW_PROMPTS || (duel.low <= 0.5 && duel.high >= 0.5);
}

/** Fewer prompts than this say nothing. */
export const FEW_PROMPTS = 20;

export type Cell = string | number | null;
export type ResultTable = {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
};

/** Every figure in full precision; shares of 1. */
export function resultTables(results: ResultSummary & Pick<ResultOverview, "watch">): ResultTable[] {
  return [
    winRateTable(results),
    headToHeadTable(results),
    policyTable(results),
    circleTable(results),
    flipTable(results),
    gainTable(results),
    watchTable(results),
  ];
}

function winRateTable(results: ResultSummary): ResultTable {
  return {
    id: "win-rates",
    title: resultWords.tables.winRates,
    columns: ["round", "policy", "opponent", "roles", ...DUEL_COLUMNS, ...CONTROL_COLUMNS],
    rows: roundDuels(results).map(({ round, policy, roles, duel }) => [
      round,
      policy,
      duel.second,
      roles.map((role) => ROLE_WORDS[role]).join(", "),
      ...duelCells(duel),
      ...controlCells(duel),
    ]),
  };
}

function headToHeadTable(results: ResultSummary): ResultTable {
  const names = results.players.map((player) => player.name);
  return {
    id: "head-to-head",
    title: resultWords.tables.headToHead,
    columns: ["row", "column", ...DUEL_COLUMNS],
    rows: names.flatMap((row) =>
      names.flatMap((column) => {
        const duel = duelBetween(results, row, column);
        return duel === undefined ? [] : [[row, column, ...duelCells(duel)]];
      }),
    ),
  };
}

const DUEL_COLUMNS = [
  "n",
  "missing",
  "won",
  "lost",
  "tied",
  "win_rate",
  "standard_error",
  "low",
  "high",
  "interval",
  "mean_characters",
  "opponent_mean_characters",
  "both_orders",
  "orders_disagree",
];

function duelCells(duel: DuelView): Cell[] {
  const { n, missing, won, lost, tied, winRate, standardError, low, high, interval, meanLength, opponentMeanLength, bothOrders, ordersDisagree } =
    duel;
  return [n, missing, won, lost, tied, winRate, standardError, low, high, interval, meanLength, opponentMeanLength, bothOrders, ordersDisagree];
}

const CONTROL_COLUMNS = ["length_control", "length_controlled_win_rate", "length_controlled_low", "length_controlled_high"];

function controlCells({ lengthControlled }: DuelView): Cell[] {
  if (lengthControlled?.kind !== "estimated") return [lengthControlled?.reason ?? null, null, null, null];
  return [lengthControlled.formula, lengthControlled.winRate, lengthControlled.low, lengthControlled.high];
}

function policyTable(results: ResultSummary): ResultTable {
  return {
    id: "policies",
    title: resultWords.tables.policies,
    columns: [
      "name",
      "round",
      "worst_case",
      "worst_case_low",
      "worst_case_high",
      "worst_opponent",
      "mixture_share",
      "rating",
      "rating_low",
      "rating_high",
      "responses",
      "mean_characters",
      "mean_tokens",
      "finished_share",
      "repetitive_share",
      "distinct_pairs",
      "nats_per_token",
    ],
    rows: results.players.map(({ name, round, worstCase, mixtureShare, rating, traits, kind }) => [
      name,
      round,
      worstCase?.winRate ?? null,
      worstCase?.low ?? null,
      worstCase?.high ?? null,
      worstCase?.opponent ?? null,
      mixtureShare,
      rating?.rating ?? null,
      rating?.low ?? null,
      rating?.high ?? null,
      traits.n,
      traits.meanCharacters,
      kind === "teacher" ? null : traits.meanTokens,
      kind === "teacher" ? null : traits.finishedShare,
      kind === "teacher" ? null : traits.repetitiveShare,
      traits.distinctPairs,
      traits.natsPerToken,
    ]),
  };
}

/** All rounds together in the last row, with intervals that hold for both shares at once. */
function circleTable({ circles }: ResultSummary): ResultTable {
  const { circular, drawnIn } = circles;
  const shareCells = ({ share, low, high }: typeof circular): Cell[] => [share, low, high];
  return {
    id: "circles",
    title: resultWords.tables.circles,
    columns: [
      "round",
      "triples",
      "circular",
      ...SHARE_COLUMNS,
      "circles_with_a_fourth",
      "drawn_in",
      ...SHARE_COLUMNS.map((name) => `drawn_in_${name}`),
    ],
    rows: [
      ...circles.rounds.map((one) => [
        one.round,
        one.triples,
        one.circular,
        ratio(one.circular, one.triples),
        null,
        null,
        one.fourths,
        one.drawnIn,
        ratio(one.drawnIn, one.fourths),
        null,
        null,
      ]),
      ["all", circular.cases, circular.ofKind, ...shareCells(circular), drawnIn.cases, drawnIn.ofKind, ...shareCells(drawnIn)],
    ],
  };
}

const SHARE_COLUMNS = ["share", "low", "high"];

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function flipTable(results: ResultSummary): ResultTable {
  return {
    id: "flips",
    title: resultWords.tables.flips,
    columns: ["round", "policy", "training_both_orders", "training_flips", "opponent", "evaluation_both_orders", "evaluation_flips"],
    rows: results.rounds.map(({ round, policy, previous, trainingFlips }) => {
      const duel = duelBetween(results, policy, previous);
      return [
        round,
        policy,
        trainingFlips?.bothOrders ?? null,
        trainingFlips?.flips ?? null,
        previous,
        duel?.bothOrders ?? null,
        duel?.ordersDisagree ?? null,
      ];
    }),
  };
}

function gainTable(results: ResultSummary): ResultTable {
  return {
    id: "gain-on-the-teacher",
    title: resultWords.tables.gain,
    columns: ["round", "policy", "previous", "n", "gain", "low", "high"],
    rows: results.rounds.flatMap(({ round, policy, previous, gainOnTeacher: gain }) =>
      gain === null ? [] : [[round, policy, previous, gain.n, gain.difference, gain.low, gain.high]],
    ),
  };
}

/** The collapse watch; the first policy, which belongs to no round, on top. */
function watchTable({ watch }: Pick<ResultOverview, "watch">): ResultTable {
  const [first] = watch;
  return {
    id: "collapse-watch",
    title: resultWords.tables.watch,
    columns: [
      ...["round", "policy", "responses", "tokens", "mean_tokens", "kl_nats", "kl_standard_error", "kl_nats_per_token"],
      ...["entropy_nats_per_token", "distinct_1", "distinct_2", "distinct_3", "finished_share", "perplexity", "neutral_tokens", "warnings"],
    ],
    rows: [
      ...(first === undefined ? [] : [watchCells(null, first.first, [])]),
      ...watch.map(({ round, now, warnings }) => watchCells(round, now, warnings)),
    ],
  };
}

function watchCells(round: number | null, figures: WatchFigures, warnings: readonly string[]): ResultTable["rows"][number] {
  const { policy, responses, tokens, meanTokens, klNats, klStandardError, klNatsPerToken, entropyNatsPerToken } = figures;
  return [
    ...[round, policy, responses, tokens, meanTokens, klNats, klStandardError, klNatsPerToken, entropyNatsPerToken],
    ...[...figures.distinct, figures.finishedShare, figures.perplexity, figures.neutralTokens, warnings.join(" ")],
  ];
}

/** The table as CSV; null is empty. */
export function toCsv({ columns, rows }: Pick<ResultTable, "columns" | "rows">): string {
  return [columns, ...rows].map(csvRecord).join("");
}
