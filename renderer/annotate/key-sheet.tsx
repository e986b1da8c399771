/** What every key does, in three columns, and a way to give a row another key. */
import { Fragment, type KeyboardEvent as ReactKeyboardEvent, type ReactNode, useState } from "react";
import { Dialog } from "../design/dialog.tsx";
import { KeyCap } from "../design/key-cap.tsx";
import { annotateText } from "../text/annotate.ts";
import { bindingOf, KEY_GROUPS, type KeyId, keyRows, type KeyRow, type OwnKeys, rowCaps, withOwnKey } from "./keys.ts";

const text = annotateText.keys;

export type SheetProps = {
  readonly isOpen: boolean;
  readonly onClose: () => void;
};

export type KeySheetProps = SheetProps & {
  readonly isMac: boolean;
  readonly own: OwnKeys;
  readonly onOwn: (own: OwnKeys) => void;
};

export function KeySheet({ isOpen, onClose, isMac, own, onOwn }: KeySheetProps): ReactNode {
  const [isChanging, setChanging] = useState(false);
  const [waitsFor, setWaitsFor] = useState<KeyId | null>(null);
  const [said, setSaid] = useState("");
  const rows = keyRows(own);
  const close = (): void => {
    setChanging(false);
    setWaitsFor(null);
    setSaid("");
    onClose();
  };
  const take = (event: ReactKeyboardEvent): void => {
    if (waitsFor === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") {
      setWaitsFor(null);
      return;
    }
    const binding = bindingOf(event.nativeEvent, isMac);
    if (binding === undefined) return;
    if (binding === null) {
      setSaid(text.refused(event.key));
      return;
    }
    const { own: next, takenFrom } = withOwnKey(own, waitsFor, binding);
    onOwn(next);
    setWaitsFor(null);
    const loser = rows.find((row) => row.id === takenFrom);
    setSaid(loser === undefined ? "" : text.taken(event.key, loser.label));
  };
  return (
    <Dialog
      title={text.title}
      isOpen={isOpen}
      onClose={close}
      width="60rem"
      aside={
        <span className="row">
          {isChanging && (
            <button
              type="button"
              className="btn quiet"
              onClick={() => {
                onOwn({});
                setSaid("");
              }}
            >
              {text.reset}
            </button>
          )}
          <button
            type="button"
            className="btn quiet"
            aria-pressed={isChanging}
            onClick={() => {
              setChanging(!isChanging);
              setWaitsFor(null);
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
      <div className="key-columns" onKeyDownCapture={take}>
        {KEY_GROUPS.map((group) => (
          <section key={group}>
            <h3>{text.groups[group]}</h3>
            <dl>
              {rows
                .filter((row) => row.group === group)
                .map((row) => (
                  <div key={row.id}>
                    <dt>{row.label}</dt>
                    <dd>
                      {isChanging ? (
                        <button
                          type="button"
                          className="btn key-change"
                          aria-pressed={waitsFor === row.id}
                          onClick={() => {
                            setWaitsFor(row.id);
                            setSaid("");
                          }}
                        >
                          <span className="unseen">{text.changeOf(row.label)}</span>
                          {waitsFor === row.id ? text.press : <Caps row={row} isMac={isMac} />}
                        </button>
                      ) : (
                        <Caps row={row} isMac={isMac} />
                      )}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="small-text ink-2" role="status">
        {said === "" ? (isChanging ? text.changeNote : text.note) : said}
      </p>
    </Dialog>
  );
}

function Caps({ row, isMac }: { readonly row: KeyRow; readonly isMac: boolean }): ReactNode {
  const all = rowCaps(row, isMac);
  if (all.length === 0) return <span className="or">{text.none}</span>;
  return all.map((caps, i) => (
    <Fragment key={caps.join("+")}>
      {i > 0 && <span className="or">{text.or}</span>}
      <KeyCap keys={caps} />
    </Fragment>
  ));
}

export function GuidelinesSheet({ isOpen, onClose, text: guidelines }: SheetProps & { readonly text: string }): ReactNode {
  return (
    <Dialog
      title={annotateText.guidelines.title}
      isOpen={isOpen}
      onClose={onClose}
      width="44rem"
      aside={
        <button type="button" className="btn quiet" onClick={onClose} data-autofocus>
          {annotateText.guidelines.close} <KeyCap keys={["Esc"]} />
        </button>
      }
    >
      <p className="guidelines">{guidelines}</p>
    </Dialog>
  );
}
