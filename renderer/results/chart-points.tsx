/** The points of a chart as links to the answers behind them: by pointer the nearest, by arrow keys from one to the next. */
import { type KeyboardEvent, type MouseEvent, type ReactNode, useRef, useState } from "react";
import type { RatePoint } from "#app/contract/result-points.ts";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { fixed } from "#app/text/language.ts";
import { resultsText } from "../text/results.ts";
import { AnswersLink } from "./answers-link.tsx";
import { type Direction, nearestSpot, nextSpot } from "./near-spots.ts";
import type { Spot } from "./plot-figure.tsx";

const text = resultsText.winRates;

const DIRECTIONS: Readonly<Record<string, Direction>> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };
/** How far a pointer may be from the point that it means, in px. */
const REACH = 24;

export type ChartPointsProps = {
  readonly results: Pick<ResultOverview, "split">;
  readonly label: string;
  readonly spots: readonly Spot<RatePoint>[];
  readonly width: number;
};

export function ChartPoints({ results, label, spots, width }: ChartPointsProps): ReactNode {
  const list = useRef<HTMLUListElement>(null);
  // The newest policy against the one before is where a reader begins.
  const [reached, setReached] = useState<number | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const stop = Math.min(reached ?? firstStop(spots), spots.length - 1);
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
    return nearestSpot(spots, event.clientX - box.left, event.clientY - box.top, REACH);
  };
  return (
    <ul
      ref={list}
      className={pointed === null ? "spots" : "spots pointed"}
      aria-label={text.points(label)}
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
      {spots.map(({ datum, left, top }, i) => (
        <li
          key={`${datum.policy} ${datum.role}`}
          style={{ left, top }}
          className={`spot${i === pointed ? " near" : ""}${2 * left > width ? " to-left" : ""}`}
        >
          <AnswersLink results={results} first={datum.policy} second={datum.opponent} className="spot-link" tabIndex={i === stop ? 0 : -1}>
            <span className="spot-words">
              {text.point(datum.policy, fixed(datum.rate, 1), datum.opponent, fixed(datum.low, 1), fixed(datum.high, 1))}
            </span>
          </AnswersLink>
        </li>
      ))}
    </ul>
  );
}

function firstStop(spots: readonly Spot<RatePoint>[]): number {
  const at = spots.findLastIndex(({ datum }) => datum.role === "previous");
  return at === -1 ? spots.length - 1 : at;
}
