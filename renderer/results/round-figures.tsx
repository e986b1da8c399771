/** What else each round came to: orders that disagree, and the gain on the teacher, prompt by prompt. */
import type { ReactNode } from "react";
import { duelBetween } from "#app/contract/result-tables.ts";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { count, percent } from "../design/format.ts";
import { resultsText } from "../text/results.ts";

export function RoundFigures({ results }: { readonly results: ResultOverview }): ReactNode {
  const { flips, gain } = resultsText;
  const hasGain = results.rounds.some((round) => round.gainOnTeacher !== null);
  return (
    <div className="round-figures">
      <section aria-label={flips.title}>
        <div className="head">
          <h2>{flips.title}</h2>
          <span className="sub">{flips.sub}</span>
        </div>
        <table className="table">
          <thead>
            <tr>
              <th>{flips.columns.round}</th>
              <th>{flips.columns.training}</th>
              <th>{flips.columns.evaluation}</th>
            </tr>
          </thead>
          <tbody>
            {results.rounds.map((round) => {
              const duel = duelBetween(results, round.policy, round.previous);
              return (
                <tr key={round.round}>
                  <td>{round.round}</td>
                  <td className="figures">{shareText(round.trainingFlips?.flips ?? 0, round.trainingFlips?.bothOrders ?? 0)}</td>
                  <td className="figures">{shareText(duel?.ordersDisagree ?? 0, duel?.bothOrders ?? 0)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      {hasGain && (
        <section aria-label={gain.title}>
          <div className="head">
            <h2>{gain.title}</h2>
            <span className="sub">{gain.sub}</span>
          </div>
          <table className="table">
            <thead>
              <tr>
                <th>{gain.columns.round}</th>
                <th>{gain.columns.gain}</th>
                <th className="number">{gain.columns.n}</th>
              </tr>
            </thead>
            <tbody>
              {results.rounds.map(
                ({ round, gainOnTeacher }) =>
                  gainOnTeacher !== null && (
                    <tr key={round}>
                      <td>{round}</td>
                      <td className="figures">
                        <span className="strong">{points(gainOnTeacher.difference)}</span>{" "}
                        <span className="ink-3">{gain.range(points(gainOnTeacher.low), points(gainOnTeacher.high))}</span>
                      </td>
                      <td className="number">{count(gainOnTeacher.n)}</td>
                    </tr>
                  ),
              )}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}

function shareText(flips: number, of: number): string {
  const { flips: text } = resultsText;
  return of === 0 ? text.none : text.share(count(flips), count(of), percent(flips / of));
}

/** Points of a hundred with a sign and a true minus. */
function points(difference: number): string {
  const value = 100 * difference;
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
}
