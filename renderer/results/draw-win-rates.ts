/** The drawing of win rates by round: a point and its interval for each standing opponent, on an axis with 50 on it. */
import * as Plot from "@observablehq/plot";
import { OPPONENT_ROLES, type OpponentRole } from "#app/contract/result-tables.ts";

export type WinRatePoint = {
  readonly policy: string;
  readonly opponent: string;
  readonly role: OpponentRole;
  /** In per cent. */
  readonly rate: number;
  readonly low: number;
  readonly high: number;
  readonly isHollow: boolean;
};

type SeriesLook = { readonly colour: string; readonly symbol: "circle" | "square" | "triangle" | "diamond"; readonly dx: number };

const SERIES: Readonly<Record<OpponentRole, SeriesLook>> = {
  previous: { colour: "var(--series-1)", symbol: "circle", dx: -4.5 },
  first: { colour: "var(--series-2)", symbol: "square", dx: 4.5 },
  teacher: { colour: "var(--series-3)", symbol: "triangle", dx: 0 },
  worst: { colour: "var(--series-4)", symbol: "diamond", dx: 9 },
};
const TICKS = [10, 25, 50, 75, 90];
const LABEL_GAP = 14;
const [HEIGHT, MARGIN_TOP, MARGIN_BOTTOM] = [288, 12, 24];

export type WinRateDrawing = {
  readonly points: readonly WinRatePoint[];
  readonly policies: readonly string[];
  readonly domain: readonly [number, number];
  /** Opponents are named at the right end of one of the two charts. */
  readonly names: Readonly<Record<OpponentRole, string>> | null;
  readonly width: number;
};

export function drawWinRates({ points, policies, domain, names, width }: WinRateDrawing): SVGSVGElement | HTMLElement {
  const [x, y] = ["policy", "rate"] as const;
  return Plot.plot({
    width,
    height: HEIGHT,
    marginLeft: 28,
    marginRight: names === null ? 8 : 104,
    marginTop: MARGIN_TOP,
    marginBottom: MARGIN_BOTTOM,
    style: { fontFamily: "var(--font-ui)", fontSize: "11px", color: "var(--ink-3)", overflow: "visible" },
    x: { type: "point", domain: [...policies], padding: 0.4, label: null, tickSize: 0 },
    y: { domain: [...domain], label: null, ticks: TICKS.filter((tick) => tick >= domain[0] && tick <= domain[1]), tickSize: 0 },
    marks: [
      Plot.gridY(TICKS, { stroke: "var(--line-1)", strokeOpacity: 1 }),
      Plot.ruleY([50], { stroke: "var(--ink-1)" }),
      ...OPPONENT_ROLES.flatMap((role) =>
        series(
          points.filter((point) => point.role === role),
          role,
        ),
      ),
      Plot.dot(points, Plot.pointer({ x, y, r: 7, stroke: "var(--ink-1)", strokeWidth: 1.5, maxRadius: 24 })),
      ...(names === null ? [] : [labels(points, names, domain)]),
    ],
  });
}

/** One opponent's line, intervals and points, set a little aside so that equal points stand next to each other. */
function series(points: readonly WinRatePoint[], role: OpponentRole): Plot.Markish[] {
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
      fill: (point: WinRatePoint) => (point.isHollow ? "var(--surface)" : colour),
      stroke: (point: WinRatePoint) => (point.isHollow ? colour : "var(--surface)"),
      strokeWidth: 1.5,
    }),
  ];
}

/** Each opponent's name at its last point, kept apart from its neighbours. */
function labels(points: readonly WinRatePoint[], names: Readonly<Record<OpponentRole, string>>, domain: readonly [number, number]): Plot.Markish {
  const last = [...Map.groupBy(points, (point) => point.role).values()].flatMap((ofRole) => ofRole.at(-1) ?? []);
  const pxPerPoint = (HEIGHT - MARGIN_TOP - MARGIN_BOTTOM) / (domain[1] - domain[0]);
  return [...Map.groupBy(last, (point) => point.policy).values()].flatMap((ofPolicy) => {
    // Nearby names are pushed down by what they lack, in px.
    let bottom = -Infinity;
    return ofPolicy
      .toSorted((a, b) => b.rate - a.rate)
      .map((point) => {
        const top = -point.rate * pxPerPoint;
        const dy = Math.max(0, bottom - top);
        bottom = top + dy + LABEL_GAP;
        const place = { x: "policy", y: "rate", dx: 18, dy, textAnchor: "start" } as const;
        return Plot.text([point], { ...place, fill: "var(--ink-1)", stroke: "var(--surface)", strokeWidth: 4, text: () => names[point.role] });
      });
  });
}

/** The drawing of the matrix for export; on the page it is a table. */
export type MatrixCell = {
  readonly row: string;
  readonly column: string;
  readonly percent: number;
  readonly colour: string;
  readonly isOutlined: boolean;
};

export function drawMatrix(names: readonly string[], cells: readonly MatrixCell[]): SVGSVGElement | HTMLElement {
  const size = 52;
  return Plot.plot({
    width: 80 + size * names.length,
    height: 40 + 40 * names.length,
    marginLeft: 72,
    marginTop: 32,
    marginBottom: 8,
    style: { fontFamily: "var(--font-ui)", fontSize: "12px", color: "var(--ink-2)" },
    x: { type: "band", domain: [...names], axis: "top", label: null, tickSize: 0, padding: 0.04 },
    y: { type: "band", domain: [...names], label: null, tickSize: 0, padding: 0.04 },
    marks: [
      Plot.cell(cells, {
        x: "column",
        y: "row",
        rx: 3,
        fill: (cell: MatrixCell) => cell.colour,
        stroke: (cell: MatrixCell) => (cell.isOutlined ? "var(--line-2)" : "none"),
      }),
      Plot.text(cells, { x: "column", y: "row", text: (cell: MatrixCell) => String(cell.percent), fill: "var(--ink-1)", fontWeight: 600 }),
    ],
  });
}
