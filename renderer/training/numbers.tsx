/** All numbers of a run as a table, for whoever does not read them off a line, and as a file. */
import { Download } from "lucide-react";
import { type ReactNode, useState } from "react";
import { compact } from "#app/text/language.ts";
import { count } from "../design/format.ts";
import type { MetricRow } from "../lab-client/apply-event.ts";
import { saveText } from "../design/save-text.ts";
import { trainingText } from "../text/training.ts";
import { metricsCsv } from "./curves.ts";

const text = trainingText.numbers;
const SHOWN = 200;

export function Numbers({ round, rows }: { readonly round: number; readonly rows: readonly MetricRow[] }): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details
      className="numbers"
      onToggle={(event) => {
        setIsOpen(event.currentTarget.open);
      }}
    >
      <summary>
        <span className="strong">{text.title}</span> <span className="ink-3 small-text">{text.sub(rows.length)}</span>
      </summary>
      {isOpen && <Table round={round} rows={rows} />}
    </details>
  );
}

function Table({ round, rows }: { readonly round: number; readonly rows: readonly MetricRow[] }): ReactNode {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.values)))];
  return (
    <>
      <p className="row">
        <button
          type="button"
          className="btn"
          onClick={() => {
            saveText(text.file(round), "text/csv", metricsCsv(rows));
          }}
        >
          <Download className="icon" aria-hidden="true" /> {text.save}
        </button>
        {rows.length > SHOWN && <span className="ink-3">{text.some(count(SHOWN))}</span>}
      </p>
      <div className="wide" tabIndex={0} role="region" aria-label={text.title}>
        <table className="table">
          <thead>
            <tr>
              <th className="number">{text.step}</th>
              {names.map((name) => (
                <th key={name} className="number">
                  <code>{name}</code>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows
              .slice(-SHOWN)
              .toReversed()
              .map((row) => (
                <tr key={row.step}>
                  <td className="number strong">{row.step}</td>
                  {names.map((name) => (
                    <td key={name} className="number">
                      {shown(row.values[name])}
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function shown(value: number | undefined): string {
  if (value === undefined) return "";
  return Number.isInteger(value) ? count(value) : compact(value, 5).replace("-", "−");
}
