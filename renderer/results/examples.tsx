/** The answers behind a number: prompt by prompt, won and lost, each to be opened whole. */
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { ExampleFilter, ExampleView } from "#app/contract/result-views.ts";
import { Loading } from "../design/empty-state.tsx";
import { Unread } from "../design/failed.tsx";
import { count } from "../design/format.ts";
import { useIsNarrow } from "../design/text-scale.ts";
import { LongText } from "../annotate/long-text.tsx";
import { beginningOf } from "../annotate/plain-text.ts";
import { ResponseText } from "../annotate/response-text.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { resultsText } from "../text/results.ts";

const text = resultsText.examples;
const FILTERS: readonly ExampleFilter[] = ["all", "won", "lost", "tied", "ordersDisagree", "missing"];
const PAGE = 10;
/** The lab gives no more at once; what is further down is found by the filters. */
const MOST_SHOWN = 200;
/** Two lines of the widest column hold no more. */
const GLIMPSE = 400;

export type ExamplesProps = {
  readonly split: "validation" | "test";
  readonly first: string;
  readonly second: string;
  /** Which of them are shown at first. */
  readonly filter: ExampleFilter;
  /** True where the person has asked for these: then they come into view. */
  readonly isAskedFor: boolean;
};

export function Examples({ split, first, second, filter: shown, isAskedFor }: ExamplesProps): ReactNode {
  const { queries } = useLab();
  const [filter, setFilter] = useState<ExampleFilter>(shown);
  const [limit, setLimit] = useState(PAGE);
  const heading = useRef<HTMLHeadingElement>(null);
  const page = useQuery({
    ...queries.results.examples.queryOptions({ input: { split, first, second, filter, limit } }),
    placeholderData: (before) => before,
  });
  useEffect(() => {
    if (!isAskedFor) return;
    heading.current?.scrollIntoView({ block: "start" });
    heading.current?.focus({ preventScroll: true });
  }, [isAskedFor, first, second]);
  const counts = page.data?.counts;
  const all = counts?.[filter] ?? 0;
  return (
    <section aria-label={text.title(first, second)} className="examples">
      <div className="head">
        <h2 ref={heading} tabIndex={-1}>
          {text.title(first, second)}
        </h2>
        {counts !== undefined && (
          <span className="sub">
            {text.counts(count(counts.won), count(counts.lost), count(counts.tied))}
            {counts.missing > 0 && text.missing(count(counts.missing))}
          </span>
        )}
        <div className="segments" role="group" aria-label={text.filterLabel}>
          {FILTERS.filter((one) => one === "all" || (counts?.[one] ?? 0) > 0).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === filter}
              onClick={() => {
                setFilter(one);
                setLimit(PAGE);
              }}
            >
              {text.filters[one]} {one === "ordersDisagree" && count(counts?.ordersDisagree ?? 0)}
            </button>
          ))}
        </div>
      </div>
      <Unread of={[page]} />
      {page.data === undefined && page.error === null && (
        <div className="examples-to-come">
          <Loading>{text.reading}</Loading>
        </div>
      )}
      {page.data?.rows.length === 0 && <p className="ink-2">{text.none}</p>}
      {page.data !== undefined && page.data.rows.length > 0 && <ExampleTable rows={page.data.rows} first={first} second={second} />}
      {page.data !== undefined && page.data.rows.length < all && (
        <p className="examples-more">
          <span className="ink-3">{text.more(count(page.data.rows.length), count(all))}</span>
          {limit < MOST_SHOWN && (
            <button
              type="button"
              className="btn"
              onClick={() => {
                setLimit(Math.min(MOST_SHOWN, limit + 2 * PAGE));
              }}
            >
              {page.isFetching ? text.readingMore : text.showMore}
            </button>
          )}
        </p>
      )}
    </section>
  );
}

type TableProps = { readonly rows: readonly ExampleView[]; readonly first: string; readonly second: string };

function ExampleTable({ rows, first, second }: TableProps): ReactNode {
  const { columns } = text;
  return (
    <table className="table example-table">
      <thead>
        <tr>
          <th>{columns.outcome}</th>
          <th>{columns.prompt}</th>
          <th>{columns.own(first)}</th>
          <th>{columns.own(second)}</th>
          <th>{columns.judged}</th>
          <th>
            <span className="unseen">{text.openRow}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <ExampleRow key={row.promptId} row={row} first={first} second={second} />
        ))}
      </tbody>
    </table>
  );
}

type RowProps = { readonly row: ExampleView; readonly first: string; readonly second: string };

function ExampleRow({ row, first, second }: RowProps): ReactNode {
  const { columns } = text;
  const [isOpen, setIsOpen] = useState(false);
  const isNarrow = useIsNarrow();
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <tr className={isOpen ? "open" : undefined}>
      <td>
        <span className={`tag outcome ${row.outcome}`}>{text.outcomes[row.outcome]}</span>
        {row.ordersDisagree && <span className="small-text ink-3 block">{text.ordersDisagree}</span>}
      </td>
      <td>
        {isOpen ? (
          <div className="whole medium" dir="auto" tabIndex={0} role="region" aria-label={columns.prompt}>
            <LongText text={row.prompt} />
          </div>
        ) : (
          <Beginning text={row.prompt} className="medium" />
        )}
      </td>
      <td>
        <Answer text={row.response} isOpen={isOpen} label={columns.own(first)} />
        {/* Where there is no room for a column of its own, the other one stands beneath when it is opened. */}
        {isOpen && isNarrow && (
          <div className="other-answer ink-2">
            <p className="small-text ink-3">{columns.own(second)}</p>
            <Answer text={row.opponentResponse} isOpen label={columns.own(second)} />
          </div>
        )}
      </td>
      <td className="ink-2">
        <Answer text={row.opponentResponse} isOpen={isOpen} label={columns.own(second)} />
      </td>
      <td className="small-text ink-3">{row.judgedBy.length === 0 ? (row.score === null ? "" : text.equal) : row.judgedBy.join(", ")}</td>
      <td>
        <button
          type="button"
          className="btn quiet icon-only"
          aria-expanded={isOpen}
          aria-label={isOpen ? text.closeRow : text.openRow}
          onClick={() => {
            setIsOpen(!isOpen);
          }}
        >
          <Icon className="icon" aria-hidden="true" />
        </button>
      </td>
    </tr>
  );
}

function Beginning({ text: whole, className = "" }: { readonly text: string; readonly className?: string }): ReactNode {
  return (
    <div className={`two-lines ${className}`} dir="auto">
      {beginningOf(whole, GLIMPSE)}
    </div>
  );
}

/** Closed its first lines, open as it was meant to look; in neither does anything of it run or load. */
function Answer({ text: response, isOpen, label }: { readonly text: string | null; readonly isOpen: boolean; readonly label: string }): ReactNode {
  if (response === null) return text.noResponse;
  if (!isOpen) return <Beginning text={response} />;
  return (
    <div className="whole column" tabIndex={0} role="region" aria-label={label}>
      <ResponseText text={response} />
    </div>
  );
}
