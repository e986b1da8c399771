/** The results as one HTML page that stands alone: for a colleague who has no lab. */
import { NotFoundError } from "#app/base/errors.ts";
import { FORMULA_WORDS, isUnclear, ROLE_WORDS, roundDuels, duelBetween } from "#app/contract/result-tables.ts";
import type { ExampleView, ResultOverview } from "#app/contract/result-views.ts";
import { fixed, LANGUAGE, shortPercent as percent } from "#app/text/language.ts";
import { reportWords as words } from "#app/text/report.ts";
import { resultWords } from "#app/text/results.ts";
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
  if (results === null) throw new NotFoundError(resultWords.nothingEvaluated(split));
  const { name } = presentSettings(lab);
  const body = [
    lead(name, results),
    chosen(lab),
    section(words.sections.winRates, `${winRateCharts(results)}\n${winRates(results)}`),
    section(words.sections.headToHead, matrix(results)),
    ...(results.cycles.clear.length === 0 ? [] : [section(words.sections.cycles, cycles(results))]),
    section(words.sections.circles, circles(results)),
    section(words.sections.policies, policies(results)),
    ...examples(lab, results),
    `<footer><p>${escape(words.madeBy(new Date(lab.clock.nowMs()).toISOString().slice(0, 10), results.confidence, results.duels.length))}</p></footer>`,
  ].join("\n");
  return `<!doctype html>\n<html lang="${LANGUAGE}">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>${escape(words.title(name))}</title>\n<style>${REPORT_STYLE}</style>\n</head>\n<body>\n<main>\n${body}\n</main>\n</body>\n</html>\n`;
}

function section(title: string, content: string): string {
  return `<section>\n<h2>${escape(title)}</h2>\n${content}\n</section>`;
}

function lead(name: string, results: ResultOverview): string {
  const facts = [
    words.prompts(results.prompts, results.split),
    ...(results.judgedBy.length === 0 ? [] : [words.judgedBy(results.judgedBy)]),
    ...(results.split === "test" ? [words.testLooks(results.testLooks)] : []),
  ];
  const choice = results.choice === null ? "" : `<p class="claim">${escape(results.choice.headline)}</p>\n<p>${escape(results.choice.reason)}</p>\n`;
  return `<h1>${escape(name)}</h1>\n${choice}<p class="quiet">${escape(facts.join(" "))}</p>`;
}

function chosen(lab: LabContext): string {
  const choice = newestChoice(lab.store.db);
  return choice === undefined ? "" : `<p><b>${escape(words.chose(choice.author, choice.policy))}</b>: ${escape(choice.reason)}</p>`;
}

function winRates(results: ResultOverview): string {
  const rows = roundDuels(results).map(({ round, policy, roles, duel }) => {
    const control = duel.lengthControlled;
    const controlled =
      control?.kind === "estimated"
        ? `${percent(control.winRate)} % <span class="quiet">${escape(words.range(control.low, control.high, FORMULA_WORDS[control.formula]))}</span>`
        : `<span class="quiet">${words.notTold}</span>`;
    return `<tr><th scope="row">${round}</th><td>${escape(policy)}</td><td>${escape(duel.second)} <span class="quiet">${escape(roles.map((role) => ROLE_WORDS[role]).join(", "))}</span></td><td>${whisker(duel.low, duel.winRate, duel.high, isUnclear(duel))}</td><td class="number">${percent(duel.winRate)} % <span class="quiet">${percent(duel.low)}–${percent(duel.high)}</span></td><td>${controlled}</td><td class="number">${duel.n}</td><td class="number">${Math.round(duel.meanLength)} / ${Math.round(duel.opponentMeanLength)}</td></tr>`;
  });
  const { columns } = words;
  const head = [columns.round, columns.policy, columns.opponent, "", columns.winRate, columns.controlled, columns.n, columns.meanCharacters];
  return `<table>\n<thead><tr>${head.map((one) => `<th scope="col">${one}</th>`).join("")}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>\n<p class="quiet">${words.hollow}</p>`;
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
  return `<table class="matrix">\n<thead><tr><td></td>${names.map((name) => `<th scope="col">${escape(name)}</th>`).join("")}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>\n<p class="quiet">${words.matrixNote}</p>`;
}

