/** A message within the page: what is known, what needs a decision, what failed. */
import { CircleAlert, Info, TriangleAlert, X } from "lucide-react";
import type { ReactNode } from "react";
import { designText } from "../text/design.ts";

export type NoteProps = {
  readonly kind: "plain" | "notice" | "error";
  readonly children: ReactNode;
  readonly onPutAway?: () => void;
};

const ICONS = { plain: Info, notice: TriangleAlert, error: CircleAlert };

export function Note({ kind, children, onPutAway }: NoteProps): ReactNode {
  const Icon = ICONS[kind];
  return (
    <div className={`note ${kind}`} role={kind === "error" ? "alert" : "status"}>
      <Icon className="icon" aria-hidden="true" />
      <div className="grow">{children}</div>
      {onPutAway !== undefined && (
        <button type="button" className="btn quiet icon-only" aria-label={designText.putAway} onClick={onPutAway}>
          <X className="icon" aria-hidden="true" />
        </button>
      )}
    </div>
  );
}
