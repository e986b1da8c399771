/** Win rates with their intervals as a drawing for docs/results.md: light and dark, readable without colour. */
import type { WinRateFigure } from "../results/record.ts";

const WIDTH = 760;
const ROW = 30;
const TOP = 46;
/** Names stand left of the plot, figures right of it. */
const PLOT = { left: 250, right: 580 } as const;
const TICKS = [0, 0.25, 0.5, 0.75, 1] as const;

const STYLE = `text{font:13px system-ui,sans-serif;fill:#1f2328}.head{font-weight:600}.axis{font-size:11px;fill:#59636e}
.grid{stroke:#d1d9e0}.even{stroke:#59636e;stroke-width:1.5}.interval{stroke:#1a7f37;stroke-width:3}.rate{fill:#1a7f37}
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.axis{fill:#9198a1}.grid{stroke:#3d444d}.even{stroke:#9198a1}.interval{stroke:#3fb950}.rate{fill:#3fb950}}`;

/** An SVG document; its title element says all of it in words. */
export function renderWinRateFigure(figure: WinRateFigure): string {
  const bottom = TOP + ROW * figure.rows.length;
  const height = bottom + 24;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escaped(describeFigure(figure))}</title>`,
    `<style>${STYLE}</style>`,
    `<text class="head" x="0" y="18">${escaped(figure.title)}</text>`,
    ...TICKS.flatMap((tick) => drawTick(tick, bottom)),
    ...figure.rows.flatMap((row, i) => drawRow(row, TOP + ROW * (i + 0.5))),
    "</svg>",
  ].join("\n")}\n`;
}

/** One sentence for who does not see the drawing. */
export function describeFigure({ title, rows }: WinRateFigure): string {
  return `${title}: ${rows.map((row) => `${row.name} ${rateText(row)}`).join("; ")}`;
}

function drawTick(tick: number, bottom: number): string[] {
  const x = place(tick);
  const words = tick === 0.5 ? "even" : `${100 * tick} %`;
  return [
    `<line class="${tick === 0.5 ? "even" : "grid"}" x1="${x}" x2="${x}" y1="${TOP - 6}" y2="${bottom}"/>`,
    `<text class="axis" x="${x}" y="${bottom + 16}" text-anchor="middle">${words}</text>`,
  ];
}

function drawRow(row: WinRateFigure["rows"][number], y: number): string[] {
  return [
    `<text x="${PLOT.left - 24}" y="${y + 4}" text-anchor="end">${escaped(row.name)}</text>`,
    `<line class="interval" x1="${place(row.low)}" x2="${place(row.high)}" y1="${y}" y2="${y}"/>`,
    `<circle class="rate" cx="${place(row.winRate)}" cy="${y}" r="5.5"/>`,
    `<text x="${PLOT.right + 24}" y="${y + 4}">${rateText(row)}</text>`,
  ];
}

function rateText({ winRate, low, high }: WinRateFigure["rows"][number]): string {
  return `${percent(winRate)} % (${percent(low)}–${percent(high)})`;
}

function percent(value: number): string {
  return (100 * value).toFixed(1);
}

function place(value: number): number {
  return Math.round(10 * (PLOT.left + value * (PLOT.right - PLOT.left))) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
