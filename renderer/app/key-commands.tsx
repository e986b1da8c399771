/** The sheet of keys on every screen: those of the screen that is shown, and those that hold everywhere. Annotate has its own. */
import { useRouterState } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import { useCommands } from "../commands/command-context.tsx";
import type { Command } from "../commands/command-store.ts";
import { KeySheet } from "../keys/key-sheet.tsx";
import type { KeyScope } from "../keys/key-table.ts";
import { useKeyRows } from "../keys/own-keys.ts";
import { commandText } from "../text/commands.ts";
import { keysText as text } from "../text/keys.ts";

const NONE: readonly Command[] = [];

export function KeyCommands(): ReactNode {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const screen = path.split("/")[1] ?? "";
  const rows = useKeyRows();
  const [isOpen, setOpen] = useState(false);
  const commands = useMemo(
    (): readonly Command[] =>
      screen === "annotate"
        ? NONE
        : [
            {
              id: "keys",
              label: text.labels.help,
              group: commandText.groups.page,
              keys: "help",
              run: () => {
                setOpen(true);
              },
            },
          ],
    [screen],
  );
  useCommands(commands);
  const scopes: readonly KeyScope[] = isScope(screen) ? [screen, "everywhere"] : ["everywhere"];
  return (
    <KeySheet
      isOpen={isOpen}
      onClose={() => {
        setOpen(false);
      }}
      groups={scopes.map((scope) => ({ title: text.scopes[scope], rows: rows.filter((row) => row.scope === scope) }))}
    />
  );
}

function isScope(name: string): name is KeyScope {
  return Object.hasOwn(text.scopes, name);
}
