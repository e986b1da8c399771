/** The way to the command palette, for those who do not know its key. */
import { Search } from "lucide-react";
import type { ReactNode } from "react";
import { KeyCap } from "../design/key-cap.tsx";
import { isMac } from "../design/platform.ts";
import { commandText } from "../text/commands.ts";
import { firstCaps } from "../keys/key-table.ts";
import { useKeyRows } from "../keys/own-keys.ts";
import { openPalette } from "./command-palette.tsx";

export function PaletteButton(): ReactNode {
  return (
    <button type="button" className="btn palette-button" title={commandText.palette} onClick={openPalette}>
      <Search className="icon" aria-hidden="true" />
      <span className="unseen">{commandText.palette}</span>
      <PaletteKey />
    </button>
  );
}

/** The same in the side bar, where every screen has it. */
export function PaletteItem(): ReactNode {
  return (
    <button type="button" className="nav-item" title={commandText.palette} onClick={openPalette}>
      <Search className="icon" aria-hidden="true" />
      <span className="label">{commandText.open}</span>
      <span className="number">
        <PaletteKey />
      </span>
    </button>
  );
}

function PaletteKey(): ReactNode {
  const rows = useKeyRows();
  return <KeyCap keys={firstCaps(rows, "palette", isMac())} />;
}
