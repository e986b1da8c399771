/** Lines over steps on canvas: drawn anew as numbers come, at the width there is, in the colours of the theme. */
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { apart } from "./label-places.ts";
import { useTextScale } from "./text-scale.ts";
import { tickTexts } from "./tick-texts.ts";

export type ChartLine = {
  /** A token of tokens.css, such as "--series-1". */
  readonly color: string;
  readonly width: number;
  /** Written at the end of the line, where lines need names. */
  readonly label?: string;
  /** By place in `steps`; null where there is no number. */
  readonly values: readonly (number | null)[];
};

export type LiveChartProps = {
  readonly title: string;
  /** The metric's name in records. */
  readonly metric: string;
  /** What it shows now, in words. */
  readonly now: ReactNode;
  /** The whole chart in a sentence. */
  readonly label: string;
  readonly steps: readonly number[];
  /** The one that matters last: it is drawn on top. */
  readonly lines: readonly ChartLine[];
  /** A line across, with its name. */
  readonly mark?: { readonly at: number; readonly label: string };
  readonly format: (value: number) => string;
  /** The values are shares of 1, told in per cent. */
  readonly isShare?: boolean;
  /** Stands where the lines would, while there is no number. */
  readonly nothing: string;
  /** The axis holds 0. */
  readonly hasZero?: boolean;
};

/** At the usual size of text, in px. */
const [HEIGHT, TICK, AXIS_WIDTH, AXIS_HEIGHT, TICK_SPACE] = [168, 11, 46, 24, 32];
/** Between the named line and its name: letters that hang down stay clear of it. */
const MARK_GAP = 7;
/** From the foot of one name to that of the next. */
const LABEL_GAP = 13;
const fontOf = (px: number): string => `${px}px 'Inter Variable', system-ui, sans-serif`;

export function LiveChart(props: LiveChartProps): ReactNode {
  const { title, metric, now, label, steps, lines, nothing } = props;
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const latest = useRef(props);
  const colorScheme = useSyncExternalStore(subscribeToScheme, schemeNow);
  const scale = useTextScale();
  const shape = lines.map((line) => `${line.color} ${line.width} ${line.label ?? ""}`).join("|");
  const isEmpty = lines.every((line) => line.values.every((value) => value === null));

  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const element = box.current;
    if (element === null || isEmpty) return undefined;
    const height = HEIGHT * scale;
    const plot = new uPlot(optionsOf(latest, { width: element.clientWidth, height, scale }), dataOf(latest.current), element);
    chart.current = plot;
    const observer = new ResizeObserver(() => {
      plot.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
      chart.current = undefined;
    };
    // Another number of lines, another theme, or another size of text is another chart.
  }, [shape, colorScheme, scale, isEmpty]);
  useEffect(() => {
    chart.current?.setData(dataOf(latest.current));
  }, [steps, lines]);

  return (
    <figure className="live-chart">
      <figcaption>
        <span className="strong">{title}</span> <code className="ink-3">{metric}</code>
        <span className="now figures strong">{now}</span>
      </figcaption>
      <div ref={box} role="img" aria-label={label} className="plot">
        {isEmpty && <p className="no-numbers small-text ink-3">{nothing}</p>}
      </div>
    </figure>
  );
}

const SCHEME = "data-mantine-color-scheme";

/** The colours as they are drawn now: whoever changed them, a person or the system. */
function schemeNow(): string {
  return document.documentElement.getAttribute(SCHEME) ?? "";
}

function subscribeToScheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: [SCHEME] });
  return () => {
    observer.disconnect();
  };
}

function dataOf({ steps, lines }: LiveChartProps): uPlot.AlignedData {
  return [[...steps], ...lines.map((line) => [...line.values])];
}

type Latest = { readonly current: LiveChartProps };

type Frame = { readonly width: number; readonly height: number; readonly scale: number };

