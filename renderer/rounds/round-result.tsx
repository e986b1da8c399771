/** What a round came to: the policy it made against the one before and the first, with the doubt of each number. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RoundView, WinRateView } from "#app/contract/views.ts";
import { count, percent, shortPercent } from "../design/format.ts";
import { useWalk } from "../design/walk-cells.ts";
import { Whisker } from "../design/whisker.tsx";
import { roundsText } from "../text/rounds.ts";
import { FEW_PROMPTS, intervalText, opponentText, readingOf, remarkOf, winRateSentence } from "./win-rate-text.ts";

const text = roundsText.result;

export type RoundResultProps = {
  readonly round: RoundView;
  /** Of the intervals, as a share. */
  readonly confidence: number;
};

export function RoundResult({ round, confidence }: RoundResultProps): ReactNode {
  const walk = useWalk();
  if (round.winRates.length === 0) return null;
  return (
    <section aria-label={text.region(round.number)}>
      <div className="head">
        <h2>{text.title}</h2>
        <span className="sub">{text.sub(shortPercent(confidence))}</span>
      </div>
      <table className="table result-table" {...walk}>
        <thead>
          <tr>
            <th>{text.against(round.newPolicy ?? round.policy)}</th>
            <th>{text.columns.winRate}</th>
            <th className="number">{text.columns.n}</th>
            <th>{text.columns.reading}</th>
            <th>{text.columns.remark}</th>
          </tr>
        </thead>
        <tbody>
          {round.winRates.map((row) => (
            <tr key={row.opponent}>
              <td>
                <span className="tag mono">{row.opponent}</span> <span className="ink-3">{opponentText(row)}</span>
              </td>
              <td title={winRateSentence(row, confidence)}>
                <EstimateLink row={row} />
              </td>
              <td className="number">
                <AnswersOf row={row}>{count(row.n)}</AnswersOf>
              </td>
              <td className="medium">{readingOf(row)}</td>
              <td className="ink-3">
                <AnswersOf row={row}>{remarkOf(row)}</AnswersOf>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A number as the way to the answers that it was counted from. */
export function AnswersOf({ row, children }: { readonly row: WinRateView; readonly children: ReactNode }): ReactNode {
  return (
    <Link className="answers-link" to="/results" search={{ first: row.policy, second: row.opponent }}>
      {children}
      <span className="unseen">{text.open(row.policy, row.opponent)}</span>
    </Link>
  );
}

export function EstimateLink({ row }: { readonly row: WinRateView }): ReactNode {
  return (
    <AnswersOf row={row}>
      <Estimate row={row} />
    </AnswersOf>
  );
}

/** Whisker, rate, interval. */
function Estimate({ row }: { readonly row: WinRateView }): ReactNode {
  return (
    <span className="estimate figures">
      <Whisker low={row.low} point={row.winRate} high={row.high} isUnsure={row.n < FEW_PROMPTS} />
      <span>
        <span className="strong">{percent(row.winRate)} %</span> <span className="ink-3">{intervalText(row)}</span>
      </span>
    </span>
  );
}
