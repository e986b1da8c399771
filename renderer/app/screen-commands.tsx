/** Commands that go to the screens of an experiment; the keys are those of the design, Ctrl or Cmd with a digit. */
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useMemo } from "react";
import { useCommands } from "../commands/command-context.tsx";
import type { Command } from "../commands/command-store.ts";
import { useHostIfAny } from "../lab-client/host-context.tsx";
import { windowBridge } from "../lab-client/window-bridge.ts";
import { commandText } from "../text/commands.ts";
import { setUpText } from "../text/set-up.ts";
import { shellText } from "../text/shell.ts";

type Screen = {
  readonly to: "/rounds" | "/annotate" | "/training" | "/policies" | "/settings" | "/set-up" | "/experiments";
  readonly label: string;
  readonly keys?: string;
};

const SCREENS: readonly Screen[] = [
  { to: "/rounds", label: shellText.screens.rounds, keys: "$mod+1" },
  { to: "/annotate", label: shellText.screens.annotate, keys: "$mod+2" },
  { to: "/training", label: shellText.screens.training, keys: "$mod+4" },
  { to: "/policies", label: shellText.screens.policies, keys: "$mod+6" },
  { to: "/settings", label: shellText.screens.settings, keys: "$mod+," },
  { to: "/set-up", label: setUpText.title },
];

const EXPERIMENTS: Screen = { to: "/experiments", label: shellText.screens.experiments, keys: "$mod+0" };

export function ScreenCommands(): ReactNode {
  const navigate = useNavigate();
  const hasHost = useHostIfAny() !== null;
  const commands = useMemo(
    () =>
      (hasHost ? [...SCREENS, EXPERIMENTS] : SCREENS).map(({ to, label, keys }): Command => ({
        id: `go${to}`,
        label,
        group: commandText.groups.screens,
        ...(keys === undefined ? {} : { keys }),
        run: () => {
          void navigate({ to });
        },
      })),
    [hasHost, navigate],
  );
  useCommands(commands);
  useEffect(
    () =>
      windowBridge()?.onCommand((command) => {
        if (command === "experiments") void navigate({ to: "/experiments" });
      }),
    [navigate],
  );
  return null;
}
