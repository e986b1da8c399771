/** While something that was done can be taken back, the key of undo and the palette do it too. Annotate has an undo of its own. */
import { useEffect, useMemo, useRef } from "react";
import { commandText } from "../text/commands.ts";
import { keysText } from "../text/keys.ts";
import { useCommands } from "./command-context.tsx";
import type { Command } from "./command-store.ts";

const NONE: readonly Command[] = [];

/** `way`: undefined while there is nothing to take back. Of several, the one that came last. */
export function useUndo(way: (() => void) | undefined): void {
  const latest = useRef(way);
  useEffect(() => {
    latest.current = way;
  });
  const isOffered = way !== undefined;
  const commands = useMemo(
    (): readonly Command[] =>
      isOffered ? [{ id: "undo", label: keysText.labels.undo, group: commandText.groups.page, keys: "undo", run: () => latest.current?.() }] : NONE,
    [isOffered],
  );
  useCommands(commands);
}
