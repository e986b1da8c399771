/** Commands without keys of their own: what a part of a screen offers in the palette, for as long as it is shown. */
import { useEffect, useMemo, useRef } from "react";
import { useCommands } from "./command-context.tsx";
import type { Command } from "./command-store.ts";

export type Action = Pick<Command, "id" | "label" | "run">;

/** `group`: a constant heading; the newest `run` of an id is the one that is done. */
export function useActions(group: string, actions: readonly Action[]): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  // Commands are told anew when their words change, not at every drawing.
  const words = JSON.stringify(actions.map(({ id, label }) => [id, label]));
  const commands = useMemo(() => {
    const pairs = JSON.parse(words) as readonly (readonly [string, string])[]; // written just above
    return pairs.map(([id, label]): Command => ({
      id,
      label,
      group,
      run: () => latest.current.find((action) => action.id === id)?.run(),
    }));
  }, [words, group]);
  useCommands(commands);
}
