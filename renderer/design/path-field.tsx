/** The field for a path on the lab's machine. */
import type { ReactNode } from "react";

type PathFieldProps = { readonly id: string; readonly value: string; readonly onType: (path: string) => void };

export function PathField({ id, value, onType }: PathFieldProps): ReactNode {
  return (
    <input
      id={id}
      className="field mono"
      value={value}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => {
        onType(event.currentTarget.value);
      }}
    />
  );
}