function cycles({ cycles: found, mixture, players }: ResultOverview): string {
  const rings = found.clear.map(
    ({ players: ring }) => `<li>${ring.map((one, i) => escape(words.beats(one, ring[(i + 1) % ring.length] ?? one))).join(", ")}</li>`,
  );
  const shares = players.filter(({ mixtureShare }) => (mixtureShare ?? 0) > 0).map(({ name, mixtureShare }) => words.share(mixtureShare ?? 0, name));
  const mixed = mixture === null ? "" : `<p>${escape(words.mixture(shares))}</p>`;
  return `<ul>${rings.join("")}</ul>\n<p>${words.noScore}</p>${mixed}`;
}

function circles({ circles: found, confidence }: ResultOverview): string {
  const note = words.circlesNote(found.circular.clusters, confidence, found.drawnIn.cases > 0);
  const means = found.verdict === "noScore" ? `<p>${words.noStep}</p>` : "";
  return `<p>${escape(found.sentence)}</p>${means}<p class="quiet">${note}</p>`;
}

function policies({ players }: ResultOverview): string {
  const rows = players.map(({ name, worstCase, traits, kind }) => {
    const worst =
      worstCase === null
        ? ""
        : `${percent(worstCase.winRate)} % <span class="quiet">${escape(words.range(worstCase.low, worstCase.high, words.against(worstCase.opponent)))}</span>`;
    const own =
      kind === "teacher" ? ["", "", ""] : [fixed(traits.meanTokens, 1), `${percent(traits.finishedShare)} %`, `${percent(traits.repetitiveShare)} %`];
    const threeDigits = (value: number | null): string => (value === null ? "" : fixed(value, 3));
    const cells = [fixed(traits.meanCharacters, 1), ...own, threeDigits(traits.distinctPairs), threeDigits(traits.natsPerToken)];
    return `<tr><th scope="row">${escape(name)}</th><td>${worst}</td>${cells.map((cell) => `<td class="number">${cell}</td>`).join("")}</tr>`;
  });
  const { columns } = words;
  const { policy, worstCase: worst, meanCharacters, meanTokens, finished, repetitive, distinct, nats } = columns;
  const head = [policy, worst, meanCharacters, meanTokens, finished, repetitive, distinct, nats];
  return `<table>\n<thead><tr>${head.map((one) => `<th scope="col">${one}</th>`).join("")}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>`;
}

/** A few prompts that the newest policy won and lost against the one before it. */
function examples(lab: LabContext, results: ResultOverview): string[] {
  const newest = results.rounds.at(-1);
  if (newest === undefined || duelBetween(results, newest.policy, newest.previous) === undefined) return [];
  const ask = { split: results.split, first: newest.policy, second: newest.previous, offset: 0, limit: EXAMPLES_EACH };
  const rows = (["won", "lost"] as const).flatMap((filter) => examplesOf(lab, { ...ask, filter }).rows);
  if (rows.length === 0) return [];
  const title = words.sections.examples(newest.policy, newest.previous);
  return [section(title, rows.map((row) => example(row, newest.policy, newest.previous)).join("\n"))];
}

function example(row: ExampleView, first: string, second: string): string {
  const text = (name: string, response: string | null): string =>
    `<div><h4>${escape(name)}</h4><pre>${escape(response ?? words.noResponse)}</pre></div>`;
  return `<article><h3><span class="tag">${words.outcomes[row.outcome]}</span> <span>${escape(row.prompt)}</span></h3><div class="two">${text(first, row.response)}${text(second, row.opponentResponse)}</div></article>`;
}
