/** What can be done in a sitting, for the command palette; the keys that it shows there are listened for by the sitting itself. */
import { useEffect, useMemo, useRef } from "react";
import { useCommands } from "../commands/command-context.tsx";
import type { Command } from "../commands/command-store.ts";
import type { KeyId } from "../keys/key-table.ts";
import { annotateText as text } from "../text/annotate.ts";
import { keysText } from "../text/keys.ts";
import { ACTION_ROWS, type AnnotateAction } from "./keys.ts";

export type AnnotateWays = {
  /** A pair can be seen: without one only steps back, the sheet of keys and the end are offered. */
  readonly hasPair: boolean;
  readonly hasEarlierTurns: boolean;
  readonly hasGuidelines: boolean;
  readonly act: (action: AnnotateAction) => void;
  readonly end: () => void;
  readonly changeAuthor: () => void;
};

const WITHOUT_PAIR: readonly KeyId[] = ["undo", "redo", "help"];

export function useAnnotateCommands(ways: AnnotateWays): void {
  const { hasPair, hasEarlierTurns, hasGuidelines } = ways;
  const latest = useRef(ways);
  useEffect(() => {
    latest.current = ways;
  });
  const commands = useMemo((): readonly Command[] => {
    const isOffered = (id: KeyId): boolean => {
      if (id === "guidelines") return hasGuidelines;
      if (id === "earlierTurns") return hasPair && hasEarlierTurns;
      return hasPair || WITHOUT_PAIR.includes(id);
    };
    const keyed = ACTION_ROWS.filter(({ id }) => isOffered(id)).map(({ id, action }): Command => ({
      id: `annotate.${id}`,
      label: keysText.labels[id],
      group: text.title,
      keys: id,
      isBoundByScreen: true,
      run: () => {
        latest.current.act(action);
      },
    }));
    const others: readonly Command[] = [
      {
        id: "annotate.end",
        label: text.bar.end,
        group: text.title,
        run: () => {
          latest.current.end();
        },
      },
      {
        id: "annotate.name",
        label: text.bar.changeName,
        group: text.title,
        run: () => {
          latest.current.changeAuthor();
        },
      },
    ];
    return [...keyed, ...others];
  }, [hasPair, hasEarlierTurns, hasGuidelines]);
  useCommands(commands);
}
