/** The keys of all screens, each to be given another. */
import type { ReactNode } from "react";
import { Button } from "../design/button.tsx";
import { KeyList, UndoReset } from "../keys/key-list.tsx";
import type { KeyScope } from "../keys/key-table.ts";
import { useKeyRows, useOwnKeys } from "../keys/own-keys.ts";
import { useKeyChange } from "../keys/use-key-change.ts";
import { keysText as text } from "../text/keys.ts";

const SCOPES = Object.keys(text.scopes) as readonly KeyScope[]; // the record has no others

export function Keyboard(): ReactNode {
  const rows = useKeyRows();
  const change = useKeyChange();
  const hasOwn = Object.keys(useOwnKeys()).length > 0;
  return (
    <>
      <p className="ink-3">
        {text.sub} {text.changeNote}
      </p>
      <div className="settings-keys" onKeyDownCapture={change.onKeyDownCapture}>
        {SCOPES.map((scope) => (
          <section key={scope} aria-label={text.scopes[scope]}>
            <h3>{text.scopes[scope]}</h3>
            <KeyList rows={rows.filter((row) => row.scope === scope)} change={change} />
          </section>
        ))}
      </div>
      <div className="row settings-keys-foot">
        <Button className="btn" why={!hasOwn && text.allUsual} onClick={change.reset}>
          {text.reset}
        </Button>
        <span className="small-text ink-2" role="status">
          {change.said}
        </span>
        <UndoReset change={change} />
      </div>
    </>
  );
}
