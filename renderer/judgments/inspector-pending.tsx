/** What stands where the inspector will be, until what is opened has been read, or why it cannot be. */
import type { UseQueryResult } from "@tanstack/react-query";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Loading } from "../design/empty-state.tsx";
import { Failed } from "../design/failed.tsx";
import { IconButton } from "../design/icon-button.tsx";
import { judgmentsText } from "../text/judgments.ts";

const text = judgmentsText.inspector;

export type InspectorPendingProps = {
  /** How the reading stands. */
  readonly reading: Pick<UseQueryResult, "error" | "isFetching" | "refetch">;
  readonly onClose: () => void;
};

export function InspectorPending({ reading: { error, isFetching, refetch }, onClose }: InspectorPendingProps): ReactNode {
  return (
    <aside className="inspector" aria-label={text.label}>
      <div className="inspector-read">
        <div className="inspector-head">
          <span />
          <IconButton label={text.close} onClick={onClose}>
            <X className="icon" aria-hidden="true" />
          </IconButton>
        </div>
        {error === null ? <Loading>{text.reading}</Loading> : <Failed error={error} isAsking={isFetching} onAgain={() => void refetch()} />}
      </div>
    </aside>
  );
}
