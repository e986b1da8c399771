/** The results as one HTML page that stands alone: for a colleague who has no lab. */
import { NotFoundError } from "#app/base/errors.ts";
import { FORMULA_WORDS, isUnclear, ROLE_WORDS, roundDuels, duelBetween } from "#app/contract/result-tables.ts";
import type { ExampleView, ResultOverview } from "#app/contract/result-views.ts";
import { newestChoice } from "#main/store/queries/choices.ts";
import type { LabContext } from "../context.ts";
import { type ReportedSplit, resultsOf } from "../evaluations/summary.ts";
import { examplesOf } from "./examples.ts";
import { presentSettings } from "./present-settings.ts";
import { winRateCharts } from "./report-charts.ts";
import { escape, REPORT_STYLE, whisker } from "./report-parts.ts";

const EXAMPLES_EACH = 5;

/** Throws NotFoundError before anything has been evaluated on the split. */
export async function reportOf(lab: LabContext, split: ReportedSplit): Promise<string> {
  const results = await resultsOf(lab, split);
  if (results === null) throw new NotFoundError(`nothing has been evaluated on ${split} prompts yet, so there is no result to report`);
  const { name } = presentSettings(lab);
  const body = [
    lead(name, results),
    chosen(lab),
    section("Win rate by round", `${winRateCharts(results)}\n${winRates(results)}`),
    section("Everyone against everyone", matrix(results)),
    ...(results.cycles.clear.length === 0 ? [] : [section("Preferences go round", cycles(results))]),
    section("Circles among answers", circles(results)),
    section("Policies and their responses", policies(results)),
    ...examples(lab, results),
    `<footer><p>Made by Nash Lab on ${escape(new Date(lab.clock.nowMs()).toISOString().slice(0, 10))}. Intervals of ${percent(results.confidence)} % hold for all ${results.duels.length} comparisons together, over prompts like these and for this oracle; they do not cover that the oracle may be biased.</p></footer>`,
  ].join("\n");
  return `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>${escape(`${name}: results`)}</title>\n<style>${REPORT_STYLE}</style>\n</head>\n<body>\n<main>\n${body}\n</main>\n</body>\n</html>\n`;
}

function section(title: string, content: string): string {
  return `<section>\n<h2>${escape(title)}</h2>\n${content}\n</section>`;
}

function lead(name: string, results: ResultOverview): string {
  const looks = results.split === "test" ? ` The test split has been looked at ${times(results.testLooks)}; it reports and does not choose.` : "";
  const judged = results.judgedBy.length === 0 ? "" : ` Judged by ${escape(list(results.judgedBy))}.`;
  const words = results.choice === null ? "" : `<p class="claim">${escape(results.choice.headline)}</p>\n<p>${escape(results.choice.reason)}</p>\n`;
  return `<h1>${escape(name)}</h1>\n${words}<p class="quiet">${results.prompts} held-out ${results.split} prompts.${judged}${looks}</p>`;
}

function chosen(lab: LabContext): string {
  const choice = newestChoice(lab.store.db);
  return choice === undefined ? "" : `<p><b>${escape(choice.author)} chose ${escape(choice.policy)}</b>: ${escape(choice.reason)}</p>`;
}

function winRates(results: ResultOverview): string {
  const rows = roundDuels(results).map(({ round, policy, roles, duel }) => {
    const control = duel.lengthControlled;
    const controlled =
      control?.kind === "estimated"
        ? `${percent(control.winRate)} % <span class="quiet">${percent(control.low)}–${percent(control.high)}, ${escape(FORMULA_WORDS[control.formula])}</span>`
        : `<span class="quiet">not told</span>`;
    return `<tr><th scope="row">${round}</th><td>${escape(policy)}</td><td>${escape(duel.second)} <span class="quiet">${escape(roles.map((role) => ROLE_WORDS[role]).join(", "))}</span></td><td>${whisker(duel.low, duel.winRate, duel.high, isUnclear(duel))}</td><td class="number">${percent(duel.winRate)} % <span class="quiet">${percent(duel.low)}–${percent(duel.high)}</span></td><td>${controlled}</td><td class="number">${duel.n}</td><td class="number">${Math.round(duel.meanLength)} / ${Math.round(duel.opponentMeanLength)}</td></tr>`;
  });
  const head = ["Round", "Policy", "Opponent", "", "Win rate", "Length-controlled", "n", "Mean characters"];
  return `<table>\n<thead><tr>${head.map((one) => `<th scope="col">${one}</th>`).join("")}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>\n<p class="quiet">Hollow: the interval holds 50 %, so no direction can be told.</p>`;
}

