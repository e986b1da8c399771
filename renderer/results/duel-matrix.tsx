/** Everyone against everyone: a table of preferences whose cells open their answers, with a ring of clear preferences marked. */
import { type ReactNode, useEffect, useRef } from "react";
import { duelBetween, isUnclear, resultTables } from "#app/contract/result-tables.ts";
import type { DuelView, ResultOverview } from "#app/contract/result-views.ts";
import { count, percent } from "../design/format.ts";
import { useWalk } from "../design/walk-cells.ts";
import { resultsText } from "../text/results.ts";
import { AnswersLink } from "./answers-link.tsx";
import { CycleNote } from "./cycle-note.tsx";
import { drawMatrix, type MatrixCell } from "./draw-matrix.ts";
import { FigureTools } from "./figure-tools.tsx";

const text = resultsText.matrix;

/** Steps of a rate to the colours of the cells, 4 is even. */
const STEPS = [0.3, 0.4, 0.47, 0.53, 0.6, 0.7];

function colourOf(rate: number): string {
  return `var(--duel-${1 + STEPS.filter((step) => rate > step).length})`;
}

export function DuelMatrix({ results }: { readonly results: ResultOverview }): ReactNode {
  const drawing = useRef<HTMLDivElement>(null);
  const walk = useWalk();
  const names = results.players.map((player) => player.name);
  const [, table] = resultTables(results);
  const steps = ringSteps(results);
  useEffect(() => {
    drawing.current?.replaceChildren(
      drawMatrix(
        results.players.map((player) => player.name),
        matrixCells(results),
      ),
    );
  }, [results]);
  const sizes = [...new Set(results.duels.map((duel) => duel.n))];
  return (
    <section aria-label={text.title} className="head-to-head">
      <div className="head">
        <h2>{text.title}</h2>
        <span className="sub">{text.sub}</span>
        <FigureTools title={text.title} fileName="head-to-head" table={table ?? { columns: [], rows: [] }} drawing={drawing} />
      </div>
      <div className="scroller" tabIndex={0} role="region" aria-label={text.caption}>
        <table className="matrix" {...walk}>
          <caption className="unseen">{text.caption}</caption>
          <thead>
            <tr>
              <td />
              {names.map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((row) => (
              <tr key={row}>
                <th scope="row">{row}</th>
                {names.map((column) => (
                  <Cell
                    key={column}
                    results={results}
                    isSelf={row === column}
                    duel={duelBetween(results, row, column)}
                    step={steps.get(`${row} ${column}`)}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="matrix-legend small-text ink-3">
        <span>{text.legend.loses}</span>
        <span className="ramp" aria-hidden="true">
          {[1, 2, 3, 4, 5, 6, 7].map((step) => (
            <i key={step} style={{ background: `var(--duel-${step})` }} />
          ))}
        </span>
        <span>{text.legend.wins}</span>
        <span className="right">
          {[...(sizes.length === 1 && sizes[0] !== undefined ? [text.each(count(sizes[0]))] : []), text.legend.note].join("; ")}
        </span>
      </div>
      <CycleNote results={results} />
      <div className="only-saved" aria-hidden="true" data-drawing={text.title} ref={drawing} />
    </section>
  );
}

/** Which cells are the steps of the firmest ring, from 1. */
function ringSteps({ cycles }: ResultOverview): ReadonlyMap<string, number> {
  const ring = cycles.clear[0]?.players ?? [];
  return new Map(ring.map((winner, i) => [`${winner} ${ring[(i + 1) % ring.length] ?? winner}`, i + 1]));
}

type CellProps = {
  readonly results: ResultOverview;
  readonly isSelf: boolean;
  readonly duel: DuelView | undefined;
  readonly step: number | undefined;
};

function Cell({ results, isSelf, duel, step }: CellProps): ReactNode {
  if (isSelf) return <td className="self" />;
  if (duel === undefined) {
    return (
      <td className="unmet">
        <span className="unseen">{text.unmet}</span>
      </td>
    );
  }
  const isHollow = isUnclear(duel);
  const whole = String(Math.round(100 * duel.winRate));
  const label = text.cell(whole, duel.first, duel.second, percent(duel.winRate), percent(duel.low), percent(duel.high), count(duel.n));
  return (
    <td>
      <AnswersLink
        results={results}
        first={duel.first}
        second={duel.second}
        className={`cell${isHollow ? " hollow" : ""}${step === undefined ? "" : " ring-step"}`}
        style={isHollow ? undefined : { background: colourOf(duel.winRate) }}
        step={step}
        label={step === undefined ? label : `${label}, ${text.step(step)}`}
      >
        {whole}
      </AnswersLink>
    </td>
  );
}

/** What is drawn to be saved; what is shown is the table. */
function matrixCells(results: ResultOverview): MatrixCell[] {
  const names = results.players.map((player) => player.name);
  return names.flatMap((row) =>
    names.flatMap((column): MatrixCell[] => {
      const duel = duelBetween(results, row, column);
      if (duel === undefined) return [];
      const isOutlined = isUnclear(duel);
      return [{ row, column, percent: Math.round(100 * duel.winRate), colour: isOutlined ? "var(--surface)" : colourOf(duel.winRate), isOutlined }];
    }),
  );
}
