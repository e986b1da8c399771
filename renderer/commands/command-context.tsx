/** Hands the page's commands around, binds their keys, and shows the palette. */
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { tinykeys } from "tinykeys";
import { type Command, CommandStore } from "./command-store.ts";
import { CommandPalette } from "./command-palette.tsx";

const CommandContext = createContext<CommandStore | null>(null);

export function CommandsProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [store] = useState(() => new CommandStore());
  return (
    <CommandContext.Provider value={store}>
      {children}
      <Keys store={store} />
      <CommandPalette store={store} />
    </CommandContext.Provider>
  );
}

/** Adds commands for as long as the part that calls this is shown. */
export function useCommands(commands: readonly Command[]): void {
  const store = useContext(CommandContext);
  useEffect(() => store?.add(commands), [store, commands]);
}

/** Everything that can be done now. */
export function useAllCommands(): readonly Command[] {
  const store = useContext(CommandContext) ?? NO_COMMANDS;
  return useSyncExternalStore(store.subscribe, store.all);
}

const NO_COMMANDS = new CommandStore();

function Keys({ store }: { readonly store: CommandStore }): ReactNode {
  const commands = useSyncExternalStore(store.subscribe, store.all);
  useEffect(() => {
    const bound = commands.flatMap(({ keys, run }): [string, (event: KeyboardEvent) => void][] =>
      keys === undefined
        ? []
        : [
            [
              keys,
              (event) => {
                event.preventDefault();
                run();
              },
            ],
          ],
    );
    return tinykeys(window, Object.fromEntries(bound), { ignore: isTyping });
  }, [commands]);
  return null;
}

/** Single keys rest in text fields; with Ctrl or Cmd they are meant for the page wherever the focus is. */
function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing || event.repeat) return true;
  if (event.ctrlKey || event.metaKey) return false;
  const { target } = event;
  if (!(target instanceof Element)) return false;
  if (target.matches("input, textarea, select, [contenteditable]")) return true;
  // Space and Enter belong to the button that has the focus, and to whatever lies over the page.
  if (event.key !== "Enter" && event.key !== " ") return false;
  return target.closest("button, a, [role=button], [role=dialog]") !== null;
}
