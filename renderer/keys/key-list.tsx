/** Rows of keys: what each does and its caps, or buttons that wait for another key. */
import { Fragment, type ReactNode } from "react";
import { useUndo } from "../commands/use-undo.ts";
import { KeyCap } from "../design/key-cap.tsx";
import { isMac } from "../design/platform.ts";
import { designText } from "../text/design.ts";
import { keysText as text } from "../text/keys.ts";
import { type KeyRow, rowCaps } from "./key-table.ts";
import type { KeyChange } from "./use-key-change.ts";
import "./keys.css";

export type KeyListProps = {
  readonly rows: readonly KeyRow[];
  /** Undefined while keys are only shown. */
  readonly change: KeyChange | undefined;
};

export function KeyList({ rows, change }: KeyListProps): ReactNode {
  return (
    <dl className="key-list">
      {rows.map((row) => (
        <div key={row.id}>
          <dt>{row.label}</dt>
          <dd>
            {change === undefined ? (
              <Caps row={row} />
            ) : (
              <button
                type="button"
                className="btn key-change"
                aria-pressed={change.waitsFor === row.id}
                onClick={() => {
                  change.begin(row.id);
                }}
              >
                <span className="unseen">{text.changeOf(row.label)}</span>
                {change.waitsFor === row.id ? text.press : <Caps row={row} />}
              </button>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Stands beside what was said of a reset. */
export function UndoReset({ change }: { readonly change: KeyChange }): ReactNode {
  useUndo(change.undoReset);
  if (change.undoReset === undefined) return null;
  return (
    <button type="button" className="btn" onClick={change.undoReset}>
      {designText.undo}
    </button>
  );
}

function Caps({ row }: { readonly row: KeyRow }): ReactNode {
  const all = rowCaps(row, isMac());
  if (all.length === 0) return <span className="or">{text.none}</span>;
  return all.map((caps, i) => (
    <Fragment key={caps.join("+")}>
      {i > 0 && <span className="or">{text.or}</span>}
      <KeyCap keys={caps} />
    </Fragment>
  ));
}
