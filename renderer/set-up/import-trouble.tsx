/** What is wrong with a data file, or worth knowing: rejected rows with the reason, duplicates, prompts on both sides of a split. */
import type { ReactNode } from "react";
import type { ImportLook } from "#app/contract/imports.ts";
import { Note } from "../design/note.tsx";
import { importText as text } from "../text/import.ts";

/** No more rows of a table than this. */
const SHOWN = 20;

export function ImportTrouble({ look }: { readonly look: ImportLook }): ReactNode {
  const { rejected, rejectedCount, leaks } = look;
  return (
    <>
      {(look.duplicates > 0 || look.unusablePairs > 0) && <p className="small-text ink-2">{text.duplicates(look)}</p>}
      {rejectedCount > 0 && (
        <section aria-label={text.rejected(rejectedCount)}>
          <Note kind="notice">{text.rejected(rejectedCount)}</Note>
          <div className="import-rows" tabIndex={0} role="group" aria-label={text.rejected(rejectedCount)}>
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
                {rejected.slice(0, SHOWN).map(({ row, column, expected, got }) => (
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
          {rejectedCount > SHOWN && <p className="small-text ink-3">{text.more(rejectedCount - SHOWN)}</p>}
        </section>
      )}
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
