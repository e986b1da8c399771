/** A button that is an icon alone: its word is read out, and shown where the pointer rests. */
import type { ReactNode } from "react";

export type IconButtonProps = { readonly label: string; readonly onClick: () => void; readonly children: ReactNode };

export function IconButton({ label, onClick, children }: IconButtonProps): ReactNode {
  return (
    <button type="button" className="btn quiet icon-only" aria-label={label} title={label} onClick={onClick}>
      {children}
    </button>
  );
}
