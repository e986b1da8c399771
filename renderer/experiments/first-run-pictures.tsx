/** Three small drawings: two answers, a preference, policies that get better. */
import type { ReactNode } from "react";
import { experimentText } from "../text/experiments.ts";

const ROWS_LEFT = [56, 50, 58, 34];
const ROWS_RIGHT = [52, 58, 40];

function Sheet({
  x,
  rows,
  isPreferred = false,
}: {
  readonly x: number;
  readonly rows: readonly number[];
  readonly isPreferred?: boolean;
}): ReactNode {
  return (
    <g className={isPreferred ? "sheet preferred" : "sheet"}>
      <rect x={x} y="8" width="78" height="64" rx="5" />
      {rows.map((width, i) => (
        <path key={i} d={`M${x + 11} ${24 + 12 * i}h${width}`} />
      ))}
    </g>
  );
}

export function AnswersPicture(): ReactNode {
  return (
    <svg viewBox="0 0 190 80" width="190" height="80">
      <Sheet x={8} rows={ROWS_LEFT} />
      <Sheet x={104} rows={ROWS_RIGHT} />
    </svg>
  );
}

export function PreferPicture(): ReactNode {
  return (
    <svg viewBox="0 0 190 80" width="190" height="80">
      <Sheet x={8} rows={ROWS_LEFT} isPreferred />
      <Sheet x={104} rows={ROWS_RIGHT} />
      <rect className="cap" x="82" y="48" width="26" height="22" rx="4" />
      <path className="arrow" d="M101 59h-12M94 54l-5 5 5 5" />
    </svg>
  );
}

const POINTS = [
  { x: 28, y: 48, reach: 10, isHollow: true },
  { x: 72, y: 38, reach: 10, isHollow: false },
  { x: 116, y: 28, reach: 10, isHollow: false },
  { x: 160, y: 18, reach: 10, isHollow: false },
];

export function TrainedPicture(): ReactNode {
  return (
    <svg viewBox="0 0 190 80" width="190" height="80">
      <path className="even" d="M6 50h172" />
      <text x="6" y="66">
        {experimentText.firstRun.even}
      </text>
      {POINTS.map(({ x, y, reach, isHollow }) => (
        <g key={x}>
          <path className="interval" d={`M${x} ${y - reach}V${y + reach}`} />
          <circle className={isHollow ? "point hollow" : "point"} cx={x} cy={y} r="4" />
        </g>
      ))}
    </svg>
  );
}
