/** Logistic regression on soft targets with an L1 and a squared penalty, by proximal Newton steps. */

export type LogisticProblem = {
  /** Row-major, [rows, columns]; an intercept is a column of ones. */
  readonly features: Float64Array;
  readonly columns: number;
  /** Shares of 1, [rows]: a target q is a success of weight q and a failure of weight 1 - q. */
  readonly targets: Float64Array;
  /** How often each row counts, [rows], at least 0. */
  readonly weights: Float64Array;
  /** Penalties l1 Σ |b_j| + l2/2 Σ b_j²; one of them must be positive, or separable data have no finite fit. */
  readonly l1: number;
  readonly l2: number;
};

const MAX_STEPS = 200;
const MAX_SWEEPS = 2000;
const MAX_HALVINGS = 40;
/** A fit is done when no gradient is further from optimal than this share of the total weight; rounding may need more. */
const TOLERANCE = 1e-11;
const LOOSE_TOLERANCE = 1e-8;
/** Below this share of the objective a difference is rounding. */
const ROUNDING = 1e-14;

/**
 * The coefficients b, [columns], that minimise Σ w_i [log(1 + e^(x_i·b)) - q_i x_i·b] + l1 Σ |b_j| + l2/2 Σ b_j²;
 * undefined if the search did not settle or no penalty was given. With l1 = 1/C this is scikit-learn's and LIBLINEAR's
 * L1 problem, which duplicates each row into both labels. Each step minimises the second-order model with the exact
 * penalty by coordinate descent and then halves its length until the objective falls (Lee, Sun, Saunders 2014).
 */
export function fitLogistic(problem: LogisticProblem, start?: Float64Array): Float64Array | undefined {
  const { columns, weights, l1, l2 } = problem;
  if (!(l1 >= 0 && l2 >= 0 && l1 + l2 > 0)) return undefined;
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i];
  const scale = Math.max(total, l1, l2);
  let b: Float64Array = start === undefined ? new Float64Array(columns) : Float64Array.from(start);
  const gradient = new Float64Array(columns);
  const hessian = new Float64Array(columns * columns);
  for (let step = 0; ; step++) {
    const value = expand(problem, b, gradient, hessian);
    const distance = distanceFromOptimal(b, gradient, l1);
    if (distance <= TOLERANCE * scale) return b;
    const direction = proximalStep(b, gradient, hessian, l1);
    const next = step < MAX_STEPS ? descend(problem, b, direction, gradient, value) : undefined;
    // At the floor of rounding no step lowers the objective any more.
    if (next === undefined) return distance <= LOOSE_TOLERANCE * scale ? b : undefined;
    b = next;
  }
}

/** Value of the objective at b; writes gradient and Hessian of its smooth part. */
function expand(problem: LogisticProblem, b: Float64Array, gradient: Float64Array, hessian: Float64Array): number {
  const { features, columns, targets, weights, l1, l2 } = problem;
  gradient.fill(0);
  hessian.fill(0);
  let value = 0;
  for (let i = 0; i < targets.length; i++) {
    const row = i * columns;
    let z = 0;
    for (let j = 0; j < columns; j++) z += features[row + j] * b[j];
    const e = Math.exp(-Math.abs(z));
    const p = z >= 0 ? 1 / (1 + e) : e / (1 + e);
    const weight = weights[i];
    value += weight * (Math.max(z, 0) + Math.log1p(e) - targets[i] * z);
    const slope = weight * (p - targets[i]);
    const curvature = (weight * e) / ((1 + e) * (1 + e));
    for (let j = 0; j < columns; j++) {
      const x = features[row + j];
      gradient[j] += slope * x;
      for (let k = 0; k <= j; k++) hessian[j * columns + k] += curvature * x * features[row + k];
    }
  }
  for (let j = 0; j < columns; j++) {
    value += l1 * Math.abs(b[j]) + 0.5 * l2 * b[j] * b[j];
    gradient[j] += l2 * b[j];
    hessian[j * columns + j] += l2;
    for (let k = 0; k < j; k++) hessian[k * columns + j] = hessian[j * columns + k];
  }
  return value;
}

function objective(problem: LogisticProblem, b: Float64Array): number {
  const { features, columns, targets, weights, l1, l2 } = problem;
  let value = 0;
  for (let i = 0; i < targets.length; i++) {
    let z = 0;
    for (let j = 0; j < columns; j++) z += features[i * columns + j] * b[j];
    value += weights[i] * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - targets[i] * z);
  }
  for (let j = 0; j < columns; j++) value += l1 * Math.abs(b[j]) + 0.5 * l2 * b[j] * b[j];
  return value;
}

/** The largest violation of the optimality conditions: |g_j + l1 sign b_j|, and |g_j| beyond l1 where b_j = 0. */
function distanceFromOptimal(b: Float64Array, gradient: Float64Array, l1: number): number {
  let most = 0;
  for (let j = 0; j < b.length; j++) {
    const violation = b[j] === 0 ? Math.abs(gradient[j]) - l1 : Math.abs(gradient[j] + l1 * Math.sign(b[j]));
    most = Math.max(most, violation);
  }
  return most;
}

/** argmin over d of g·d + ½ dᵀHd + l1 Σ |b_j + d_j|, one coordinate at a time. */
function proximalStep(b: Float64Array, gradient: Float64Array, hessian: Float64Array, l1: number): Float64Array {
  const columns = b.length;
  const direction = new Float64Array(columns);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let largest = 0;
    let size = 0;
    for (let j = 0; j < columns; j++) {
      const curvature = hessian[j * columns + j];
      if (curvature <= 0) continue;
      let slope = gradient[j];
      for (let k = 0; k < columns; k++) slope += hessian[j * columns + k] * direction[k];
      const current = b[j] + direction[j];
      const target = softThreshold(current - slope / curvature, l1 / curvature);
      largest = Math.max(largest, Math.abs(target - current));
      size = Math.max(size, Math.abs(target));
      direction[j] = target - b[j];
    }
    if (largest <= 1e-15 * Math.max(1e-3, size)) break;
  }
  return direction;
}

function softThreshold(value: number, threshold: number): number {
  return Math.sign(value) * Math.max(0, Math.abs(value) - threshold);
}

/** b plus the longest of the direction's halvings that lowers the objective enough (Armijo); undefined if none does. */
function descend(
  problem: LogisticProblem,
  b: Float64Array,
  direction: Float64Array,
  gradient: Float64Array,
  value: number,
): Float64Array | undefined {
  let expected = 0;
  for (let j = 0; j < b.length; j++) {
    expected += gradient[j] * direction[j] + problem.l1 * (Math.abs(b[j] + direction[j]) - Math.abs(b[j]));
  }
  if (!(expected < 0)) return undefined;
  let length = 1;
  for (let halving = 0; halving < MAX_HALVINGS; halving++) {
    // A coordinate that the full step puts at 0 must be exactly 0, which b - b is and rounding may miss.
    const next = b.map((before, j) => (length === 1 && direction[j] === -before ? 0 : before + length * direction[j]));
    if (objective(problem, next) <= value + 1e-4 * length * expected + ROUNDING * Math.abs(value)) return next;
    length /= 2;
  }
  return undefined;
}
