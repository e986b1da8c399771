/** What every key does, in three columns. */
import { Fragment, type ReactNode } from "react";
import { Dialog } from "../design/dialog.tsx";
import { KeyCap } from "../design/key-cap.tsx";
import { capsOf, KEY_GROUPS, KEY_ROWS } from "./keys.ts";

export type SheetProps = {
  readonly isOpen: boolean;
  readonly onClose: () => void;
};

export function KeySheet({ isOpen, onClose, isMac }: SheetProps & { readonly isMac: boolean }): ReactNode {
  return (
    <Sheet isOpen={isOpen} onClose={onClose} title="Keys" size="60rem">
      <div className="key-columns">
        {KEY_GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {KEY_ROWS.filter((row) => row.group === group).map((row) => (
                <div key={row.label}>
                  <dt>{row.label}</dt>
                  <dd>
                    {capsOf(row, isMac).map((caps, i) => (
                      <Fragment key={caps.join("+")}>
                        {i > 0 && <span className="or">or</span>}
                        <KeyCap keys={caps} />
                      </Fragment>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="small-text ink-2">Keys rest while you type. Nothing here deletes: every verdict can be undone, also after a restart.</p>
    </Sheet>
  );
}

export function GuidelinesSheet({ isOpen, onClose, text }: SheetProps & { readonly text: string }): ReactNode {
  return (
    <Sheet isOpen={isOpen} onClose={onClose} title="Guidelines" size="44rem">
      <p className="guidelines">{text}</p>
    </Sheet>
  );
}

type FrameProps = SheetProps & { readonly title: string; readonly size: string; readonly children: ReactNode };

function Sheet({ isOpen, onClose, title, size, children }: FrameProps): ReactNode {
  return (
    <Dialog
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      width={size}
      aside={
        <button type="button" className="btn quiet" onClick={onClose} data-autofocus>
          Close <KeyCap keys={["Esc"]} />
        </button>
      }
    >
      {children}
    </Dialog>
  );
}
