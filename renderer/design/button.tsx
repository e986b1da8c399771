/** A button that says why it rests: under the pointer, under the focus, and to those who hear the page. */
import { Tooltip } from "@mantine/core";
import { type ComponentProps, type FocusEvent, type PointerEvent, type ReactNode, useEffect, useState } from "react";
import { hasReason, useTold, type Why } from "./why.tsx";

type Own = "disabled" | "aria-disabled" | "aria-describedby" | "onPointerEnter" | "onPointerLeave" | "onFocus" | "onBlur";

export type ButtonProps = Omit<ComponentProps<"button">, Own> & {
  /** Why it cannot be pressed as things are. */
  readonly why?: Why;
  /** What its press has begun goes on. */
  readonly busy?: boolean;
  /** Its label meanwhile. The button has room for both labels at all times: nothing beside it moves. */
  readonly doing?: string;
};

/** While it rests it keeps its place in the order of Tab, and a press does nothing: neither a click nor Enter in its form. */
export function Button({ why, busy = false, doing, type = "button", onClick, children, ...rest }: ButtonProps): ReactNode {
  const { describedBy, reason } = useTold(why);
  const [met, setMet] = useState<HTMLButtonElement | null>(null);
  const rests = busy || hasReason(why);
  const leave = (): void => {
    setMet(null);
  };
  return (
    <>
      <button
        {...rest}
        type={type}
        aria-disabled={rests || undefined}
        data-busy={busy || undefined}
        aria-describedby={describedBy}
        onClick={(event) => {
          if (rests) event.preventDefault();
          else onClick?.(event);
        }}
        onPointerEnter={({ currentTarget }: PointerEvent<HTMLButtonElement>) => {
          if (hasReason(why)) setMet(currentTarget);
        }}
        onPointerLeave={leave}
        onFocus={({ currentTarget }: FocusEvent<HTMLButtonElement>) => {
          if (hasReason(why) && currentTarget.matches(":focus-visible")) setMet(currentTarget);
        }}
        onBlur={leave}
      >
        {doing === undefined ? children : <Labels busy={busy} doing={doing} label={children} />}
        {reason}
      </button>
      {met !== null && hasReason(why) && <Tip of={met} words={why} onPutAway={leave} />}
    </>
  );
}

type LabelsProps = { readonly busy: boolean; readonly doing: string; readonly label: ReactNode };

/** Both in one place, as wide as the wider; the one that is not shown is there for its width alone. */
function Labels({ busy, doing, label }: LabelsProps): ReactNode {
  return (
    <span className="labels" data-room={doing}>
      <span aria-hidden={busy || undefined}>{label}</span>
      {busy && <span>{doing}</span>}
    </span>
  );
}

type TipProps = { readonly of: HTMLButtonElement; readonly words: string; readonly onPutAway: () => void };

/** For the eye alone: what is read out stands in the button. */
function Tip({ of: button, words, onPutAway }: TipProps): ReactNode {
  useEffect(() => {
    const putAway = (event: KeyboardEvent): void => {
      if (event.key === "Escape") onPutAway();
    };
    window.addEventListener("keydown", putAway);
    return () => {
      window.removeEventListener("keydown", putAway);
    };
  });
  return <Tooltip target={button} opened label={words} aria-hidden="true" multiline transitionProps={{ duration: 0 }} className="tip" />;
}
