/** A small line over steps, with the last value in words and the range at its edges. */
import type { ReactNode } from "react";

export type LineChartProps = {
  readonly title: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly digits: number;
};

const WIDTH = 300;
const HEIGHT = 56;
const PAD = 4;

export function LineChart({ title, points, digits }: LineChartProps): ReactNode {
  const ys = points.map((point) => point.y);
  const low = Math.min(...ys);
  const high = Math.max(...ys);
  const last = points.at(-1)?.y ?? 0;
  return (
    <figure className="line-chart">
      <figcaption>
        <span className="medium">{title}</span>
        <span className="figures strong">{signed(last, digits)}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${signed(last, digits)} now, from ${signed(points[0]?.y ?? 0, digits)}, between ${signed(low, digits)} and ${signed(high, digits)}`}
      >
        <path className="axis" d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} />
        <path className="line" d={pathOf(points, low, high)} />
      </svg>
      <p className="figures ink-3">
        {signed(low, digits)} to {signed(high, digits)}
      </p>
    </figure>
  );
}

function pathOf(points: LineChartProps["points"], low: number, high: number): string {
  const firstX = points[0]?.x ?? 0;
  const width = Math.max(1, (points.at(-1)?.x ?? 0) - firstX);
  const height = high - low;
  return points
    .map(({ x, y }, i) => {
      const left = ((x - firstX) / width) * WIDTH;
      // A flat line runs through the middle.
      const top = height === 0 ? HEIGHT / 2 : PAD + (1 - (y - low) / height) * (HEIGHT - 2 * PAD);
      return `${i === 0 ? "M" : "L"}${left.toFixed(1)} ${top.toFixed(1)}`;
    })
    .join("");
}

/** With a true minus sign. */
function signed(value: number, digits: number): string {
  return value.toFixed(digits).replace("-", "−");
}
