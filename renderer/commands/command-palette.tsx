/** The command palette: everything that can be done now, found by a few letters, with its key. */
import { createSpotlight, Spotlight } from "@mantine/spotlight";
import { Search } from "lucide-react";
import { type ReactNode, useState, useSyncExternalStore } from "react";
import { isMac } from "../design/platform.ts";
import { KeyCap } from "../design/key-cap.tsx";
import { commandText as text } from "../text/commands.ts";
import { capsOf } from "../keys/bindings.ts";
import type { KeyRow } from "../keys/key-table.ts";
import { useKeyRows } from "../keys/own-keys.ts";
import { bindingsOf, type Command, type CommandStore, matching } from "./command-store.ts";
import "./commands.css";

const [paletteStore, palette] = createSpotlight();

/** The palette's own command is not listed in it. */
export const PALETTE_ID = "palette";

let focusedBefore: Element | null = null;

export function openPalette(): void {
  focusedBefore = document.activeElement;
  palette.open();
}

/** From the key that opens it on, also before its field has the focus: no letter typed then is a key of the page. */
export function isPaletteOpen(): boolean {
  return paletteStore.getState().opened;
}

/** Once after each opening: a command that was run may move the focus on. */
function focusAsBefore(): void {
  if (focusedBefore instanceof HTMLElement && focusedBefore.isConnected) focusedBefore.focus({ preventScroll: true });
  focusedBefore = null;
}

export function CommandPalette({ store }: { readonly store: CommandStore }): ReactNode {
  const commands = useSyncExternalStore(store.subscribe, store.all);
  const rows = useKeyRows();
  const [query, setQuery] = useState("");
  const found = matching(
    commands.filter((command) => command.id !== PALETTE_ID),
    query,
  );
  const groups = [...new Set(found.map((command) => command.group))].toSorted((a, b) => placeOf(a) - placeOf(b));
  return (
    <Spotlight.Root
      store={paletteStore}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      // Mantine's own comes a moment later, and would take the focus from what a command has opened.
      returnFocus={false}
      onSpotlightClose={focusAsBefore}
      scrollable
      maxHeight="min(26rem, 70vh)"
      size="38rem"
      yOffset="12vh"
      transitionProps={{ duration: 0 }}
      overlayProps={{ className: "dialog-overlay" }}
      title={text.title}
      classNames={{ header: "unseen", content: "palette", search: "palette-search", action: "palette-action", actionLabel: "palette-label" }}
    >
      <Spotlight.Search placeholder={text.placeholder} aria-label={text.placeholder} leftSection={<Search className="icon" aria-hidden="true" />} />
      <Spotlight.ActionsList>
        {groups.map((group) => (
          <Spotlight.ActionsGroup key={group} label={group}>
            {found
              .filter((command) => command.group === group)
              .map((command) => (
                <CommandRow key={command.id} command={command} rows={rows} />
              ))}
          </Spotlight.ActionsGroup>
        ))}
        {found.length === 0 && <Spotlight.Empty>{text.nothing(query)}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** Screens first, the page's own last; what else there is stands between. */
function placeOf(group: string): number {
  const { screens, page } = text.groups;
  return group === screens ? 0 : group === page ? 2 : 1;
}

function CommandRow({ command, rows }: { readonly command: Command; readonly rows: readonly KeyRow[] }): ReactNode {
  const [binding] = bindingsOf(command, rows);
  return (
    <Spotlight.Action
      label={command.label}
      closeSpotlightOnTrigger={false}
      onClick={() => {
        palette.close();
        focusAsBefore();
        command.run();
      }}
      rightSection={
        binding === undefined ? undefined : (
          <span className="row">
            <KeyCap keys={capsOf(binding, isMac())} />
          </span>
        )
      }
    />
  );
}
