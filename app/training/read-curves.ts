/** What the curves of a training run mean, in plain sentences: what is usual, what is to be known, what is an alarm. */
import type { LossSettings } from "#app/domain/loss.ts";
import { curveWords } from "#app/text/curves.ts";
import { HELD_OUT_PREFIX } from "./held-out.ts";
import { losses } from "./losses.ts";

export type CurveRow = { readonly step: number; readonly values: Readonly<Record<string, number>> };

export type CurveReading = {
  readonly kind: "usual" | "note" | "alarm";
  readonly title: string;
  readonly text: string;
};

export type CurveFacts = {
  /** In the order of the steps. */
  readonly rows: readonly CurveRow[];
  readonly loss: LossSettings;
  readonly sftWeight: number;
  /** 0 where gradients are not clipped. */
  readonly maxGradNorm: number;
  readonly epochs: number;
  readonly isDone: boolean;
  /** Why the run stopped, if it failed. */
  readonly error: string | null;
  readonly lastCheckpointStep: number | null;
  /** The newest earlier round that has curves of the same loss. */
  readonly earlier: { readonly round: number; readonly rows: readonly CurveRow[] } | null;
};

/** Curves are read over so many of the last steps, once there are so many at all. */
export const READ_STEPS = 20;
const MIN_STEPS = 5;
/** Nats that the chosen responses may lose against the reference before it is called a collapse: likelihood displacement. */
export const COLLAPSE_NATS = 20;
/** Standard errors from 0 at which a mean over steps is taken for real. */
const REAL = 2;
const CLIPPED_SHARE = 0.5;
const EASY_ACCURACY = 0.99;

/** Alarms first. Never empty: before there is anything to read it says so. */
export function readCurves(facts: CurveFacts): readonly CurveReading[] {
  const stopped = stoppedReading(facts);
  if (facts.rows.length < MIN_STEPS) {
    const early: CurveReading = {
      kind: "note",
      title: facts.rows.length === 0 ? curveWords.nothingYet : curveWords.tooEarly,
      text: curveWords.readFrom(MIN_STEPS),
    };
    return stopped === undefined ? [early] : [stopped];
  }
  const readings = [
    stopped,
    likelihoodReading(facts),
    lossReading(facts),
    heldOutReading(facts),
    paceReading(facts),
    easyReading(facts),
    clippingReading(facts),
  ];
  const found = readings.filter((reading) => reading !== undefined);
  const ordered = (["alarm", "usual", "note"] as const).flatMap((kind) => found.filter((reading) => reading.kind === kind));
  return [...ordered, ...accuracyReading(facts)];
}

/** A run that failed: the numbers ran away, or something else stopped it. */
function stoppedReading({ error, rows, lastCheckpointStep }: CurveFacts): CurveReading | undefined {
  if (error === null) return undefined;
  const kept = curveWords.kept(lastCheckpointStep);
  const at = rows.at(-1)?.step ?? 0;
  if (/\b(?:NaN|Infinity)\b/u.test(error)) {
    return { kind: "alarm", title: curveWords.ranAway(at), text: curveWords.ranAwayThen(kept) };
  }
  return { kind: "alarm", title: curveWords.stopped(at), text: kept };
}

type Moments = { readonly mean: number; readonly standardError: number };

/** Mean of a metric over the last steps, with the error that the steps' own scatter gives it. */
function recent({ rows }: Pick<CurveFacts, "rows">, metric: string): Moments | undefined {
  const values = rows.slice(-READ_STEPS).flatMap((row) => row.values[metric] ?? []);
  return momentsOf(values);
}

function momentsOf(values: readonly number[]): Moments | undefined {
  if (values.length < 2) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, standardError: Math.sqrt(variance / values.length) };
}

/**
 * How far a side moved, in nats: its implicit reward by beta is the log-ratio to the reference, which is of the same
 * pairs and so free of the scatter between batches. Without a reference: the mean log-probability of a token then and now.
 */
function shiftOf(facts: CurveFacts, side: "chosen" | "rejected"): Moments | undefined {
  const { loss } = facts;
  if (losses[loss.kind].reward === "logRatio" && "beta" in loss) {
    const reward = recent(facts, `rewards/${side}`);
    return reward && { mean: reward.mean / loss.beta, standardError: reward.standardError / loss.beta };
  }
  const [first, last] = [
    momentsOf(facts.rows.slice(0, READ_STEPS).flatMap((row) => row.values[`logps/${side}`] ?? [])),
    recent(facts, `logps/${side}`),
  ];
  if (first === undefined || last === undefined || facts.rows.length < 2 * READ_STEPS) return undefined;
  return { mean: last.mean - first.mean, standardError: Math.hypot(first.standardError, last.standardError) };
}

function likelihoodReading(facts: CurveFacts): CurveReading | undefined {
  const [chosen, rejected] = [shiftOf(facts, "chosen"), shiftOf(facts, "rejected")];
  if (chosen === undefined || rejected === undefined) return undefined;
  const margin = chosen.mean - rejected.mean;
  const doesGrow = margin > REAL * Math.hypot(chosen.standardError, rejected.standardError);
  const doesFall = chosen.mean < -REAL * chosen.standardError;
  if (chosen.mean < -COLLAPSE_NATS) return { kind: "alarm", ...curveWords.collapse(chosen.mean, COLLAPSE_NATS) };
  if (doesFall && !doesGrow) return { kind: "alarm", ...curveWords.notLearned(chosen.mean) };
  if (doesFall && rejected.mean < 0) return { kind: "usual", ...curveWords.bothFall(chosen.mean, COLLAPSE_NATS) };
  return doesGrow ? { kind: "usual", ...curveWords.learns(chosen.mean, rejected.mean) } : undefined;
}

