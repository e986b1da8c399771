/** A key as it is printed on a keyboard. */
import type { ReactNode } from "react";
import { type DrawnKey, KeyDrawing } from "./icons.tsx";

const DRAWN: readonly string[] = ["left", "right", "up", "down", "shift"] satisfies readonly DrawnKey[];

/** `keys` pressed together; arrows and Shift are drawn, everything else is written. Drawn neighbours share a cap. */
export function KeyCap({ keys }: { readonly keys: readonly string[] }): ReactNode {
  if (keys.every(isDrawn)) {
    return (
      <kbd className="key">
        {keys.map((key) => (
          <KeyDrawing key={key} name={key} />
        ))}
      </kbd>
    );
  }
  return (
    <>
      {keys.map((key) => (
        <kbd className="key" key={key}>
          {isDrawn(key) ? <KeyDrawing name={key} /> : key}
        </kbd>
      ))}
    </>
  );
}

function isDrawn(key: string): key is DrawnKey {
  return DRAWN.includes(key);
}
