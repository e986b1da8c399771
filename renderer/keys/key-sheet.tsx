/** The sheet of keys: what every key of a screen does, and a way to give a row another one. */
import { type ReactNode, useState } from "react";
import { Dialog } from "../design/dialog.tsx";
import { KeyCap } from "../design/key-cap.tsx";
import { keysText as text } from "../text/keys.ts";
import { KeyList, UndoReset } from "./key-list.tsx";
import type { KeyRow } from "./key-table.ts";
import { useKeyChange } from "./use-key-change.ts";

export type KeySheetProps = {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** A column each. */
  readonly groups: readonly { readonly title: string; readonly rows: readonly KeyRow[] }[];
};

export function KeySheet({ isOpen, onClose, groups }: KeySheetProps): ReactNode {
  const [isChanging, setChanging] = useState(false);
  const change = useKeyChange();
  const close = (): void => {
    setChanging(false);
    change.stop();
    onClose();
  };
  return (
    <Dialog
      title={text.title}
      isOpen={isOpen}
      onClose={close}
      width={groups.length > 2 ? "76rem" : "44rem"}
      aside={
        <span className="row">
          {isChanging && (
            <button type="button" className="btn quiet" onClick={change.reset}>
              {text.reset}
            </button>
          )}
          <button
            type="button"
            className="btn quiet"
            aria-pressed={isChanging}
            onClick={() => {
              setChanging(!isChanging);
              change.stop();
            }}
          >
            {isChanging ? text.done : text.change}
          </button>
          <button type="button" className="btn quiet" onClick={close} data-autofocus>
            {text.close} <KeyCap keys={["Esc"]} />
          </button>
        </span>
      }
    >
      <div className="key-columns" onKeyDownCapture={change.onKeyDownCapture}>
        {groups.map(({ title, rows }) => (
          <section key={title}>
            <h3>{title}</h3>
            <KeyList rows={rows} change={isChanging ? change : undefined} />
          </section>
        ))}
      </div>
      <p className="small-text ink-2" role="status">
        {change.said === "" ? (isChanging ? text.changeNote : text.note) : change.said} <UndoReset change={change} />
      </p>
    </Dialog>
  );
}
