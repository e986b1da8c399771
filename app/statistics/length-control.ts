/** AlpacaEval's length-controlled win rate: a logistic model of preferences that is read at equal lengths. */
import { DataError } from "#app/base/errors.ts";
import type { PromptId } from "#app/base/ids.ts";
import { sigmoid } from "#app/base/log-space.ts";
import { fitLogistic, type LogisticProblem } from "./logistic-regression.kernel.ts";
import type { PromptOutcome } from "./win-rate.ts";

/**
 * full: length, difficulty and policy, tied to anchors (AlpacaEval's `length_controlled_v1`); withoutAnchors: the same
 * without anchors (`length_controlled_noreg`); minimal: length and policy alone (`length_controlled_minimal`), for
 * prompts whose difficulty nobody has measured. The three do not give the same number: say which it was.
 */
export type LengthFormula = "full" | "withoutAnchors" | "minimal";

/** An annotation of the baseline when it was told to be verbose or concise, against itself: what length alone earns. */
export type LengthAnchor = {
  readonly promptId: PromptId;
  /** (Length of the baseline's response - length of the retold one) / standard deviation of these over their own set. */
  readonly standardLength: number;
  readonly score: number;
};

/** What a prompt set must bring for the formulas beyond the minimal one. */
export type LengthCalibration = {
  readonly difficultyByPrompt: ReadonlyMap<PromptId, number>;
  readonly anchors: readonly LengthAnchor[];
};

/** log-odds of the policy = length · tanh(d / s) + difficulty · γ + policy. */
export type LengthCoefficients = { readonly length: number; readonly difficulty: number; readonly policy: number };

export type LengthFit = {
  readonly formula: LengthFormula;
  readonly coefficients: LengthCoefficients;
  /** Share of 1 that the policy would win at equal lengths, over the judged prompts. */
  readonly winRate: number;
  /** The strength of the L1 penalty is 1 / inversePenalty. */
  readonly inversePenalty: number;
};

/** Judged prompts in order of id, as columns. */
export type LengthData = {
  readonly formula: LengthFormula;
  readonly scores: readonly number[];
  /** Opponent's length minus the policy's: negative where the policy's response is longer. */
  readonly lengthDifferences: readonly number[];
  /** γ of each prompt; without difficulties all 0. */
  readonly difficulties: readonly number[];
  readonly anchors: readonly { readonly standardLength: number; readonly difficulty: number; readonly score: number }[];
};

/** Ten inverse penalties from 1e-4 to 1e4, as scikit-learn's default grid has them. */
export const INVERSE_PENALTIES: readonly number[] = Array.from({ length: 10 }, (_, k) => 10 ** (-4 + (8 * k) / 9));
export const FOLDS = 5;
/** Together the two sets of anchors weigh a fifth of as many real rows. */
const ANCHOR_WEIGHT = 0.2 / 2;
const COLUMNS = 3;

/**
 * Columns of the prompts that have a score. Throws DataError if a calibration lacks the difficulty of a judged prompt
 * or of an anchor, as a join that went wrong would otherwise show as a shifted number.
 */
export function lengthDataOf(outcomes: readonly PromptOutcome[], calibration?: LengthCalibration): LengthData {
  const judged = outcomes
    .flatMap((outcome) => (outcome.score === null ? [] : [{ ...outcome, score: outcome.score }]))
    .sort((a, b) => (a.promptId < b.promptId ? -1 : 1));
  const anchors = calibration?.anchors ?? [];
  const needed = [...judged, ...anchors].map(({ promptId }) => promptId);
  const missing = calibration === undefined ? [] : needed.filter((id) => calibration.difficultyByPrompt.get(id) === undefined);
  if (missing.length > 0) {
    throw new DataError(
      `expected a difficulty for each of ${needed.length} judged prompts and anchors, ${missing.length} have none, such as ${missing[0]}`,
    );
  }
  const difficultyOf = (id: PromptId): number => calibration?.difficultyByPrompt.get(id) ?? 0;
  return {
    formula: calibration === undefined ? "minimal" : anchors.length === 0 ? "withoutAnchors" : "full",
    scores: judged.map((outcome) => outcome.score),
    lengthDifferences: judged.map((outcome) => outcome.opponentLength - outcome.length),
    difficulties: judged.map((outcome) => difficultyOf(outcome.promptId)),
    anchors: anchors.map(({ promptId, standardLength, score }) => ({ standardLength, difficulty: difficultyOf(promptId), score })),
  };
}

/**
 * The fit with the inverse penalty that predicts left-out fifths of the rows best; undefined with fewer than five
 * prompts, or if all lengths differ by the same, which cannot be told from the policy's merit. AlpacaEval (metrics/glm_winrate.py): L1, no intercept, soft scores, the length term set to 0 afterwards.
 * Row i is left out in fold i mod 5 (AlpacaEval's split depends on how a sort breaks ties; the winners are the same).
 */
export function fitLengthControl(data: LengthData): LengthFit | undefined {
  if (data.scores.length < FOLDS || !canTellLength(data)) return undefined;
  const rows = designOf(data);
  const inversePenalty = bestInversePenalty(rows);
  return inversePenalty === undefined ? undefined : refitLengthControl(data, inversePenalty);
}

