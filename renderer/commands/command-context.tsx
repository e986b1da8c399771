/** Hands the page's commands around, binds their keys, and shows the palette. */
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { tinykeys } from "tinykeys";
import { useKeyRows } from "../keys/own-keys.ts";
import { bindingsOf, type Command, CommandStore } from "./command-store.ts";
import { CommandPalette, isPaletteOpen } from "./command-palette.tsx";

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

function Keys({ store }: { readonly store: CommandStore }): ReactNode {
  const rows = useKeyRows();
  const commands = useSyncExternalStore(store.subscribe, store.all);
  useEffect(() => {
    const listened = commands.filter((command) => command.isBoundByScreen !== true);
    const bound = listened.flatMap((command) =>
      bindingsOf(command, rows).map((binding): [string, (event: KeyboardEvent) => void] => [
        binding,
        (event) => {
          event.preventDefault();
          command.run();
        },
      ]),
    );
    return tinykeys(window, Object.fromEntries(bound), { ignore: isTyping });
  }, [commands, rows]);
  return null;
}

const TEXT_FIELDS = "input, textarea, select, [contenteditable]";

/** Single keys rest in text fields; with Ctrl or Cmd they are meant for the page wherever the focus is, but for a field's own undo. */
function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing || event.repeat) return true;
  const { target } = event;
  if (event.ctrlKey || event.metaKey) return /^[zy]$/iu.test(event.key) && target instanceof Element && target.matches(TEXT_FIELDS);
  if (!(target instanceof Element)) return false;
  if (isPaletteOpen()) return true;
  // What lies over the page has keys of its own.
  if (target.matches(TEXT_FIELDS) || target.closest("[role=dialog]") !== null) return true;
  // Space and Enter belong to the button that has the focus.
  if (event.key !== "Enter" && event.key !== " ") return false;
  return target.closest("button, a, [role=button]") !== null;
}
