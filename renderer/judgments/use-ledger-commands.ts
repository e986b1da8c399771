/** What can be done with the ledger that has no key of its own, for the command palette. */
import { useNavigate } from "@tanstack/react-router";
import { type Action, useActions } from "../commands/use-actions.ts";
import { count } from "../design/format.ts";
import { judgmentsText as text } from "../text/judgments.ts";

export type LedgerCommandWays = {
  readonly isFiltered: boolean;
  /** Judgments that came since the ledger was read. */
  readonly newer: number;
  readonly disputed: number;
  readonly clearFilters: () => void;
  readonly showNewer: () => void;
};

export function useLedgerCommands({ isFiltered, newer, disputed, clearFilters, showNewer }: LedgerCommandWays): void {
  const navigate = useNavigate();
  const clear: Action = { id: "judgments.clear", label: text.empty.clear, run: clearFilters };
  const show: Action = { id: "judgments.newer", label: text.foot.newer(count(newer)), run: showNewer };
  const work: Action = {
    id: "judgments.disputes",
    label: text.work(disputed),
    run: () => {
      void navigate({ to: "/annotate", search: { queue: "disputes" } });
    },
  };
  useActions(text.title, [...(isFiltered ? [clear] : []), ...(newer > 0 ? [show] : []), ...(disputed > 0 ? [work] : [])]);
}
