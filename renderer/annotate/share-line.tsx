/** A share with its interval, drawn as a line from 0 to 1. */
import type { ReactNode } from "react";

export type Share = { readonly n: number; readonly hits: number; readonly low: number; readonly high: number };

const LINE_WIDTH = 150;

/** The words beside it say the same. */
export function ShareLine({ share, hasMiddle }: { readonly share: Share; readonly hasMiddle: boolean }): ReactNode {
  const x = (place: number): number => 4 + place * (LINE_WIDTH - 8);
  const isHollow = hasMiddle && share.low <= 0.5 && share.high >= 0.5;
  return (
    <svg className="whisker" width={LINE_WIDTH} height="16" viewBox={`0 0 ${LINE_WIDTH} 16`} aria-hidden="true">
      <path className="axis" d={`M1 8H${LINE_WIDTH - 1}`} />
      {hasMiddle && <path className="half" d={`M${x(0.5)} 1V15`} />}
      <path className="interval" d={`M${x(share.low)} 8H${x(share.high)}`} />
      <circle className={isHollow ? "point hollow" : "point"} cx={x(share.hits / share.n)} cy="8" r="3.5" />
    </svg>
  );
}
