/** Win rates by round, raw beside length-controlled: as a chart, and as the table that holds every number. */
import { type ReactNode, useCallback, useMemo, useRef } from "react";
import { rateDomain, type RatePoint, ratePoints } from "#app/contract/result-points.ts";
import { FORMULA_WORDS, isUnclear, resultTables, ROLE_WORDS, type RoundDuel, roundDuels } from "#app/contract/result-tables.ts";
import type { DuelView, ResultOverview } from "#app/contract/result-views.ts";
import { fixed } from "#app/text/language.ts";
import { count, percent, shortPercent } from "../design/format.ts";
import { Whisker } from "../design/whisker.tsx";
import { useWalk } from "../design/walk-cells.ts";
import { Fill } from "../text/fill.tsx";
import { resultsText } from "../text/results.ts";
import { AnswersLink } from "./answers-link.tsx";
import { type ChartPoint, ChartPoints } from "./chart-points.tsx";
import { drawWinRates } from "./draw-win-rates.ts";
import { FigureTools } from "./figure-tools.tsx";
import { LengthBars } from "./length-bars.tsx";
import { PlotFigure, type Spot } from "./plot-figure.tsx";
import { intervalText, readingOf } from "./duel-text.ts";

const text = resultsText.winRates;

export type WinRatesProps = {
  readonly results: ResultOverview;
  readonly isTable: boolean;
  readonly onToggle: () => void;
};

export function WinRates({ results, isTable, onToggle }: WinRatesProps): ReactNode {
  const figure = useRef<HTMLDivElement>(null);
  const [table] = resultTables(results);
  const level = shortPercent(results.confidence);
  return (
    <section aria-label={text.title} className="win-rates">
      <div className="head">
        <h2>{text.title}</h2>
        <span className="sub">{text.sub(level, results.duels.length)}</span>
        <FigureTools title={text.title} fileName="win-rates" table={table ?? { columns: [], rows: [] }} {...(isTable ? {} : { drawing: figure })}>
          <button type="button" className="btn quiet" aria-pressed={isTable} onClick={onToggle}>
            {isTable ? resultsText.export.showChart : resultsText.export.showTable}
          </button>
        </FigureTools>
      </div>
      {isTable ? null : (
        <div ref={figure}>
          <Charts results={results} />
        </div>
      )}
      <WinRateTable results={results} isShown={isTable} />
    </section>
  );
}

type ChartsProps = { readonly results: ResultOverview };

function Charts({ results }: ChartsProps): ReactNode {
  const { raw, controlled } = useMemo(() => ratePoints(results), [results]);
  const policies = useMemo(() => results.rounds.map((round) => round.policy), [results]);
  const domain = useMemo(() => rateDomain([...raw, ...controlled]), [raw, controlled]);
  const isControlled = controlled.length > 0;
  const drawRaw = useCallback(
    (width: number, scale: number) => drawWinRates({ points: raw, policies, domain, names: isControlled ? null : ROLE_WORDS, width, scale }),
    [raw, policies, domain, isControlled],
  );
  const drawControlled = useCallback(
    (width: number, scale: number) => drawWinRates({ points: controlled, policies, domain, names: ROLE_WORDS, width, scale }),
    [controlled, policies, domain],
  );
  const pointsOf = (kind: string) => (spots: readonly Spot<RatePoint>[], width: number) => (
    <ChartPoints results={results} label={text.points(kind)} spots={spots.map(pointOf)} width={width} {...startOf(spots)} />
  );
  const formula = roundDuels(results)
    .map(({ duel }) => duel.lengthControlled)
    .find((control) => control?.kind === "estimated")?.formula;
  return (
    <div className={isControlled ? "charts" : "charts single"}>
      <div>
        <h3>{text.raw}</h3>
        <PlotFigure
          title={`${text.title}, ${text.raw.toLowerCase()}`}
          label={text.figure(text.raw, sentencesOf(raw))}
          draw={drawRaw}
          over={pointsOf(text.raw)}
        />
        <LengthBars results={results} hasNames={!isControlled} />
      </div>
      <div>
        {isControlled ? (
          <>
            <h3>{text.controlled}</h3>
            <PlotFigure
              title={text.controlled}
              label={text.figure(text.controlled, sentencesOf(controlled))}
              draw={drawControlled}
              over={pointsOf(text.controlled)}
            />
            <p className="small-text ink-3 chart-note">
              <Fill text={text.note} values={{ formula: formula === undefined ? "" : FORMULA_WORDS[formula], duels: count(results.duels.length) }} />
            </p>
          </>
        ) : (
          <p className="small-text ink-3 chart-note">{text.noControl}</p>
        )}
      </div>
    </div>
  );
}

