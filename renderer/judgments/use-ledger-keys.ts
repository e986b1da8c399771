/** The commands of Judgments with their keys, and Esc, which closes what is open. */
import { useEffect, useRef } from "react";
import { tinykeys } from "tinykeys";
import { useKeyedCommands } from "../commands/use-keyed-commands.ts";
import { judgmentsText as text } from "../text/judgments.ts";

const KEYS = ["search", "nextDispute", "previousDispute", "exportLedger"] as const;

export type LedgerWays = Readonly<Record<(typeof KEYS)[number] | "close", () => void>>;

export function useLedgerKeys(ways: LedgerWays): void {
  useKeyedCommands(KEYS, text.title, ways);
  const close = useRef(ways.close);
  useEffect(() => {
    close.current = ways.close;
  });
  useEffect(
    () =>
      tinykeys(
        window,
        {
          Escape: () => {
            close.current();
          },
        },
        { ignore: ({ target }) => target instanceof Element && target.closest("input, textarea, select, [contenteditable], [role=dialog]") !== null },
      ),
    [],
  );
}