/** The fit at a given inverse penalty, from given coefficients on if there are any; undefined if it does not settle. */
export function refitLengthControl(data: LengthData, inversePenalty: number, start?: LengthCoefficients): LengthFit | undefined {
  if (!canTellLength(data)) return undefined;
  const from = start === undefined ? undefined : Float64Array.of(start.length, start.difficulty, start.policy);
  const fitted = fitLogistic({ ...designOf(data), l1: 1 / inversePenalty, l2: 0 }, from);
  if (fitted === undefined) return undefined;
  const [length = 0, difficulty = 0, policy = 0] = fitted;
  const coefficients = { length, difficulty, policy };
  return { formula: data.formula, coefficients, winRate: winRateAtEqualLength(coefficients, data.difficulties), inversePenalty };
}

/** Mean over prompts of σ(difficulty · γ + policy). */
export function winRateAtEqualLength(coefficients: LengthCoefficients, difficulties: readonly number[]): number {
  return difficulties.reduce((sum, gamma) => sum + sigmoid(coefficients.difficulty * gamma + coefficients.policy), 0) / difficulties.length;
}

/**
 * The win rate at equal lengths between two policies that were each fitted against the same baseline, on prompts of
 * these difficulties: mean of σ((ψ_a - ψ_b) γ + θ_a - θ_b). It trusts that preferences are additive, as no cycle is.
 */
export function impliedWinRate(a: LengthCoefficients, b: LengthCoefficients, difficulties: readonly number[]): number {
  return winRateAtEqualLength({ length: 0, difficulty: a.difficulty - b.difficulty, policy: a.policy - b.policy }, difficulties);
}

/** AlpacaEval's warning: control moved the rate by over 10 points and over a quarter of the way to the end it moved to. */
export function isExtremeChange(winRate: number, controlled: number): boolean {
  return controlled < winRate - Math.max(winRate / 4, 0.1) || controlled > winRate + Math.max((1 - winRate) / 4, 0.1);
}

/** Whether lengths differ by more than a constant. Equal lengths everywhere need no control and are fine. */
export function canTellLength({ lengthDifferences }: LengthData): boolean {
  return deviationOf(lengthDifferences) > 0 || lengthDifferences.every((difference) => difference === 0);
}

type Design = Omit<LogisticProblem, "l1" | "l2">;

/** Rows [tanh(d / s), γ, 1], s the deviation of d; before them the anchors' [tanh, γ, 0] at their weight. */
function designOf(data: LengthData): Design {
  const spread = deviationOf(data.lengthDifferences);
  const rows = [
    ...data.anchors.map((anchor) => [Math.tanh(anchor.standardLength), anchor.difficulty, 0]),
    ...data.lengthDifferences.map((d, i) => [spread === 0 ? 0 : Math.tanh(d / spread), data.difficulties[i] ?? 0, 1]),
  ];
  return {
    features: Float64Array.from(rows.flat()),
    columns: COLUMNS,
    targets: Float64Array.from([...data.anchors.map((anchor) => anchor.score), ...data.scores]),
    weights: Float64Array.from(rows, (_, i) => (i < data.anchors.length ? ANCHOR_WEIGHT : 1)),
  };
}

/** sd with n - 1: about the mean, although the differences are not centred afterwards. */
function deviationOf(values: readonly number[]): number {
  const [first = 0] = values;
  if (values.every((value) => value === first)) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** The first of the inverse penalties with the highest sum over folds of the mean weighted log-likelihood left out. */
function bestInversePenalty(design: Design): number | undefined {
  const totals = new Float64Array(INVERSE_PENALTIES.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const training = rowsOf(design, (row) => row % FOLDS !== fold);
    const leftOut = rowsOf(design, (row) => row % FOLDS === fold);
    let fitted: Float64Array | undefined;
    for (const [k, inversePenalty] of INVERSE_PENALTIES.entries()) {
      fitted = fitLogistic({ ...training, l1: 1 / inversePenalty, l2: 0 }, fitted);
      if (fitted === undefined) return undefined;
      totals[k] = (totals[k] ?? 0) + meanLogLikelihood(leftOut, fitted);
    }
  }
  return INVERSE_PENALTIES[totals.indexOf(totals.reduce((most, total) => Math.max(most, total), -Infinity))];
}

function rowsOf(design: Design, keeps: (row: number) => boolean): Design {
  const keepsRow = (_: number, row: number): boolean => keeps(row);
  return {
    features: design.features.filter((_, cell) => keeps(Math.floor(cell / COLUMNS))),
    columns: COLUMNS,
    targets: design.targets.filter(keepsRow),
    weights: design.weights.filter(keepsRow),
  };
}

/** Mean over rows of w_i [q_i log p_i + (1 - q_i) log(1 - p_i)], with p kept 1e-15 from 0 and 1. */
function meanLogLikelihood(rows: Design, coefficients: Float64Array): number {
  const total = rows.targets.reduce((sum, target, i) => {
    const z = coefficients.reduce((dot, coefficient, j) => dot + coefficient * (rows.features[i * COLUMNS + j] ?? 0), 0);
    const p = Math.min(1 - 1e-15, Math.max(1e-15, sigmoid(z)));
    return sum + (rows.weights[i] ?? 0) * (target * Math.log(p) + (1 - target) * Math.log1p(-p));
  }, 0);
  return total / rows.targets.length;
}
