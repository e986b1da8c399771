/** Results in the terminal: the figures of the page, in the same words. */
import { duelBetween, FEW_PROMPTS, FORMULA_WORDS, isUnclear, ROLE_WORDS, roundDuels } from "#app/contract/result-tables.ts";
import type { ComparisonPlan, DuelView, ResultOverview } from "#app/contract/result-views.ts";
import { count, duration, percent, plural, table } from "./format.ts";

export function resultsText(results: ResultOverview): string {
  const { choice, split, prompts, judgedBy } = results;
  const lead = choice === null ? ["These are test prompts: they report, they do not choose."] : [choice.headline, choice.reason];
  return [
    [...lead, `${count(prompts)} ${split} prompts, judged by ${judgedBy.join(", ")}.`, ...remarks(results)].join("\n"),
    winRates(results),
    matrix(results),
    policies(results),
  ].join("\n\n");
}

function remarks({ split, testLooks, unmetPairs, cycles, circles, choice, mixture, players }: ResultOverview): string[] {
  const shares = players
    .filter((player) => (player.mixtureShare ?? 0) > 0)
    .map(({ name, mixtureShare }) => `${percent(mixtureShare ?? 0)} % ${name}`);
  const [ring] = cycles.clear;
  const goesRound = ring !== undefined || circles.verdict === "noScore";
  return [
    ...(split === "test" ? [`The test split has been looked at ${plural(testLooks, "time")}.`] : []),
    ...(unmetPairs > 0
      ? [`${plural(unmetPairs, "pair")} ${unmetPairs === 1 ? "has" : "have"} not met; nashlab compare says what it would take.`]
      : []),
    ...(ring === undefined
      ? []
      : [`Preferences go round: ${ring.players.map((one, i) => `${one} beats ${ring.players[(i + 1) % ring.players.length] ?? one}`).join(", ")}.`]),
    // Where nothing was measured there is nothing to say, and the choice's reason may have said it.
    ...(circles.verdict === "unmeasured" || choice?.reason.includes(circles.sentence) === true ? [] : [circles.sentence]),
    ...(goesRound && mixture !== null ? [`A mixture that nobody beats as measured: ${shares.join(", ")}.`] : []),
  ];
}

function winRates(results: ResultOverview): string {
  const level = Number((100 * results.confidence).toFixed(1));
  const rows = roundDuels(results).map(({ round, policy, roles, duel }) => [
    String(round),
    policy,
    duel.second,
    roles.map((role) => ROLE_WORDS[role]).join(", "),
    rateText(duel),
    controlText(duel),
    count(duel.n),
    readingOf(duel),
    `${count(duel.meanLength)} / ${count(duel.opponentMeanLength)}`,
  ]);
  const columns = [
    { title: "round", align: "right" as const },
    { title: "policy" },
    { title: "against" },
    { title: "" },
    { title: "win rate" },
    { title: "length-controlled" },
    { title: "n", align: "right" as const },
    { title: "reading" },
    { title: "characters" },
  ];
  return `Win rate by round, ${results.split} prompts, % (${level} % intervals hold for all ${plural(results.duels.length, "comparison")} together)\n${table(columns, rows)}`;
}

function rateText({ winRate, low, high }: Pick<DuelView, "winRate" | "low" | "high">): string {
  return `${percent(winRate)} (${percent(low)}–${percent(high)})`;
}

function controlText({ lengthControlled }: DuelView): string {
  return lengthControlled?.kind === "estimated" ? `${rateText(lengthControlled)} ${FORMULA_WORDS[lengthControlled.formula]}` : "not told";
}

function readingOf(duel: DuelView): string {
  if (duel.n < FEW_PROMPTS) return "too few";
  if (isUnclear(duel)) return "no significant change";
  return duel.winRate > 0.5 ? "better" : "worse";
}

function matrix(results: ResultOverview): string {
  const names = results.players.map((player) => player.name);
  const columns = [{ title: "" }, ...names.map((title) => ({ title, align: "right" as const }))];
  const rows = names.map((row) => [row, ...names.map((column) => cellText(duelBetween(results, row, column), row === column))]);
  return `Everyone against everyone: row beats column, % (~: not significant)\n${table(columns, rows)}`;
}

function cellText(duel: DuelView | undefined, isSelf: boolean): string {
  if (duel === undefined) return isSelf ? "" : "-";
  return `${isUnclear(duel) ? "~" : ""}${Math.round(100 * duel.winRate)}`;
}

function policies(results: ResultOverview): string {
  const right = { align: "right" as const };
  const columns = [
    { title: "policy" },
    { title: "worst case" },
    { title: "against" },
    { title: "mixture", ...right },
    { title: "tokens", ...right },
    { title: "finished", ...right },
    { title: "repetitive", ...right },
    { title: "distinct pairs", ...right },
    { title: "nats a token", ...right },
  ];
  const rows = results.players.map(({ name, worstCase, mixtureShare, traits, kind }) => {
    const own = kind === "teacher" ? ["", "", ""] : [traits.meanTokens.toFixed(1), percent(traits.finishedShare), percent(traits.repetitiveShare)];
    return [
      name,
      worstCase === null ? "" : rateText(worstCase),
      worstCase?.opponent ?? "",
      mixtureShare === null ? "" : percent(mixtureShare),
      ...own,
      traits.distinctPairs?.toFixed(3) ?? "",
      traits.natsPerToken?.toFixed(3) ?? "",
    ];
  });
  return `Policies and their responses\n${table(columns, rows)}`;
}

/** What a comparison would take, line by line. */
export function planText(plan: ComparisonPlan): string {
  if (plan.pairs.length === 0) return "Everyone has met everyone.";
  const time = (ms: number | null): string => (ms === null ? "time not known yet" : `about ${duration(ms)}`);
  const cost = plan.costUsd === null ? "cost not known yet" : plan.costUsd === 0 ? "no cost" : `about $${plan.costUsd.toFixed(2)}`;
  return [
    `${plural(plan.pairs.length, "pair")} to compare on ${plan.split} prompts: ${plan.pairs.map(({ first, second }) => `${first}-${second}`).join(", ")}.`,
    `${plural(plan.samples, "response")} to sample, ${time(plan.samplingMs)}.`,
    plan.isForPeople
      ? `${plural(plan.asks, "comparison")} for people at the most, ${time(plan.judgingMs)}.`
      : `${plural(plan.asks, "comparison")} to judge at the most, ${time(plan.judgingMs)}, ${cost}.`,
    ...(plan.isTestLook ? ["This is one more look at the test prompts."] : []),
  ].join("\n");
}
