/** Commands that go to the screens of an experiment: every address of the router, with the keys of the design. */
import { useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect, useMemo } from "react";
import { useCommands } from "../commands/command-context.tsx";
import type { Command } from "../commands/command-store.ts";
import { useHostIfAny } from "../lab-client/host-context.tsx";
import { windowBridge } from "../lab-client/window-bridge.ts";
import { commandText } from "../text/commands.ts";
import { labelOfScreen, screensOf } from "./screens.ts";

export function ScreenCommands(): ReactNode {
  const router = useRouter();
  const hasHost = useHostIfAny() !== null;
  const commands = useMemo(
    () =>
      screensOf(Object.keys(router.routesByPath), hasHost).map(({ path, keys }): Command => ({
        id: `go${path}`,
        label: labelOfScreen(path),
        group: commandText.groups.screens,
        ...(keys === undefined ? {} : { keys }),
        run: () => {
          router.history.push(path);
        },
      })),
    [hasHost, router],
  );
  useCommands(commands);
  useEffect(
    () =>
      windowBridge()?.onCommand((command) => {
        if (command === "experiments" || command === "settings") router.history.push(`/${command}`);
      }),
    [router],
  );
  return null;
}