function sentencesOf(points: readonly RatePoint[]): string {
  return points.map(sentenceOf).join(" ");
}

function sentenceOf({ policy, opponent, rate, low, high }: RatePoint): string {
  return text.point(policy, fixed(rate, 1), opponent, fixed(low, 1), fixed(high, 1));
}

function pointOf({ datum, ...place }: Spot<RatePoint>): Spot<ChartPoint> {
  const { policy, opponent, role } = datum;
  return { ...place, datum: { key: `${policy} ${role}`, words: sentenceOf(datum), first: policy, second: opponent } };
}

/** The newest policy against the one before is where a reader begins. */
function startOf(spots: readonly Spot<RatePoint>[]): { readonly start?: number } {
  const start = spots.findLastIndex(({ datum }) => datum.role === "previous");
  return start === -1 ? {} : { start };
}

function WinRateTable({ results, isShown }: ChartsProps & { readonly isShown: boolean }): ReactNode {
  const { columns } = text;
  const walk = useWalk(isShown);
  return (
    <div className={isShown ? "scroller" : "unseen"} tabIndex={isShown ? 0 : -1} role="region" aria-label={resultsText.export.tableOf(text.title)}>
      <table className="table win-rate-table" {...walk}>
        <thead>
          <tr>
            <th>{columns.round}</th>
            <th>{columns.policy}</th>
            <th>{columns.opponent}</th>
            <th>{columns.raw}</th>
            <th>{columns.controlled}</th>
            <th className="number">{columns.n}</th>
            <th>{columns.reading}</th>
            <th className="number">{columns.length}</th>
          </tr>
        </thead>
        <tbody>
          {roundDuels(results).map((row) => (
            <WinRateRow key={`${row.round} ${row.duel.second}`} results={results} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type WinRateRowProps = ChartsProps & { readonly row: RoundDuel };

function WinRateRow({ results, row }: WinRateRowProps): ReactNode {
  const { duel } = row;
  return (
    <tr>
      <td>{row.round}</td>
      <td>
        <span className="tag mono">{row.policy}</span>
      </td>
      <td>
        <span className="tag mono">{duel.second}</span> <span className="ink-3">{row.roles.map((role) => ROLE_WORDS[role]).join(", ")}</span>
      </td>
      <td className="no-wrap">
        <AnswersLink className="estimate figures" results={results} first={duel.first} second={duel.second}>
          <Whisker low={duel.low} point={duel.winRate} high={duel.high} isUnsure={isUnclear(duel)} />
          <span>
            <span className="strong">{percent(duel.winRate)} %</span> <span className="ink-3">{intervalText(duel)}</span>
            <span className="unseen">{text.open(duel.first, duel.second)}</span>
          </span>
        </AnswersLink>
      </td>
      <td className="no-wrap figures">
        <Controlled results={results} duel={duel} />
      </td>
      <td className="number">
        <AnswersLink results={results} first={duel.first} second={duel.second}>
          {count(duel.n)}
          <span className="unseen">{text.open(duel.first, duel.second)}</span>
        </AnswersLink>
        {duel.missing > 0 && (
          <>
            {" "}
            <AnswersLink results={results} first={duel.first} second={duel.second} filter="missing">
              <span className="ink-3">{text.missing(count(duel.missing))}</span>
            </AnswersLink>
          </>
        )}
      </td>
      <td className="medium">{readingOf(duel)}</td>
      <td className="number">
        <AnswersLink results={results} first={duel.first} second={duel.second}>
          <Fill text={text.lengths} values={{ own: count(duel.meanLength), other: count(duel.opponentMeanLength) }} />
          <span className="unseen">{text.open(duel.first, duel.second)}</span>
        </AnswersLink>
      </td>
    </tr>
  );
}

type ControlledProps = ChartsProps & { readonly duel: DuelView };

/** The same answers stand behind it as behind the rate beside it. */
function Controlled({ results, duel }: ControlledProps): ReactNode {
  const { first, second, lengthControlled: control } = duel;
  if (control === null) return null;
  if (control.kind === "undetermined") return <span className="ink-3">{text.controlReasons[control.reason]}</span>;
  return (
    <AnswersLink results={results} first={first} second={second}>
      <span title={FORMULA_WORDS[control.formula]}>
        <span className="strong">{percent(control.winRate)} %</span> <span className="ink-3">{intervalText(control)}</span>
      </span>
      {control.isExtreme && <span className="ink-3"> {text.isExtreme}</span>}
      <span className="unseen">{text.open(first, second)}</span>
    </AnswersLink>
  );
}
