/** What is wrong with a data file, or worth knowing: rejected rows and lost preferences with the reason, duplicates, prompts on both sides of a split. */
import type { ReactNode } from "react";
import type { ImportLook, RejectedRow } from "#app/contract/imports.ts";
import { Note } from "../design/note.tsx";
import { importText as text } from "../text/import.ts";

/** No more rows of a table than this. */
const SHOWN = 20;

export function ImportTrouble({ look }: { readonly look: ImportLook }): ReactNode {
  const { rejectedCount, unusablePairs, leaks } = look;
  return (
    <>
      {look.duplicates > 0 && <p className="small-text ink-2">{text.duplicates(look)}</p>}
      {rejectedCount > 0 && <Rows says={text.rejected(rejectedCount)} rows={look.rejected} count={rejectedCount} />}
      {unusablePairs > 0 && <Rows says={text.unusable(unusablePairs)} rows={look.unusable} count={unusablePairs} />}
      {leaks.equal + leaks.near > 0 && (
        <section aria-label={text.leaks}>
          <Note kind="notice">{text.leakSentence(leaks.equal, leaks.near, look.leftOut)}</Note>
          <ul className="import-rows small-text" tabIndex={0} aria-label={text.leaks}>
            {leaks.listed.slice(0, SHOWN).map((leak) => (
              <li key={`${leak.row}-${leak.otherSplit}`}>
                {text.leak(leak)} <span className="ink-3">{leak.text}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

type RowsProps = { readonly says: string; readonly rows: readonly RejectedRow[]; readonly count: number };

/** The first rows that something is wrong with, and what. */
function Rows({ says, rows, count }: RowsProps): ReactNode {
  return (
    <section aria-label={says}>
      <Note kind="notice">{says}</Note>
      <div className="import-rows" tabIndex={0} role="group" aria-label={says}>
        <table className="table">
          <thead>
            <tr>
              <th className="number">{text.rowHead}</th>
              <th>{text.columnHead}</th>
              <th>{text.expectedHead}</th>
              <th>{text.gotHead}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map(({ row, column, expected, got }) => (
              <tr key={row}>
                <td className="number">{row}</td>
                <td>{column ?? text.wholeRow}</td>
                <td>{expected}</td>
                <td>{got}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {count > SHOWN && <p className="small-text ink-3">{text.more(count - SHOWN)}</p>}
    </section>
  );
}
