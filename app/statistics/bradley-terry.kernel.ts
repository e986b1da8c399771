/** The Bradley-Terry fit of a table of comparisons, with an optional ridge, by Newton's method. */

export type ComparisonTable = {
  readonly size: number;
  /** Row-major [size, size]: points of i against j (a tie gives one half to each), and how many comparisons there are. */
  readonly points: Float64Array;
  readonly counts: Float64Array;
};

const MAX_STEPS = 100;
const MAX_HALVINGS = 40;
/** No gradient may be further from 0 than this share of the number of comparisons. */
const TOLERANCE = 1e-12;
const ROUNDING = 1e-14;

/**
 * Strengths θ in nats, [size], that minimise -Σ_{i<j} [points_ij log σ(θ_i - θ_j) + points_ji log σ(θ_j - θ_i)] +
 * ridge/2 Σ θ_i², with Σ θ_i = 0; undefined if the search does not settle. Without a ridge there is a fit only where no
 * group of players took all the points from the rest (Ford 1957); the caller checks.
 */
export function fitBradleyTerry(table: ComparisonTable, ridge: number, start?: Float64Array): Float64Array | undefined {
  const { size, counts } = table;
  let theta: Float64Array = start === undefined ? new Float64Array(size) : Float64Array.from(start);
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  let total = 0;
  for (let c = 0; c < counts.length; c++) total += counts[c];
  for (let step = 0; step < MAX_STEPS; step++) {
    const value = expand(table, ridge, theta, gradient, hessian);
    let largest = 0;
    for (let i = 0; i < size; i++) largest = Math.max(largest, Math.abs(gradient[i]));
    if (!Number.isFinite(value)) return undefined;
    if (largest <= TOLERANCE * Math.max(1, total)) return theta;
    const direction = solvePositive(hessian, gradient, size);
    if (direction === undefined) return undefined;
    const next = descend(table, ridge, theta, direction, gradient, value);
    if (next === undefined) return largest <= 1e3 * TOLERANCE * Math.max(1, total) ? theta : undefined;
    theta = next;
  }
  return undefined;
}

/** The objective; writes its gradient, and its Hessian plus ones, which only fixes the shift that comparisons leave free. */
function expand(table: ComparisonTable, ridge: number, theta: Float64Array, gradient: Float64Array, hessian: Float64Array): number {
  const { size, points, counts } = table;
  hessian.fill(1);
  let value = 0;
  for (let i = 0; i < size; i++) {
    value += 0.5 * ridge * theta[i] * theta[i];
    gradient[i] = ridge * theta[i];
    hessian[i * size + i] += ridge;
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const count = counts[i * size + j];
      if (count === 0) continue;
      const difference = theta[i] - theta[j];
      const e = Math.exp(-Math.abs(difference));
      const p = difference >= 0 ? 1 / (1 + e) : e / (1 + e);
      const slope = count * p - points[i * size + j];
      const curvature = (count * e) / ((1 + e) * (1 + e));
      value += count * (Math.max(difference, 0) + Math.log1p(e)) - points[i * size + j] * difference;
      gradient[i] += slope;
      gradient[j] -= slope;
      hessian[i * size + i] += curvature;
      hessian[j * size + j] += curvature;
      hessian[i * size + j] -= curvature;
      hessian[j * size + i] -= curvature;
    }
  }
  return value;
}

function objective({ size, points, counts }: ComparisonTable, ridge: number, theta: Float64Array): number {
  let value = 0;
  for (let i = 0; i < size; i++) {
    value += 0.5 * ridge * theta[i] * theta[i];
    for (let j = 0; j < i; j++) {
      const difference = theta[i] - theta[j];
      const softplus = Math.max(difference, 0) + Math.log1p(Math.exp(-Math.abs(difference)));
      value += counts[i * size + j] * softplus - points[i * size + j] * difference;
    }
  }
  return value;
}

/** theta less the longest halving of the direction that lowers the objective; undefined at the floor of rounding. */
function descend(
  table: ComparisonTable,
  ridge: number,
  theta: Float64Array,
  direction: Float64Array,
  gradient: Float64Array,
  value: number,
): Float64Array | undefined {
  let slope = 0;
  for (let i = 0; i < theta.length; i++) slope += gradient[i] * direction[i];
  let length = 1;
  for (let halving = 0; halving < MAX_HALVINGS; halving++) {
    const next = theta.map((before, i) => before - length * direction[i]);
    if (objective(table, ridge, next) <= value - 1e-4 * length * slope + ROUNDING * Math.abs(value)) return next;
    length /= 2;
  }
  return undefined;
}

/** x of A x = b for a symmetric positive definite A, row-major [size, size], by Cholesky; undefined if A is not. */
export function solvePositive(a: Float64Array, b: Float64Array, size: number): Float64Array | undefined {
  const factor = new Float64Array(size * size);
  const x = Float64Array.from(b);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * size + j];
      for (let k = 0; k < j; k++) sum -= factor[i * size + k] * factor[j * size + k];
      if (i !== j) factor[i * size + j] = sum / factor[j * size + j];
      else if (sum > 0) factor[i * size + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] -= factor[i * size + k] * x[k];
    x[i] /= factor[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] -= factor[k * size + i] * x[k];
    x[i] /= factor[i * size + i];
  }
  return x;
}
