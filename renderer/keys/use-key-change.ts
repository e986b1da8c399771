/** Giving a row another key: waits for a press, keeps it, or says why it cannot be had. */
import { type KeyboardEvent as ReactKeyboardEvent, useState } from "react";
import { isMac } from "../design/platform.ts";
import { keysText as text } from "../text/keys.ts";
import { bindingOf, capsOf } from "./bindings.ts";
import { holderOf, type KeyId, keyRows, type OwnKeys } from "./key-table.ts";
import { keepOwnKeys, useOwnKeys } from "./own-keys.ts";

export type KeyChange = {
  /** The row that waits for a press. */
  readonly waitsFor: KeyId | null;
  /** What came of the last press; empty before one. */
  readonly said: string;
  begin(id: KeyId): void;
  stop(): void;
  reset(): void;
  /** After a reset: puts the person's own keys back; undefined at other times. */
  readonly undoReset: (() => void) | undefined;
  /** Belongs around the rows, in the capturing phase: a press that is waited for does nothing else. */
  onKeyDownCapture(event: ReactKeyboardEvent): void;
};

export function useKeyChange(): KeyChange {
  const own = useOwnKeys();
  const [waitsFor, setWaitsFor] = useState<KeyId | null>(null);
  const [said, setSaid] = useState("");
  const [before, setBefore] = useState<OwnKeys | null>(null);
  const give = (id: KeyId, event: KeyboardEvent): void => {
    const pressed = bindingOf(event, isMac());
    if (pressed === undefined) return;
    if (pressed.kind !== "binding") {
      setSaid(pressed.kind === "never" ? text.never(event.key) : text.taken(namedPress(event)));
      return;
    }
    const rows = keyRows(own);
    const holder = holderOf(rows, id, pressed.binding);
    if (holder !== undefined) {
      setSaid(text.held(capsOf(pressed.binding, isMac()).join(" "), holder.label));
      return;
    }
    keepOwnKeys({ ...own, [id]: [pressed.binding] });
    setBefore(null);
    setWaitsFor(null);
    setSaid(text.kept(text.labels[id]));
  };
  return {
    waitsFor,
    said,
    begin: (id) => {
      setWaitsFor(id);
      setSaid("");
      setBefore(null);
    },
    stop: () => {
      setWaitsFor(null);
      setSaid("");
      setBefore(null);
    },
    undoReset:
      before === null
        ? undefined
        : () => {
            keepOwnKeys(before);
            setBefore(null);
            setSaid(text.resetUndone);
          },
    reset: () => {
      setBefore(Object.keys(own).length > 0 ? own : null);
      keepOwnKeys({});
      setWaitsFor(null);
      setSaid(text.wasReset);
    },
    onKeyDownCapture: (event) => {
      if (waitsFor === null) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Escape") setWaitsFor(null);
      else give(waitsFor, event.nativeEvent);
    },
  };
}

function namedPress(event: KeyboardEvent): string {
  return capsOf(`$mod+${event.shiftKey ? "Shift+" : ""}${event.key.toLowerCase()}`, isMac()).join(" ");
}
