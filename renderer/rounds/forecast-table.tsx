/** What a round takes, a row each: before it starts one column, afterwards what was said, what was done and what is left. */
import type { ReactNode } from "react";
import type { ForecastView, ForecastRow } from "#app/contract/forecast.ts";
import { roundsText as text } from "../text/rounds.ts";
import { differenceText, measuredText, quantityText } from "./quantity-text.ts";

export function ForecastTable({ forecast }: { readonly forecast: ForecastView }): ReactNode {
  const { isStarted, rows } = forecast;
  return (
    <table className="table forecast-table">
      <thead>
        <tr>
          <th>{text.columns.what}</th>
          {isStarted ? (
            <>
              <th className="number">{text.columns.said}</th>
              <th className="number">{text.columns.soFar}</th>
              <th className="number">{text.columns.toCome}</th>
            </>
          ) : (
            <th className="number">{text.columns.expected}</th>
          )}
          <th>{text.columns.remark}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.what}>
            <th scope="row">{text.what[row.what]}</th>
            {isStarted ? <StartedCells row={row} /> : <td className="number ink-2">{quantityText(row.toCome, row.unit)}</td>}
            <td className="ink-3 remark">{[differenceText(row), row.remark].filter((part) => part !== "").join(" · ")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function StartedCells({ row }: { readonly row: ForecastRow }): ReactNode {
  return (
    <>
      <td className="number ink-3">{row.saidBefore === null ? text.unknown : quantityText(row.saidBefore, row.unit)}</td>
      <td className="number medium">{row.soFar === null ? "—" : measuredText(row.soFar, row.unit)}</td>
      <td className="number ink-3">{quantityText(row.toCome, row.unit)}</td>
    </>
  );
}
