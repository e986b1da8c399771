/** Which numbers of a training run are drawn together, and as what; and the runs brought onto one row of steps. */
import { scientific as inPowers } from "#app/text/language.ts";
import type { ChartLine } from "../design/live-chart.tsx";
import type { MetricRow } from "../lab-client/apply-event.ts";
import { bytes, count, fixed } from "../design/format.ts";
import { trainingText } from "../text/training.ts";

export type CurveSeries = {
  readonly metric: string;
  readonly color: string;
  readonly label?: string;
  /** Of the two sides that a curve draws. */
  readonly side?: "chosen" | "rejected";
};

export type Curve = {
  readonly key: keyof typeof trainingText.curves;
  /** Shown behind the title; TRL's name. */
  readonly metric: string;
  readonly series: readonly CurveSeries[];
  readonly format: (value: number) => string;
  /** The values are shares of 1, told in per cent. */
  readonly isShare?: boolean;
  readonly mark?: { readonly at: number; readonly label: string };
  readonly hasZero?: boolean;
  /** Earlier rounds are drawn behind the first series. */
  readonly hasEarlier: boolean;
};

/** What is measured only where a checkpoint is due: a line of its own, with a name at its end. */
const heldOut = (metric: string): CurveSeries => ({ metric: `eval_${metric}`, color: "--series-2", label: trainingText.heldOut });

const one = (metric: string): readonly CurveSeries[] => [{ metric, color: "--series-1" }];
const sides = (name: string): readonly CurveSeries[] => [
  { metric: `${name}/rejected`, color: "--rejected-fill", label: trainingText.rejected, side: "rejected" },
  { metric: `${name}/chosen`, color: "--chosen-fill", label: trainingText.chosen, side: "chosen" },
];

export function scientific(value: number): string {
  return value === 0
    ? "0"
    : inPowers(value, 1)
        .replace("e-", "e−")
        .replace(/[.,]0e/u, "e");
}

export const CURVES: readonly Curve[] = [
  { key: "loss", metric: "loss", series: [...one("loss"), heldOut("loss")], format: fixed(3), hasEarlier: true },
  {
    key: "margin",
    metric: "rewards/margins",
    series: [...one("rewards/margins"), heldOut("rewards/margins")],
    format: fixed(2),
    hasZero: true,
    hasEarlier: true,
  },
  {
    key: "accuracy",
    metric: "rewards/accuracies",
    series: [...one("rewards/accuracies"), heldOut("rewards/accuracies")],
    format: (value) => fixed(0)(100 * value),
    isShare: true,
    mark: { at: 0.5, label: trainingText.even },
    hasEarlier: true,
  },
  { key: "logps", metric: "logps/*", series: sides("logps"), format: fixed(0), hasEarlier: false },
  { key: "rewards", metric: "rewards/*", series: sides("rewards"), format: fixed(2), hasEarlier: false },
  { key: "gradNorm", metric: "grad_norm", series: one("grad_norm"), format: fixed(1), hasZero: true, hasEarlier: true },
  { key: "learningRate", metric: "learning_rate", series: one("learning_rate"), format: scientific, hasZero: true, hasEarlier: true },
  { key: "pace", metric: "tokens_per_second", series: one("tokens_per_second"), format: count, hasZero: true, hasEarlier: true },
  { key: "memory", metric: "memory_bytes", series: one("memory_bytes"), format: bytes, hasZero: true, hasEarlier: true },
];

export type EarlierRun = { readonly round: number; readonly rows: readonly MetricRow[] };

/** Earlier rounds get fainter with their age; the run that matters is drawn last. */
const EARLIER_COLORS = ["--line-3", "--line-2"];

export type CurveData = { readonly steps: readonly number[]; readonly lines: readonly ChartLine[] };

/** `earlier` newest first. */
export function curveData(curve: Curve, rows: readonly MetricRow[], earlier: readonly EarlierRun[]): CurveData {
  const behind = curve.hasEarlier ? earlier : [];
  const steps = [...new Set([rows, ...behind.map((run) => run.rows)].flat().map((row) => row.step))].toSorted((a, b) => a - b);
  const valuesOf = (of: readonly MetricRow[], metric: string): (number | null)[] => {
    const byStep = new Map(of.map((row) => [row.step, row.values[metric]]));
    return steps.map((step) => byStep.get(step) ?? null);
  };
  return {
    steps,
    lines: [
      ...behind.toReversed().map((run) => ({
        color: EARLIER_COLORS[behind.indexOf(run)] ?? "--line-2",
        width: 1,
        values: valuesOf(run.rows, curve.metric),
      })),
      ...measuredSeries(curve, rows).map(({ metric, color, label }) => ({
        color,
        width: 1.5,
        ...(label === undefined ? {} : { label }),
        values: valuesOf(rows, metric),
      })),
    ],
  };
}

/** Those of a curve that the run has; the first always, so that a chart is never without a line. */
export function measuredSeries(curve: Curve, rows: readonly MetricRow[]): readonly CurveSeries[] {
  return curve.series.filter(({ metric }, i) => i === 0 || rows.some((row) => row.values[metric] !== undefined));
}

/** The last number of a metric; of one that is not measured at every step, the newest there is. */
export function lastOf(rows: readonly MetricRow[], metric: string): number | undefined {
  return rows.findLast((row) => row.values[metric] !== undefined)?.values[metric];
}

/** "Loss: 0.548 at step 71, from 0.693, between 0.541 and 0.701." */
export function curveSentence(curve: Curve, rows: readonly MetricRow[]): string {
  const parts = measuredSeries(curve, rows).map(({ metric, label }) => {
    const measured = rows.filter((row) => row.values[metric] !== undefined);
    const values = measured.flatMap((row) => row.values[metric] ?? []);
    const [first, last] = [values[0], values.at(-1)];
    if (first === undefined || last === undefined) return trainingText.noNumbers;
    const range = [curve.format(first), curve.format(Math.min(...values)), curve.format(Math.max(...values))] as const;
    return trainingText.chartSentence(label ?? trainingText.curves[curve.key], curve.format(last), measured.at(-1)?.step ?? 0, ...range);
  });
  return parts.join(" ");
}

/** All numbers as comma-separated lines under their names, as they were recorded. */
export function metricsCsv(rows: readonly MetricRow[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.values)))];
  const lines = rows.map((row) => [row.step, ...names.map((name) => row.values[name] ?? "")].join(","));
  return [["step", ...names].join(","), ...lines, ""].join("\n");
}
