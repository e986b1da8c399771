/** Commands that every page has: the palette itself, colours; and what a window's menu asks for. */
import { useMantineColorScheme } from "@mantine/core";
import { type ReactNode, useEffect, useMemo } from "react";
import { useCommands } from "../commands/command-context.tsx";
import { openPalette, PALETTE_ID } from "../commands/command-palette.tsx";
import type { Command } from "../commands/command-store.ts";
import { windowBridge } from "../lab-client/window-bridge.ts";
import { commandText as text } from "../text/commands.ts";

export function GlobalCommands(): ReactNode {
  const { setColorScheme } = useMantineColorScheme();
  const commands = useMemo((): readonly Command[] => {
    const scheme = (name: "light" | "dark" | "auto"): Command => ({
      id: `theme.${name}`,
      label: text.theme[name],
      group: text.groups.page,
      keywords: "theme colours",
      run: () => {
        setColorScheme(name);
      },
    });
    return [
      { id: PALETTE_ID, label: text.palette, group: text.groups.page, keys: "palette", run: openPalette },
      scheme("light"),
      scheme("dark"),
      scheme("auto"),
    ];
  }, [setColorScheme]);
  useCommands(commands);
  useEffect(
    () =>
      windowBridge()?.onCommand((command) => {
        if (command === "palette") openPalette();
      }),
    [],
  );
  return null;
}