function matrix(results: ResultOverview): string {
  const names = results.players.map((player) => player.name);
  const rows = names.map((row) => {
    const cells = names.map((column) => {
      const duel = duelBetween(results, row, column);
      if (duel === undefined) return `<td class="cell">${row === column ? "" : "–"}</td>`;
      const kind = isUnclear(duel) ? "unclear" : duel.winRate > 0.5 ? "wins" : "loses";
      return `<td class="cell ${kind}" title="${percent(duel.low)}–${percent(duel.high)}, n ${duel.n}">${Math.round(100 * duel.winRate)}</td>`;
    });
    return `<tr><th scope="row">${escape(row)}</th>${cells.join("")}</tr>`;
  });
  return `<table class="matrix">\n<thead><tr><td></td>${names.map((name) => `<th scope="col">${escape(name)}</th>`).join("")}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>\n<p class="quiet">Row beats column, %. Outlined: not significant.</p>`;
}

function cycles({ cycles: found, mixture, players }: ResultOverview): string {
  const rings = found.clear.map(
    ({ players: ring }) => `<li>${ring.map((one, i) => `${escape(one)} beats ${escape(ring[(i + 1) % ring.length] ?? one)}`).join(", ")}</li>`,
  );
  const shares = players
    .filter(({ mixtureShare }) => (mixtureShare ?? 0) > 0)
    .map(({ name, mixtureShare }) => `${percent(mixtureShare ?? 0)} % ${name}`);
  const mixed = mixture === null ? "" : `<p>A mixture that nobody beats as measured: ${escape(list(shares))}, drawn anew for each request.</p>`;
  return `<ul>${rings.join("")}</ul>\n<p>No single score can order these policies, so worst cases are compared instead.</p>${mixed}`;
}

function circles({ circles: found, confidence }: ResultOverview): string {
  const both = found.drawnIn.cases === 0 ? "" : " for both shares together";
  const means = found.verdict === "noScore" ? "<p>A win over one opponent is then no step forward, and a rating says nothing.</p>" : "";
  return `<p>${escape(found.sentence)}</p>${means}<p class="quiet">Of the verdicts on which policies were trained, ${found.circular.clusters} prompts; intervals of ${percent(confidence)} % hold${both}, over prompts like these.</p>`;
}

function policies({ players }: ResultOverview): string {
  const rows = players.map(({ name, worstCase, traits, kind }) => {
    const worst =
      worstCase === null
        ? ""
        : `${percent(worstCase.winRate)} % <span class="quiet">${percent(worstCase.low)}–${percent(worstCase.high)}, against ${escape(worstCase.opponent)}</span>`;
    const own =
      kind === "teacher"
        ? ["", "", ""]
        : [traits.meanTokens.toFixed(1), `${percent(traits.finishedShare)} %`, `${percent(traits.repetitiveShare)} %`];
    const cells = [traits.meanCharacters.toFixed(1), ...own, traits.distinctPairs?.toFixed(3) ?? "", traits.natsPerToken?.toFixed(3) ?? ""];
    return `<tr><th scope="row">${escape(name)}</th><td>${worst}</td>${cells.map((cell) => `<td class="number">${cell}</td>`).join("")}</tr>`;
  });
  const head = ["Policy", "Worst case", "Mean characters", "Mean tokens", "Finished", "Repetitive", "Distinct word pairs", "Nats a token"];
  return `<table>\n<thead><tr>${head.map((one) => `<th scope="col">${one}</th>`).join("")}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>`;
}

/** A few prompts that the newest policy won and lost against the one before it. */
function examples(lab: LabContext, results: ResultOverview): string[] {
  const newest = results.rounds.at(-1);
  if (newest === undefined || duelBetween(results, newest.policy, newest.previous) === undefined) return [];
  const ask = { split: results.split, first: newest.policy, second: newest.previous, offset: 0, limit: EXAMPLES_EACH };
  const rows = (["won", "lost"] as const).flatMap((filter) => examplesOf(lab, { ...ask, filter }).rows);
  if (rows.length === 0) return [];
  const title = `${newest.policy} against ${newest.previous}, some answers`;
  return [section(title, rows.map((row) => example(row, newest.policy, newest.previous)).join("\n"))];
}

function example(row: ExampleView, first: string, second: string): string {
  const text = (name: string, response: string | null): string =>
    `<div><h4>${escape(name)}</h4><pre>${escape(response ?? "(no response)")}</pre></div>`;
  return `<article><h3><span class="tag">${row.outcome}</span> <span>${escape(row.prompt)}</span></h3><div class="two">${text(first, row.response)}${text(second, row.opponentResponse)}</div></article>`;
}

function percent(share: number): string {
  return (100 * share).toFixed(1).replace(/\.0$/u, "");
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}
