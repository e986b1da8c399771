/** Binds the keys of Annotate to the window; they rest in text fields, in the reason panel and while the comparison is covered. */
import { useEffect, useRef } from "react";
import { tinykeys } from "tinykeys";
import { isPaletteOpen } from "../commands/command-palette.tsx";
import type { AnnotateAction, BoundAction } from "./keys.ts";

export type AnnotateKeysOptions = {
  readonly actions: readonly BoundAction[];
  /** Something lies over the comparison: its own keys hold. */
  readonly isCovered: boolean;
  readonly isPaused: boolean;
  readonly act: (action: AnnotateAction) => void;
  readonly uncover: () => void;
};

export function useAnnotateKeys(options: AnnotateKeysOptions): void {
  const { actions } = options;
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    const bindings = actions.flatMap(({ bindings: keys, action }) =>
      keys.map((key): [string, (event: KeyboardEvent) => void] => [
        key,
        (event) => {
          const { isCovered, isPaused, act, uncover } = latest.current;
          const isScroll = action.kind.startsWith("scroll");
          if (event.repeat && !isScroll) return;
          if (isCovered) {
            // The key that opened a cover closes it.
            if ((isPaused && action.kind === "pause") || (!isPaused && action.kind === "help")) uncover();
            return;
          }
          event.preventDefault();
          act(action);
        },
      ]),
    );
    return tinykeys(window, Object.fromEntries(bindings), { ignore: isNotOurs });
  }, [actions]);
}

/** Text fields, the palette and the reason panel keep their keys, as does what is scrolled by keyboard; Space and Enter belong to the button that has the focus. */
function isNotOurs(event: KeyboardEvent): boolean {
  if (event.isComposing || isPaletteOpen()) return true;
  const { target } = event;
  if (!(target instanceof Element)) return false;
  if (target.matches("input, textarea, select, [contenteditable]") || target.closest("[data-own-keys]") !== null) return true;
  if (isScrolledBy(event, target)) return true;
  return (event.code === "Space" || event.code === "Enter") && target.closest("button, a, [role=button]") !== null;
}

/**
 * Code, tables and the prompt, reached by Tab, are read by the keys that scroll them: along an axis on which more is
 * there than can be seen, both ways, so that neither side's key is a verdict sooner than the other's.
 */
function isScrolledBy(event: KeyboardEvent, target: Element): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey || !target.matches(":is(pre, .wide, .prompt):focus-visible")) return false;
  switch (event.code) {
    case "ArrowLeft":
    case "ArrowRight":
      return !event.shiftKey && target.scrollWidth > target.clientWidth;
    case "ArrowUp":
    case "ArrowDown":
      return !event.shiftKey && target.scrollHeight > target.clientHeight;
    case "Space":
      return target.scrollHeight > target.clientHeight;
    default:
      return false;
  }
}
