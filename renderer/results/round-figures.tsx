/** What else each round came to: orders that disagree, and the gain on the teacher, prompt by prompt. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { duelBetween, type ResultTable, resultTables } from "#app/contract/result-tables.ts";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { fixed } from "#app/text/language.ts";
import { count, percent } from "../design/format.ts";
import { useWalk } from "../design/walk-cells.ts";
import { resultsText } from "../text/results.ts";
import { AnswersLink } from "./answers-link.tsx";
import { FigureTools } from "./figure-tools.tsx";

const { flips: flipText, gain: gainText } = resultsText;

export function RoundFigures({ results }: { readonly results: ResultOverview }): ReactNode {
  const hasGain = results.rounds.some((round) => round.gainOnTeacher !== null);
  const tables = resultTables(results);
  const tableOf = (id: string): Pick<ResultTable, "columns" | "rows"> => tables.find((table) => table.id === id) ?? { columns: [], rows: [] };
  return (
    <div className="round-figures">
      <section aria-label={flipText.title}>
        <div className="head">
          <h2>{flipText.title}</h2>
          <span className="sub">{flipText.sub}</span>
          <FigureTools title={flipText.title} fileName="flips" table={tableOf("flips")} />
        </div>
        <Flips results={results} />
      </section>
      {hasGain && (
        <section aria-label={gainText.title}>
          <div className="head">
            <h2>{gainText.title}</h2>
            <span className="sub">{gainText.sub}</span>
            <FigureTools title={gainText.title} fileName="gain-on-the-teacher" table={tableOf("gain-on-the-teacher")} />
          </div>
          <Gains results={results} />
        </section>
      )}
    </div>
  );
}

function Flips({ results }: { readonly results: ResultOverview }): ReactNode {
  const { columns } = flipText;
  const walk = useWalk();
  return (
    <table className="table" {...walk}>
      <thead>
        <tr>
          <th>{columns.round}</th>
          <th>{columns.training}</th>
          <th>{columns.evaluation}</th>
        </tr>
      </thead>
      <tbody>
        {results.rounds.map(({ round, policy, previous, trainingFlips }) => {
          const duel = duelBetween(results, policy, previous);
          return (
            <tr key={round}>
              <td>{round}</td>
              <td className="figures">
                {trainingFlips === null ? (
                  flipText.none
                ) : (
                  <Link className="answers-link" to="/judgments" search={{ round, disputes: true }}>
                    {shareText(trainingFlips.flips, trainingFlips.bothOrders)}
                    <span className="unseen">{flipText.openTraining(round)}</span>
                  </Link>
                )}
              </td>
              <td className="figures">
                {duel === undefined || duel.bothOrders === 0 ? (
                  flipText.none
                ) : (
                  <AnswersLink results={results} first={policy} second={previous} filter="ordersDisagree">
                    {shareText(duel.ordersDisagree, duel.bothOrders)}
                    <span className="unseen">{resultsText.winRates.open(policy, previous)}</span>
                  </AnswersLink>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Gains({ results }: { readonly results: ResultOverview }): ReactNode {
  const { columns } = gainText;
  const walk = useWalk();
  return (
    <table className="table" {...walk}>
      <thead>
        <tr>
          <th>{columns.round}</th>
          <th>{columns.gain}</th>
          <th className="number">{columns.n}</th>
        </tr>
      </thead>
      <tbody>
        {results.rounds.map(
          ({ round, policy, gainOnTeacher }) =>
            gainOnTeacher !== null && (
              <tr key={round}>
                <td>{round}</td>
                <td className="figures">
                  <AnswersLink results={results} first={policy} second="teacher">
                    <span className="strong">{points(gainOnTeacher.difference)}</span>{" "}
                    <span className="ink-3">{gainText.range(points(gainOnTeacher.low), points(gainOnTeacher.high))}</span>
                    <span className="unseen">{resultsText.winRates.open(policy, "teacher")}</span>
                  </AnswersLink>
                </td>
                <td className="number">
                  <AnswersLink results={results} first={policy} second="teacher">
                    {count(gainOnTeacher.n)}
                    <span className="unseen">{resultsText.winRates.open(policy, "teacher")}</span>
                  </AnswersLink>
                </td>
              </tr>
            ),
        )}
      </tbody>
    </table>
  );
}

function shareText(flips: number, of: number): string {
  return flipText.share(count(flips), count(of), percent(flips / of));
}

/** Points of a hundred with a sign and a true minus. */
function points(difference: number): string {
  const value = 100 * difference;
  return `${value < 0 ? "−" : "+"}${fixed(Math.abs(value), 1)}`;
}
