/** The commands that make and open experiments, wherever these can be done. */
import { useEffect, useMemo, useRef } from "react";
import { useCommands } from "../commands/command-context.tsx";
import type { Command } from "../commands/command-store.ts";
import { windowBridge } from "../lab-client/window-bridge.ts";
import { commandText as text } from "../text/commands.ts";

export type ExperimentWays = {
  readonly makeNew: () => void;
  readonly openFolder: () => void;
  readonly runDemo: () => void;
  /** The key of the demo, on a page that offers it first. */
  readonly demoKey?: "Enter";
};

export function useExperimentCommands(ways: ExperimentWays): void {
  const { demoKey } = ways;
  const latest = useRef(ways);
  useEffect(() => {
    latest.current = ways;
  });
  const commands = useMemo((): readonly Command[] => {
    const group = text.groups.experiments;
    return [
      {
        id: "experiments.new",
        label: text.newExperiment,
        group,
        run: () => {
          latest.current.makeNew();
        },
      },
      {
        id: "experiments.open",
        label: text.openExperiment,
        group,
        run: () => {
          latest.current.openFolder();
        },
      },
      {
        id: "experiments.demo",
        label: text.demo,
        group,
        ...(demoKey === undefined ? {} : { keys: demoKey }),
        run: () => {
          latest.current.runDemo();
        },
      },
    ];
  }, [demoKey]);
  useCommands(commands);
  useEffect(
    () =>
      windowBridge()?.onCommand((command) => {
        if (command === "newExperiment") latest.current.makeNew();
        if (command === "openExperiment") latest.current.openFolder();
      }),
    [],
  );
}
