/** The reason that opens the results, cut at its figures: each leads to the answers behind it, those of circles to the verdicts. */
import { duelBetween } from "#app/contract/result-tables.ts";
import type { DuelView, ResultSummary } from "#app/contract/result-views.ts";
import { circleWords } from "#app/text/circles.ts";
import { percent } from "../design/format.ts";

type Answers = Pick<DuelView, "first" | "second">;

export type ClaimPart = {
  readonly words: string;
  /** Whose answers, or the ledger of verdicts; null between the figures. */
  readonly leadsTo: Answers | "verdicts" | null;
};

/** All parts together are the reason, word for word. A figure is found by itself, wherever the words around it come to stand. */
export function claimParts(results: ResultSummary): readonly ClaimPart[] {
  const reason = results.choice?.reason ?? "";
  const parts: ClaimPart[] = [];
  let done = 0;
  const cut = ({ begins, holds, leadsTo }: Figure, before: number): void => {
    const start = reason.indexOf(begins, done);
    if (start === -1 || start >= before) return;
    // With the bracket that holds its interval: "57.8 % against r3 (95 % interval 52.6–62.8, n 320)".
    const interval = reason.indexOf(holds, start);
    const bracket = interval === -1 ? -1 : reason.indexOf(")", interval);
    const end = bracket === -1 ? start + begins.length : bracket + 1;
    parts.push({ words: reason.slice(done, start), leadsTo: null }, { words: reason.slice(start, end), leadsTo });
    done = end;
  };
  const { sentence } = results.circles;
  if (reason.includes(sentence)) {
    const end = reason.indexOf(sentence) + sentence.length;
    for (const figure of circleFigures(results)) cut(figure, end);
    // What is left of it may hold figures that a rate has too.
    parts.push({ words: reason.slice(done, end), leadsTo: null });
    done = end;
  }
  for (const figure of rateFigures(results)) cut(figure, reason.length);
  return [...parts, { words: reason.slice(done), leadsTo: null }].filter(({ words }) => words !== "");
}

type Figure = {
  readonly begins: string;
  /** Stands in the bracket that belongs to it. */
  readonly holds: string;
  readonly leadsTo: Answers | "verdicts";
};

function circleFigures({ circles }: ResultSummary): Figure[] {
  return [circles.circular, circles.drawnIn].map((share) => ({ begins: circleWords.figure(share), holds: "%", leadsTo: "verdicts" }));
}

/** What the reason may speak of, in its order: the newest policy against the one before it and the first, the worst case of the recommended one. */
function rateFigures(results: ResultSummary): Figure[] {
  const newest = results.rounds.at(-1);
  const opponents = newest === undefined ? [] : [...new Set([newest.previous, newest.first])];
  const steps = opponents.flatMap((opponent) => duelBetween(results, newest?.policy ?? "", opponent) ?? []);
  const recommended = results.players.find(({ name }) => name === results.choice?.recommended);
  const worst = recommended?.worstCase ?? null;
  const rates = [...steps, ...(recommended === undefined || worst === null ? [] : [{ ...worst, first: recommended.name, second: worst.opponent }])];
  return rates.map(({ first, second, winRate, low, high }) => ({
    begins: `${percent(winRate)} %`,
    holds: `${percent(low)}–${percent(high)}`,
    leadsTo: { first, second },
  }));
}
