/** The commands of a screen that have rows in the table of keys: what each does, for as long as the screen is shown. */
import { useEffect, useMemo, useRef } from "react";
import type { KeyId } from "../keys/key-table.ts";
import { keysText } from "../text/keys.ts";
import { useCommands } from "./command-context.tsx";
import type { Command } from "./command-store.ts";

/** `ids` is a constant of the screen; the newest of `ways` is done. */
export function useKeyedCommands<Id extends KeyId>(ids: readonly Id[], group: string, ways: Readonly<Record<Id, () => void>>): void {
  const latest = useRef(ways);
  useEffect(() => {
    latest.current = ways;
  });
  const commands = useMemo(
    () =>
      ids.map((id): Command => ({
        id,
        label: keysText.labels[id],
        group,
        keys: id,
        run: () => {
          latest.current[id]();
        },
      })),
    [ids, group],
  );
  useCommands(commands);
}
