/** All policies, newest first, with their lineage drawn beside and what each came to against the first. */
import { Link } from "@tanstack/react-router";
import { type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from "react";
import type { PolicyView, RoundView, WinRateView } from "#app/contract/views.ts";
import { whenDone } from "../design/format.ts";
import { useWalk } from "../design/walk-cells.ts";
import { useNow } from "../design/use-now.ts";
import { EstimateLink } from "../rounds/round-result.tsx";
import { policiesText as text } from "../text/policies.ts";
import { lineageOf } from "./lineage.ts";
import { LineageDrawing } from "./lineage-drawing.tsx";

export type PolicyTableProps = {
  readonly policies: readonly PolicyView[];
  readonly rounds: readonly RoundView[];
  readonly open: string;
  readonly recommended: string | undefined;
};

const ROW_HEIGHT = 36;

export function PolicyTable({ policies, rounds, open, recommended }: PolicyTableProps): ReactNode {
  const nowMs = useNow();
  const walk = useWalk();
  const body = useRef<HTMLTableSectionElement>(null);
  const rowHeight = useRowHeight(body);
  return (
    <div className="policy-table">
      <LineageDrawing nodes={lineageOf(policies)} selected={open} rowHeight={rowHeight} />
      <table className="table" {...walk}>
        <thead>
          <tr>
            <th>{text.columns.policy}</th>
            <th>{text.columns.madeFrom}</th>
            <th>{text.columns.against}</th>
            <th>{text.columns.hash}</th>
            <th className="number">{text.columns.made}</th>
          </tr>
        </thead>
        <tbody ref={body}>
          {policies.toReversed().map((policy) => (
            <tr key={policy.id} className={policy.name === open ? "open" : undefined}>
              <td className="no-wrap">
                <Link
                  className="round-link cut"
                  title={policy.name}
                  to="/policies"
                  search={{ policy: policy.name }}
                  activeProps={{ "aria-current": false }}
                  aria-current={policy.name === open}
                >
                  {policy.name}
                </Link>
                {policy.name === recommended && <span className="tag chosen">{text.recommended}</span>}
              </td>
              <td className="ink-2 no-wrap">{madeFrom(policy)}</td>
              <td className="no-wrap">
                <AgainstFirst row={againstFirst(policy, rounds)} />
              </td>
              <td className="mono ink-3 no-wrap">{short(policy.adapterHash ?? policy.checkpointHash)}</td>
              <td className="number ink-3 no-wrap">{whenDone(policy.createdAtMs, nowMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** As it is laid out: larger text makes taller rows. */
function useRowHeight(body: RefObject<HTMLTableSectionElement | null>): number {
  const [height, setHeight] = useState(ROW_HEIGHT);
  useLayoutEffect(() => {
    const element = body.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      const rows = element.rows.length;
      if (rows > 0) setHeight(element.clientHeight / rows);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [body]);
  return height;
}

function madeFrom(policy: PolicyView): string {
  const { roundNumber, parent } = policy;
  if (roundNumber !== null) return text.madeFrom.round(roundNumber, parent ?? "");
  return parent === null ? text.madeFrom.added : text.madeFrom.merged(parent);
}

function againstFirst(policy: PolicyView, rounds: readonly RoundView[]): WinRateView | undefined {
  return rounds.find((round) => round.newPolicy === policy.name)?.winRates.find((row) => row.roles.includes("first"));
}

function AgainstFirst({ row }: { readonly row: WinRateView | undefined }): ReactNode {
  return row === undefined ? <span className="ink-3">{text.notMeasured}</span> : <EstimateLink row={row} />;
}

/** The beginning and the end of a hash: "e41c…08". */
function short(hash: string): string {
  return hash.length <= 8 ? hash : `${hash.slice(0, 4)}…${hash.slice(-2)}`;
}
