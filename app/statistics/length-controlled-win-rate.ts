/** The length-controlled win rate as it is reported: with the formula's name and an interval, or why there is none. */
import { sigmoid } from "#app/base/log-space.ts";
import { rngFor } from "#app/base/random.ts";
import {
  canTellLength,
  fitLengthControl,
  isExtremeChange,
  type LengthCalibration,
  type LengthCoefficients,
  type LengthData,
  lengthDataOf,
  type LengthFormula,
  refitLengthControl,
} from "./length-control.ts";
import { twoSidedQuantile } from "./normal.ts";
import { deviationOfReplicates, drawIndices, type Replicates } from "./percentile-bootstrap.ts";
import { type PromptOutcome, winRateOf } from "./win-rate.ts";
import type { Interval } from "./wilson.ts";

/** Fewer judged prompts, or fewer whose score differs from the commonest, leave two or three coefficients to chance. */
export const MIN_LENGTH_CONTROL_PROMPTS = 30;
export const MIN_LENGTH_CONTROL_VARYING = 10;

/**
 * Resamples are fitted as good as without penalty: its strength is chosen by the data, and a strong one holds the
 * replicates together around a rate that it has itself drawn towards one half, so that intervals come out too narrow
 * (at the chosen penalty .919 of 1,000 simulated ones held the truth where .95 are promised).
 */
const NEARLY_NO_PENALTY = 1e4;

export type LengthControlInput = {
  readonly outcomes: readonly PromptOutcome[];
  /** Difficulties and anchors of these prompts where somebody has measured them; without them the minimal formula. */
  readonly calibration?: LengthCalibration;
  readonly confidence: number;
  readonly bootstrapSamples: number;
  readonly seed: number;
};

export type LengthControlledWinRate =
  | {
      readonly kind: "estimated";
      readonly formula: LengthFormula;
      readonly n: number;
      /** Shares of 1: as judged, and at equal lengths with the bootstrap's standard error and interval. */
      readonly rawWinRate: number;
      readonly winRate: number;
      readonly standardError: number;
      readonly low: number;
      readonly high: number;
      readonly coefficients: LengthCoefficients;
      /** True where control changed the rate so much that the model may have failed (AlpacaEval warns there too). */
      readonly isExtreme: boolean;
    }
  | {
      readonly kind: "undetermined";
      readonly formula: LengthFormula;
      readonly n: number;
      /** Too few prompts or too equal scores; lengths that all differ by the same; a fit that did not settle. */
      readonly reason: "tooFewPrompts" | "constantLengthDifference" | "notSettled";
    };

/**
 * The rate at equal lengths by AlpacaEval's formula, with an interval from resampled prompts (`logOddsInterval`): s and all
 * coefficients are found anew each time, anchors stay as they are. AlpacaEval's own standard error, the spread of
 * predictions, leaves out that coefficients are estimated and is several times too small. The interval does not cover
 * that preferences may not follow the model. Throws DataError as `winRateOf` and `lengthDataOf` do.
 */
export function lengthControlledWinRate(input: LengthControlInput): LengthControlledWinRate {
  // In one order, so that sums round alike.
  const raw = winRateOf(input.outcomes.toSorted((a, b) => (a.promptId < b.promptId ? -1 : 1)));
  const data = lengthDataOf(input.outcomes, input.calibration);
  const common = { formula: data.formula, n: raw.n };
  if (raw.n < MIN_LENGTH_CONTROL_PROMPTS || raw.varying < MIN_LENGTH_CONTROL_VARYING) {
    return { kind: "undetermined", ...common, reason: "tooFewPrompts" };
  }
  if (!canTellLength(data)) return { kind: "undetermined", ...common, reason: "constantLengthDifference" };
  const fit = fitLengthControl(data);
  if (fit === undefined) return { kind: "undetermined", ...common, reason: "notSettled" };
  const rng = rngFor(input.seed, "length-control");
  const replicates = Array.from({ length: input.bootstrapSamples }, () => {
    const drawn = resampledData(data, drawIndices(raw.n, rng));
    return refitLengthControl(drawn, NEARLY_NO_PENALTY, fit.coefficients)?.winRate;
  });
  const standardError = deviationOfReplicates(replicates);
  if (standardError === undefined) return { kind: "undetermined", ...common, reason: "notSettled" };
  return {
    kind: "estimated",
    ...common,
    rawWinRate: raw.winRate,
    winRate: fit.winRate,
    standardError,
    ...logOddsInterval(fit.winRate, replicates, input.confidence),
    coefficients: fit.coefficients,
    isExtreme: isExtremeChange(raw.winRate, fit.winRate),
  };
}

function resampledData(data: LengthData, indices: readonly number[]): LengthData {
  const pick = (column: readonly number[]): number[] => indices.map((i) => column[i] ?? 0);
  return { ...data, scores: pick(data.scores), lengthDifferences: pick(data.lengthDifferences), difficulties: pick(data.difficulties) };
}

/**
 * σ(logit(w) ± z sd), sd over the replicates' log-odds: where the model is linear, so that the interval stays within
 * (0, 1). A resample in which the fit did not settle is left out.
 */
function logOddsInterval(winRate: number, replicates: Replicates, confidence: number): Interval {
  const deviation = deviationOfReplicates(replicates.map((rate) => (rate === undefined ? undefined : logOdds(rate)))) ?? Infinity;
  const [centre, halfWidth] = [logOdds(winRate), twoSidedQuantile(confidence) * deviation];
  return { low: sigmoid(centre - halfWidth), high: sigmoid(centre + halfWidth) };
}

/** Rates nearer to 0 or 1 than this have no log-odds worth the name. */
const LEAST_RATE = 1e-9;

function logOdds(rate: number): number {
  const bounded = Math.min(1 - LEAST_RATE, Math.max(LEAST_RATE, rate));
  return Math.log(bounded / (1 - bounded));
}
