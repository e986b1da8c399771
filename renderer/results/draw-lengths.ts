/** The drawing of mean lengths, a bar a policy under the points of its win rates; the newest in ink. */
import * as Plot from "@observablehq/plot";
import type { LengthBar } from "#app/contract/result-points.ts";
import { count } from "../design/format.ts";
import type { Chart } from "./plot-figure.tsx";
import { chartStyle, columnsOf } from "./draw-win-rates.ts";

const [HEIGHT, MARGIN_TOP, MARGIN_BOTTOM, BAR] = [64, 4, 18, 18];

export type LengthDrawing = {
  readonly bars: readonly LengthBar[];
  readonly policies: readonly string[];
  readonly hasNames: boolean;
  readonly width: number;
  /** Of the text, 1 at its usual size. */
  readonly scale: number;
};

export function drawLengths({ bars, policies, hasNames, width, scale }: LengthDrawing): Chart<LengthBar> {
  const newest = bars.at(-1);
  const longest = Math.max(1, ...bars.map((bar) => bar.characters));
  const element = Plot.plot({
    width,
    height: HEIGHT * scale,
    ...columnsOf(policies, hasNames, scale),
    marginTop: MARGIN_TOP,
    marginBottom: MARGIN_BOTTOM * scale,
    style: chartStyle(scale),
    y: { domain: [0, longest], axis: null },
    marks: [
      Plot.axisX({ tickSize: 0, label: null, tickFormat: () => "" }),
      // A scale of points has no band to fill: a thick rule is the bar.
      Plot.ruleX(bars, {
        x: "policy",
        y1: 0,
        y2: "characters",
        stroke: (bar: LengthBar) => (bar === newest ? "var(--ink-2)" : "var(--line-2)"),
        strokeWidth: BAR,
      }),
      Plot.text(bars, { x: "policy", y: 0, dy: 10 * scale, text: (bar: LengthBar) => count(bar.characters), fill: "var(--ink-3)" }),
    ],
  });
  const x = element.scale("x");
  // Its column as a whole: a short bar is as easy to meet as a long one.
  const spots = bars.map((bar) => ({ datum: bar, left: Number(x?.apply(bar.policy)), top: (HEIGHT * scale) / 2 }));
  return { element, spots };
}
