/** The points of a chart as links to the answers behind them: by pointer the nearest, by arrow keys from one to the next. */
import { type KeyboardEvent, type MouseEvent, type ReactNode, useRef, useState } from "react";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { AnswersLink } from "./answers-link.tsx";
import { type Direction, nearestSpot, nextSpot } from "./near-spots.ts";
import type { Spot } from "./plot-figure.tsx";

const DIRECTIONS: Readonly<Record<string, Direction>> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };
/** How far a pointer may be from the point that it means, in px. */
const REACH = 24;

/** What a point says, and whose answers it leads to. */
export type ChartPoint = { readonly key: string; readonly words: string; readonly first: string; readonly second: string };

export type ChartPointsProps = {
  readonly results: Pick<ResultOverview, "split">;
  readonly label: string;
  readonly spots: readonly Spot<ChartPoint>[];
  readonly width: number;
  /** Where a reader begins: the last one without it. */
  readonly start?: number;
  /** In px; of what is larger than a point, from its middle. */
  readonly reach?: number;
};

export function ChartPoints({ results, label, spots, width, start = spots.length - 1, reach = REACH }: ChartPointsProps): ReactNode {
  const list = useRef<HTMLUListElement>(null);
  const [reached, setReached] = useState<number | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const stop = Math.min(reached ?? start, spots.length - 1);
  const linkOf = (at: number): HTMLAnchorElement | null => list.current?.querySelectorAll("a")[at] ?? null;
  const onKeyDown = (event: KeyboardEvent): void => {
    const direction = DIRECTIONS[event.key];
    if (direction === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    const next = nextSpot(spots, stop, direction);
    setReached(next);
    linkOf(next)?.focus();
  };
  const nearest = (event: MouseEvent<HTMLUListElement>): number | null => {
    const box = event.currentTarget.getBoundingClientRect();
    return nearestSpot(spots, event.clientX - box.left, event.clientY - box.top, reach);
  };
  return (
    <ul
      ref={list}
      className={pointed === null ? "spots" : "spots pointed"}
      aria-label={label}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => {
        setPointed(nearest(event));
      }}
      onPointerLeave={() => {
        setPointed(null);
      }}
      onClick={(event) => {
        // Links themselves take no pointer: they lie too close together to be told apart by their boxes.
        const meant = event.target === event.currentTarget ? nearest(event) : null;
        if (meant !== null) linkOf(meant)?.click();
      }}
    >
      {spots.map(({ datum: { key, words, first, second }, left, top }, i) => (
        <li key={key} style={{ left, top }} className={`spot${i === pointed ? " near" : ""}${2 * left > width ? " to-left" : ""}`}>
          <AnswersLink results={results} first={first} second={second} className="spot-link" tabIndex={i === stop ? 0 : -1}>
            <span className="spot-words">{words}</span>
          </AnswersLink>
        </li>
      ))}
    </ul>
  );
}