/** The loss of a pair where policy and reference agree; undefined where the reference may differ from the start on. */
export function startLossOf(loss: LossSettings): number | undefined {
  return loss.kind === "dno-prct" || loss.kind === "spin" ? Math.LN2 : undefined;
}

function lossReading(facts: CurveFacts): CurveReading | undefined {
  const { rows, loss, sftWeight, isDone } = facts;
  const start = startLossOf(loss);
  const values = rows.slice(-READ_STEPS).map((row) => (row.values["loss"] ?? Number.NaN) - sftWeight * (row.values["nll_loss"] ?? 0));
  const now = momentsOf(values);
  if (start === undefined || now === undefined || (rows.length < READ_STEPS && !isDone)) return undefined;
  const gap = now.mean - start;
  if (Math.abs(gap) <= Math.max(REAL * now.standardError, 0.002)) return { kind: "note", ...curveWords.nothingLearned(now.mean, start, isDone) };
  return gap > 0 ? { kind: "alarm", ...curveWords.lossRose(now.mean, start) } : undefined;
}

/** So many later measurements have to be worse before that is said, and by so many nats. */
const WORSE_TIMES = 2;
const WORSE_NATS = 0.01;

/** Whether what is learned holds for pairs that are never trained on. */
function heldOutReading({ rows }: CurveFacts): CurveReading | undefined {
  const measured = rows.flatMap(({ step, values }) => {
    const loss = values[`${HELD_OUT_PREFIX}loss`];
    return loss === undefined ? [] : [{ step, loss }];
  });
  const [first, last] = [measured[0], measured.at(-1)];
  if (first === undefined || last === undefined || measured.length < 2) return undefined;
  const best = measured.reduce((lowest, one) => (one.loss <= lowest.loss ? one : lowest));
  const since = measured.filter(({ step }) => step > best.step);
  if (since.length >= WORSE_TIMES && since.every(({ loss }) => loss > best.loss + WORSE_NATS)) {
    return { kind: "alarm", ...curveWords.heldOutRises(best.step, best.loss, last.loss) };
  }
  return last.loss >= first.loss ? undefined : { kind: "usual", ...curveWords.holdsForUnseen(first, last) };
}

/** When the running mean of the margin first reached a level that both runs reached: half of what the lower one came to. */
function paceReading(facts: CurveFacts): CurveReading | undefined {
  const { earlier } = facts;
  if (earlier === null) return undefined;
  const [own, before] = [smoothMargins(facts.rows), smoothMargins(earlier.rows)];
  const level = 0.5 * Math.min(highest(own), highest(before));
  if (!(level > 0)) return undefined;
  const [ownStep, beforeStep] = [own.find((point) => point.margin >= level)?.step, before.find((point) => point.margin >= level)?.step];
  if (ownStep === undefined || beforeStep === undefined || ownStep === beforeStep) return undefined;
  return { kind: "usual", ...curveWords.pace(level, ownStep, earlier.round, beforeStep) };
}

const SMOOTH_STEPS = 5;

function smoothMargins(rows: readonly CurveRow[]): { readonly step: number; readonly margin: number }[] {
  return rows.flatMap((row, i) => {
    const window = rows.slice(Math.max(0, i - SMOOTH_STEPS + 1), i + 1).flatMap((one) => one.values["rewards/margins"] ?? []);
    return window.length < SMOOTH_STEPS ? [] : [{ step: row.step, margin: window.reduce((sum, value) => sum + value, 0) / window.length }];
  });
}

function highest(points: readonly { readonly margin: number }[]): number {
  return points.reduce((max, point) => Math.max(max, point.margin), 0);
}

function easyReading(facts: CurveFacts): CurveReading | undefined {
  const accuracy = recent(facts, "rewards/accuracies");
  if (accuracy === undefined || accuracy.mean < EASY_ACCURACY || facts.rows.length < READ_STEPS) return undefined;
  return { kind: "note", ...curveWords.easy(facts.epochs) };
}

function clippingReading(facts: CurveFacts): CurveReading | undefined {
  const { maxGradNorm } = facts;
  const norms = facts.rows.slice(-READ_STEPS).flatMap((row) => row.values["grad_norm"] ?? []);
  const clipped = norms.filter((norm) => norm > maxGradNorm).length;
  if (maxGradNorm === 0 || norms.length < MIN_STEPS || clipped <= CLIPPED_SHARE * norms.length) return undefined;
  return { kind: "note", ...curveWords.clipped(clipped, norms.length, maxGradNorm) };
}

/** Said whenever the number is shown. */
function accuracyReading(facts: CurveFacts): readonly CurveReading[] {
  const accuracy = recent(facts, "rewards/accuracies");
  if (accuracy === undefined) return [];
  const heldOut = facts.rows.findLast((row) => row.values[`${HELD_OUT_PREFIX}rewards/accuracies`] !== undefined);
  const unseen = heldOut?.values[`${HELD_OUT_PREFIX}rewards/accuracies`];
  const unseenPairs = unseen === undefined || heldOut === undefined ? null : { share: unseen, step: heldOut.step };
  return [{ kind: "note", ...curveWords.notAWinRate(accuracy.mean, unseenPairs) }];
}