function optionsOf(latest: Latest, { width, height, scale }: Frame): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (token: string): string => style.getPropertyValue(token).trim();
  const { lines } = latest.current;
  return {
    width,
    height,
    // As wide as its title: only the dot at the end of a line needs room.
    padding: [8, 6, 0, 0],
    legend: { show: false },
    cursor: { points: { show: false }, drag: { x: false, y: false }, y: false },
    scales: { x: { time: false }, y: { range: (_, low, high) => rangeOf(latest.current, low, high) } },
    axes: [
      {
        stroke: color("--ink-3"),
        font: fontOf(TICK * scale),
        size: AXIS_HEIGHT * scale,
        grid: { show: false },
        ticks: { show: false },
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
      },
      {
        stroke: color("--ink-3"),
        font: fontOf(TICK * scale),
        size: AXIS_WIDTH * scale,
        space: TICK_SPACE * scale,
        grid: { stroke: color("--line-1"), width: 1 },
        ticks: { show: false },
        values: (_, ticks) => tickTexts(ticks, latest.current.format, latest.current.isShare),
      },
    ],
    series: [{}, ...lines.map((line): uPlot.Series => ({ stroke: color(line.color), width: line.width, points: { show: false }, spanGaps: true }))],
    hooks: { draw: [(plot) => drawMarks(plot, latest.current, color, scale)] },
  };
}

const EMPTY_RANGE: uPlot.Range.MinMax = [0, 1];

/** With some air above and below; the mark and, where it is wanted, 0 are within. */
function rangeOf({ mark, hasZero = false }: LiveChartProps, low: number | null, high: number | null): uPlot.Range.MinMax {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return EMPTY_RANGE;
  const values = [low, high, ...(mark === undefined ? [] : [mark.at]), ...(hasZero ? [0] : [])];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const air = 0.08 * (most - least || Math.abs(most) || 1);
  return [hasZero && least === 0 ? 0 : least - air, most + air];
}

/** The named line across, a dot at the end of each line, and the names of lines. */
function drawMarks(plot: uPlot, { mark, lines, steps }: LiveChartProps, color: (token: string) => string, scale: number): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  /** A line behind a word is hidden by the paper around its letters. */
  const write = (word: string, ink: string, x: number, y: number): void => {
    ctx.strokeStyle = color("--surface");
    ctx.lineWidth = 4 * ratio;
    ctx.lineJoin = "round";
    ctx.strokeText(word, x, y);
    ctx.fillStyle = ink;
    ctx.fillText(word, x, y);
  };
  ctx.save();
  ctx.font = fontOf(TICK * scale * ratio);
  if (mark !== undefined) {
    const y = Math.round(plot.valToPos(mark.at, "y", true)) + 0.5;
    ctx.strokeStyle = color("--ink-3");
    ctx.lineWidth = ratio;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.textAlign = "right";
    write(mark.label, color("--ink-3"), bbox.left + bbox.width, y - MARK_GAP * scale * ratio);
  }
  const ends = lines.flatMap((line) => {
    const place = line.values.findLastIndex((value) => value !== null);
    const [step, value] = [steps[place], line.values[place]];
    if (step === undefined || value == null || line.width < 1.5) return [];
    return [{ line, x: plot.valToPos(step, "x", true), y: plot.valToPos(value, "y", true) }];
  });
  const places = apart(
    ends.map(({ y }) => y),
    LABEL_GAP * scale * ratio,
  );
  for (const [i, { line, x, y }] of ends.entries()) {
    ctx.fillStyle = color(line.color);
    ctx.beginPath();
    ctx.arc(x, y, 3 * ratio, 0, 2 * Math.PI);
    ctx.fill();
    if (line.label === undefined) continue;
    const isRight = x > bbox.left + 0.8 * bbox.width;
    ctx.textAlign = isRight ? "right" : "left";
    write(line.label, color("--ink-1"), x + (isRight ? -6 : 6) * ratio, (places[i] ?? y) - 6 * ratio);
  }
  ctx.restore();
}
