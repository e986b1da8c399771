/** An estimate with its interval on an axis that has "even" in the middle. */
import type { ReactNode } from "react";
import { designText } from "../text/design.ts";
import { percent } from "./format.ts";
import { holdsHalf, scaleInterval } from "./interval-scale.ts";

const WIDTH = 110;
const HEIGHT = 16;
const MIDDLE = HEIGHT / 2;
const MARGIN = 4;

export type WhiskerProps = {
  /** Shares of 1. */
  readonly low: number;
  readonly point: number;
  readonly high: number;
  /** Too few answers to say anything: hollow whatever the interval. */
  readonly isUnsure?: boolean;
};

export function Whisker({ low, point, high, isUnsure = false }: WhiskerProps): ReactNode {
  const scale = scaleInterval(low, point, high);
  const x = (place: number): number => MARGIN + place * (WIDTH - 2 * MARGIN);
  const isHollow = isUnsure || holdsHalf(low, high);
  return (
    <svg
      className="whisker"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={designText.interval(percent(point), percent(low), percent(high))}
    >
      <path className="axis" d={`M1 ${MIDDLE}H${WIDTH - 1}`} />
      <path className="half" d={`M${WIDTH / 2} 1V${HEIGHT - 1}`} />
      <path className="interval" d={`M${x(scale.low)} ${MIDDLE}H${x(scale.high)}`} />
      {scale.isCutLow && <path className="interval" d={`M5 4 1 ${MIDDLE}l4 4`} />}
      {scale.isCutHigh && <path className="interval" d={`M${WIDTH - 5} 4l4 4-4 4`} />}
      <circle className={isHollow ? "point hollow" : "point"} cx={x(scale.point)} cy={MIDDLE} r="3.5" />
    </svg>
  );
}
