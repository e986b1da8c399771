/** All rounds of the experiment, newest first; each opens by its number. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RoundView, WinRateView } from "#app/contract/views.ts";
import { count } from "../design/format.ts";
import { roundsText } from "../text/rounds.ts";
import { useWalk } from "../design/walk-cells.ts";
import { AnswersOf, EstimateLink } from "./round-result.tsx";
import { roundText } from "./stage-text.ts";

const text = roundsText.table;

export type RoundsTableProps = {
  readonly rounds: readonly RoundView[];
  readonly openNumber: number;
};

export function RoundsTable({ rounds, openNumber }: RoundsTableProps): ReactNode {
  const walk = useWalk();
  return (
    <section aria-label={text.title}>
      <div className="head">
        <h2>{text.title}</h2>
        <span className="sub">{text.sub}</span>
      </div>
      <table className="table rounds-table" {...walk}>
        <thead>
          <tr>
            <th>{text.columns.round}</th>
            <th>{text.columns.previous}</th>
            <th>{text.columns.first}</th>
            <th className="number">{text.columns.pairs}</th>
            <th className="number">{text.columns.meanLength}</th>
            <th>{text.columns.from}</th>
            <th>{text.columns.made}</th>
          </tr>
        </thead>
        <tbody>
          {rounds.toReversed().map((round) => (
            <RoundRow key={round.number} round={round} isOpen={round.number === openNumber} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function RoundRow({ round, isOpen }: { readonly round: RoundView; readonly isOpen: boolean }): ReactNode {
  const previous = rowAgainst(round, "previous");
  const first = rowAgainst(round, "first");
  const measured = previous ?? first;
  return (
    <tr className={isOpen ? "open" : undefined}>
      <td>
        <Link className="round-link" to="/rounds" search={{ round: round.number }} activeProps={{}}>
          {roundsText.round(round.number)}
        </Link>
      </td>
      {previous === undefined && first === undefined ? (
        <td colSpan={2} className="ink-3">
          {round.isDone ? text.notMeasured : roundText(round)}
        </td>
      ) : (
        <>
          <td className="no-wrap">{previous === undefined ? <NotMeasured /> : <EstimateLink row={previous} />}</td>
          <td className="no-wrap">{first === undefined ? <NotMeasured /> : <EstimateLink row={first} />}</td>
        </>
      )}
      <td className="number">
        {round.pairCount !== null && (
          <Link className="answers-link" to="/judgments" search={{ round: round.number }}>
            {count(round.pairCount)}
            <span className="unseen">{roundsText.made.pair(round.number)}</span>
          </Link>
        )}
      </td>
      <td className="number">{measured !== undefined && <AnswersOf row={measured}>{count(measured.meanLength)}</AnswersOf>}</td>
      <td>
        <span className="tag mono">{round.policy}</span>
      </td>
      <td>{round.newPolicy !== null && <span className="tag mono">{round.newPolicy}</span>}</td>
    </tr>
  );
}

function NotMeasured(): ReactNode {
  return <span className="ink-3">{text.notMeasured}</span>;
}

function rowAgainst(round: RoundView, role: WinRateView["roles"][number]): WinRateView | undefined {
  return round.winRates.find((row) => row.roles.includes(role));
}
