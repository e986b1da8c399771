/** The charts of the report as SVG text: win rates by round, raw beside length-controlled, and mean lengths beneath. */
import { lengthBars, rateDomain, type RatePoint, ratePoints, rateTicks } from "#app/contract/result-points.ts";
import { OPPONENT_ROLES, type OpponentRole, ROLE_WORDS } from "#app/contract/result-tables.ts";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { fixed } from "#app/text/language.ts";
import { reportWords } from "#app/text/report.ts";
import { escape } from "./report-parts.ts";

const WIDTH = 460;
const [LEFT, RIGHT, TOP, BOTTOM] = [30, 110, 12, 24];
const HEIGHT = 280;
const [BAR, BARS_HEIGHT, BARS_BOTTOM] = [18, 68, 18];
/** Between names at the right end, at least, in px. */
const NAME_GAP = 14;

const words = reportWords.charts;

type Look = { readonly dx: number; readonly shape: (x: number, y: number) => string };

const at = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** Opponents are told apart by shape and by name; their classes carry the colours. */
const LOOKS: Readonly<Record<OpponentRole, Look>> = {
  previous: { dx: -12, shape: (x, y) => `M${at(x - 4, y)}a4 4 0 1 0 8 0a4 4 0 1 0-8 0z` },
  first: { dx: -4, shape: (x, y) => `M${at(x - 3.5, y - 3.5)}h7v7h-7z` },
  teacher: { dx: 4, shape: (x, y) => `M${at(x, y - 4.5)}l4.5 8h-9z` },
  worst: { dx: 12, shape: (x, y) => `M${at(x, y - 5)}l3.5 5-3.5 5-3.5-5z` },
};

/** One figure; the numbers stand in the table beneath it. */
export function winRateCharts(results: ResultOverview): string {
  const { raw, controlled } = ratePoints(results);
  const domain = rateDomain([...raw, ...controlled]);
  const policies = results.rounds.map(({ policy }) => policy);
  const charts = [
    { title: words.raw, points: raw },
    { title: words.controlled, points: controlled },
  ]
    .filter(({ points }) => points.length > 0)
    .map(({ title, points }) => `<div><h3>${title}</h3>${rateChart(title, points, policies, domain)}</div>`);
  return `<div class="charts">${charts.join("\n")}<div><h3>${words.lengths}</h3>${lengthChart(results, policies)}</div></div>`;
}

/** Where the columns stand, as on the page: so much of a step is left at both ends. */
function columns(policies: readonly string[]): (policy: string) => number {
  const step = (WIDTH - LEFT - RIGHT) / (policies.length - 1 + 0.8);
  return (policy) => LEFT + step * (0.4 + policies.indexOf(policy));
}

function rateChart(title: string, points: readonly RatePoint[], policies: readonly string[], [least, most]: readonly [number, number]): string {
  const x = columns(policies);
  const y = (rate: number): number => TOP + ((most - rate) / (most - least)) * (HEIGHT - TOP - BOTTOM);
  const lines = rateTicks([least, most]).map(
    (tick) =>
      `<path class="${tick === 50 ? "even" : "grid"}" d="M${LEFT} ${y(tick).toFixed(1)}H${WIDTH - RIGHT}"/><text x="${LEFT - 6}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${tick}</text>`,
  );
  const series = OPPONENT_ROLES.map((role) =>
    oneSeries(
      points.filter((point) => point.role === role),
      role,
      x,
      y,
    ),
  );
  const sentence = points
    .map(({ policy, opponent, rate, low, high }) => words.point(policy, fixed(rate, 1), opponent, fixed(low, 1), fixed(high, 1)))
    .join(" ");
  return svg(HEIGHT, words.rates(title, sentence), [...lines, ...ticks(policies, HEIGHT - 6), ...series, ...names(points, x, y)]);
}

function oneSeries(points: readonly RatePoint[], role: OpponentRole, x: (policy: string) => number, y: (rate: number) => number): string {
  const { dx, shape } = LOOKS[role];
  const places = points.map((point) => ({ ...point, left: x(point.policy) + dx, top: y(point.rate) }));
  const line = places.length < 2 ? "" : `<path class="line" d="M${places.map(({ left, top }) => at(left, top)).join("L")}"/>`;
  const marks = places.map(
    ({ left, top, low, high, isHollow }) =>
      `<path class="interval" d="M${at(left, y(low))}V${y(high).toFixed(1)}"/><path class="${isHollow ? "point hollow" : "point"}" d="${shape(left, top)}"/>`,
  );
  return `<g class="${role}">${line}${marks.join("")}</g>`;
}

/** Each opponent by name at its last point, nearby names pushed apart. */
function names(points: readonly RatePoint[], x: (policy: string) => number, y: (rate: number) => number): string[] {
  const last = OPPONENT_ROLES.flatMap((role) => points.findLast((point) => point.role === role) ?? []);
  return [...Map.groupBy(last, (point) => point.policy).values()].flatMap((ofPolicy) => {
    let bottom = -Infinity;
    return ofPolicy
      .toSorted((a, b) => b.rate - a.rate)
      .map(({ policy, rate, role }) => {
        const top = Math.max(y(rate) + 4, bottom);
        bottom = top + NAME_GAP;
        return `<text class="name" x="${(x(policy) + 22).toFixed(1)}" y="${top.toFixed(1)}">${escape(ROLE_WORDS[role])}</text>`;
      });
  });
}

function lengthChart(results: ResultOverview, policies: readonly string[]): string {
  const bars = lengthBars(results);
  const x = columns(policies);
  const longest = Math.max(1, ...bars.map(({ characters }) => characters));
  const floor = BARS_HEIGHT - BARS_BOTTOM;
  const drawn = bars.map(({ policy, characters }, i) => {
    const height = (characters / longest) * (floor - 4);
    const box = `x="${(x(policy) - BAR / 2).toFixed(1)}" y="${(floor - height).toFixed(1)}" width="${BAR}" height="${height.toFixed(1)}"`;
    return `<rect class="${i === bars.length - 1 ? "newest" : "bar"}" ${box}/><text x="${x(policy).toFixed(1)}" y="${BARS_HEIGHT - 4}" text-anchor="middle">${Math.round(characters)}</text>`;
  });
  const sentence = bars.map(({ policy, characters }) => `${policy}: ${Math.round(characters)}`).join(", ");
  return svg(BARS_HEIGHT, words.bars(sentence), drawn);
}

function ticks(policies: readonly string[], baseline: number): string[] {
  const x = columns(policies);
  return policies.map((policy) => `<text x="${x(policy).toFixed(1)}" y="${baseline}" text-anchor="middle">${escape(policy)}</text>`);
}

function svg(height: number, label: string, parts: readonly string[]): string {
  return `<svg class="chart" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(label)}">${parts.join("")}</svg>`;
}
