/** Why a control cannot be used now: told to those who hear the page, and what a field takes that rests for it. */
import { type ReactNode, useId } from "react";

/** A sentence; false or undefined where the control can be used. */
export type Why = string | false | undefined;

export type Told = {
  readonly describedBy: string | undefined;
  /** Stands in the control or beside it; it is read out with the control and seen nowhere. */
  readonly reason: ReactNode;
};

export function useTold(why: Why): Told {
  const id = useId();
  if (!hasReason(why)) return { describedBy: undefined, reason: null };
  return {
    describedBy: id,
    reason: (
      <span id={id} hidden>
        {why}
      </span>
    ),
  };
}

export type RestingField = {
  /** For the field itself. The browser shows the title of one that is disabled, and does not let it have the focus. */
  readonly field: { readonly disabled?: true; readonly title?: string; readonly "aria-describedby"?: string };
  readonly reason: ReactNode;
};

/** For a select, a switch, a choice of several. Buttons take `Button`, which keeps its place in the order of Tab. */
export function useResting(why: Why): RestingField {
  const { describedBy, reason } = useTold(why);
  if (!hasReason(why) || describedBy === undefined) return { field: {}, reason };
  return { field: { disabled: true, title: why, "aria-describedby": describedBy }, reason };
}

export function hasReason(why: Why): why is string {
  return why !== undefined && why !== false && why !== "";
}
