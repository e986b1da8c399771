/** The look of the report: one style sheet of system colours, the whisker as SVG text, and what makes a text harmless. */

export const REPORT_STYLE = `
:root { color-scheme: light dark; font: 15px/1.55 system-ui, sans-serif; }
body { margin: 0; background: Canvas; color: CanvasText; }
main { max-width: 66rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; }
h1 { font-size: 1.1rem; margin: 0 0 1rem; }
h2 { font-size: 1rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: .95rem; font-weight: 600; margin: 1.25rem 0 .5rem; }
h4 { font-size: .8rem; font-weight: 600; margin: 0 0 .25rem; }
.claim { font-size: 1.6rem; line-height: 1.25; font-weight: 600; margin: 0 0 .5rem; }
.quiet, footer { color: color-mix(in srgb, CanvasText 68%, Canvas); font-size: .85rem; }
table { border-collapse: collapse; font-size: .85rem; }
th { text-align: left; font-weight: 500; }
th, td { padding: .35rem .9rem .35rem 0; border-bottom: 1px solid color-mix(in srgb, CanvasText 14%, Canvas); vertical-align: middle; }
.number, .cell { font-variant-numeric: tabular-nums; }
.matrix th, .matrix td { border: 0; padding: .15rem; }
.matrix .cell { width: 3.2rem; height: 2rem; text-align: center; border-radius: 4px; }
.wins { background: color-mix(in srgb, mediumseagreen 35%, Canvas); }
.loses { background: color-mix(in srgb, mediumorchid 30%, Canvas); }
.unclear { outline: 1px solid color-mix(in srgb, CanvasText 30%, Canvas); outline-offset: -1px; }
.tag { font-size: .75rem; padding: .1rem .4rem; border-radius: 4px; background: color-mix(in srgb, CanvasText 10%, Canvas); }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: 0; padding: .6rem .75rem; background: color-mix(in srgb, CanvasText 5%, Canvas); border-radius: 6px; }
svg { display: block; }
.charts { display: flex; flex-wrap: wrap; gap: 0 1.5rem; margin-bottom: 1rem; }
.charts h3 { margin: .25rem 0 .25rem 1.9rem; font-size: .8rem; }
.chart { max-width: 100%; height: auto; overflow: visible; }
.chart text { font-size: 11px; fill: color-mix(in srgb, CanvasText 68%, Canvas); }
.chart .name { fill: CanvasText; }
.chart path { fill: none; stroke: currentColor; }
.chart .grid { stroke-opacity: .14; }
.chart .line { stroke-opacity: .45; }
.chart .interval { stroke-width: 2; stroke-linecap: round; }
.chart .point { fill: currentColor; stroke: Canvas; stroke-width: 1.5; }
.chart .point.hollow { fill: Canvas; stroke: currentColor; }
.chart .first { color: #009f85; }
.chart .teacher { color: #a280d0; }
.chart .worst { color: #c25d5b; }
.chart .bar { fill: color-mix(in srgb, CanvasText 25%, Canvas); }
.chart .newest { fill: color-mix(in srgb, CanvasText 75%, Canvas); }
footer { margin-top: 3rem; }
@media (max-width: 48rem) { .two { grid-template-columns: 1fr; } }
`;

const [WIDTH, HEIGHT, MARGIN] = [120, 16, 4];

/** An interval on an axis from 0 to 1 with one half marked; hollow where it tells no direction. Shares of 1. */
export function whisker(low: number, point: number, high: number, isHollow: boolean): string {
  const x = (share: number): string => (MARGIN + share * (WIDTH - 2 * MARGIN)).toFixed(1);
  const y = HEIGHT / 2;
  const parts = [
    `<path d="M1 ${y}H${WIDTH - 1}" stroke="currentColor" stroke-opacity=".2"/>`,
    `<path d="M${x(0.5)} 1V${HEIGHT - 1}" stroke="currentColor"/>`,
    `<path d="M${x(low)} ${y}H${x(high)}" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>`,
    `<circle cx="${x(point)}" cy="${y}" r="3.5" fill="${isHollow ? "Canvas" : "currentColor"}" stroke="${isHollow ? "currentColor" : "Canvas"}" stroke-width="1.5"/>`,
  ];
  return `<svg width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">${parts.join("")}</svg>`;
}

/** For text and for attribute values. */
export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
