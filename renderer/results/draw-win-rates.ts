/** The drawing of win rates by round: a point and its interval for each standing opponent, on an axis with 50 on it. */
import * as Plot from "@observablehq/plot";
import { type RatePoint, rateTicks } from "#app/contract/result-points.ts";
import { OPPONENT_ROLES, type OpponentRole } from "#app/contract/result-tables.ts";
import type { Chart } from "./plot-figure.tsx";

type SeriesLook = { readonly colour: string; readonly symbol: "circle" | "square" | "triangle" | "diamond"; readonly dx: number };

const SERIES: Readonly<Record<OpponentRole, SeriesLook>> = {
  previous: { colour: "var(--series-1)", symbol: "circle", dx: -12 },
  first: { colour: "var(--series-2)", symbol: "square", dx: -4 },
  teacher: { colour: "var(--series-3)", symbol: "triangle", dx: 4 },
  worst: { colour: "var(--series-4)", symbol: "diamond", dx: 12 },
};
/** In px, at the usual size of text. */
const [LABEL_GAP, LETTER] = [14, 11];
const [HEIGHT, MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_NAMES] = [288, 12, 24, 28, 104];

export type WinRateDrawing = {
  readonly points: readonly RatePoint[];
  readonly policies: readonly string[];
  readonly domain: readonly [number, number];
  /** Opponents are named at the right end of one of the two charts. */
  readonly names: Readonly<Record<OpponentRole, string>> | null;
  readonly width: number;
  /** Of the text, 1 at its usual size. */
  readonly scale: number;
};

/** What charts of the same width over the same policies share, so that their columns stand in line. */
export function columnsOf(
  policies: readonly string[],
  hasNames: boolean,
  scale: number,
): { readonly x: Plot.ScaleOptions; readonly marginLeft: number; readonly marginRight: number } {
  return {
    x: { type: "point", domain: [...policies], padding: 0.4, label: null, tickSize: 0 },
    marginLeft: MARGIN_LEFT * scale,
    marginRight: hasNames ? MARGIN_NAMES * scale : 8,
  };
}

export function chartStyle(scale: number): Readonly<Record<string, string>> {
  return { fontFamily: "var(--font-ui)", fontSize: `${LETTER * scale}px`, color: "var(--ink-3)", overflow: "visible" };
}

export function drawWinRates({ points, policies, domain, names, width, scale }: WinRateDrawing): Chart<RatePoint> {
  const ticks = rateTicks(domain);
  const element = Plot.plot({
    width,
    height: HEIGHT * scale,
    ...columnsOf(policies, names !== null, scale),
    marginTop: MARGIN_TOP * scale,
    marginBottom: MARGIN_BOTTOM * scale,
    style: chartStyle(scale),
    y: { domain: [...domain], label: null, ticks, tickSize: 0 },
    marks: [
      Plot.gridY(ticks, { stroke: "var(--line-1)", strokeOpacity: 1 }),
      Plot.ruleY([50], { stroke: "var(--ink-1)" }),
      ...OPPONENT_ROLES.flatMap((role) =>
        series(
          points.filter((point) => point.role === role),
          role,
        ),
      ),
      ...(names === null ? [] : [labels(points, names, domain, scale)]),
    ],
  });
  const [x, y] = [element.scale("x"), element.scale("y")];
  const spots = points.map((point) => ({
    datum: point,
    left: Number(x?.apply(point.policy)) + SERIES[point.role].dx,
    top: Number(y?.apply(point.rate)),
  }));
  return { element, spots };
}

/** One opponent's line, intervals and points, set a little aside so that equal points stand next to each other. */
function series(points: readonly RatePoint[], role: OpponentRole): Plot.Markish[] {
  const { colour, symbol, dx } = SERIES[role];
  const [x, y] = ["policy", "rate"] as const;
  return [
    Plot.lineY(points, { x, y, dx, stroke: colour, strokeOpacity: 0.45, strokeWidth: 1 }),
    Plot.ruleX(points, { x, y1: "low", y2: "high", dx, stroke: colour, strokeWidth: 2, strokeLinecap: "round" }),
    Plot.dot(points, {
      x,
      y,
      dx,
      r: 4,
      symbol,
      fill: (point: RatePoint) => (point.isHollow ? "var(--surface)" : colour),
      stroke: (point: RatePoint) => (point.isHollow ? colour : "var(--surface)"),
      strokeWidth: 1.5,
    }),
  ];
}

/** Each opponent's name at its last point, kept apart from its neighbours. */
function labels(
  points: readonly RatePoint[],
  names: Readonly<Record<OpponentRole, string>>,
  domain: readonly [number, number],
  scale: number,
): Plot.Markish {
  const last = [...Map.groupBy(points, (point) => point.role).values()].flatMap((ofRole) => ofRole.at(-1) ?? []);
  const pxPerPoint = (scale * (HEIGHT - MARGIN_TOP - MARGIN_BOTTOM)) / (domain[1] - domain[0]);
  return [...Map.groupBy(last, (point) => point.policy).values()].flatMap((ofPolicy) => {
    // Nearby names are pushed down by what they lack, in px.
    let bottom = -Infinity;
    return ofPolicy
      .toSorted((a, b) => b.rate - a.rate)
      .map((point) => {
        const top = -point.rate * pxPerPoint;
        const dy = Math.max(0, bottom - top);
        bottom = top + dy + LABEL_GAP * scale;
        const place = { x: "policy", y: "rate", dx: 22, dy, textAnchor: "start" } as const;
        return Plot.text([point], { ...place, fill: "var(--ink-1)", stroke: "var(--surface)", strokeWidth: 4, text: () => names[point.role] });
      });
  });
}
