/** Commands of the experiment that is shown: what can be done with its newest round, and trying a lost connection. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { useCommands } from "../commands/command-context.tsx";
import type { Command } from "../commands/command-store.ts";
import { useConnectionState, useLab } from "../lab-client/lab-context.tsx";
import { mainAction } from "../rounds/round-actions.ts";
import { useRoundCommands } from "../rounds/use-round-commands.ts";
import { commandText as text } from "../text/commands.ts";

export function LabCommands(): ReactNode {
  const { queries, connection } = useLab();
  const { kind } = useConnectionState();
  const experiment = useQuery(queries.experiments.get.queryOptions()).data;
  const rounds = useQuery(queries.rounds.list.queryOptions()).data;
  const round = useRoundCommands();
  const latest = useRef(round);
  useEffect(() => {
    latest.current = round;
  });
  const action = experiment == null || rounds === undefined ? undefined : mainAction(experiment, rounds);
  const can = action?.kind === "start" || action?.kind === "resume" || (action?.kind === "pause" && !action.isPending) ? action.kind : null;
  const label = action?.kind === "start" || action?.kind === "resume" ? action.label : text.pause;
  const commands = useMemo((): readonly Command[] => {
    const roundCommand: readonly Command[] =
      can === null
        ? []
        : [
            {
              id: "round.main",
              label,
              group: text.groups.lab,
              run: () => {
                latest.current[can]();
              },
            },
          ];
    const retry: readonly Command[] =
      kind === "lost"
        ? [
            {
              id: "connection.retry",
              label: text.tryConnection,
              group: text.groups.lab,
              run: () => {
                connection.retryNow();
              },
            },
          ]
        : [];
    return [...roundCommand, ...retry];
  }, [can, label, kind, connection]);
  useCommands(commands);
  return null;
}
