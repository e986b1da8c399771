/** The standard normal distribution: its upper tail and its quantiles, from series that need no table of constants. */
import { InternalError } from "#app/base/errors.ts";

/** Below this the power series serves, above it the continued fraction; both are exact to rounding here. */
const SERIES_LIMIT = 3;
/** Terms of the continued fraction; at x = 3, its slowest place, it has settled by then. */
const FRACTION_TERMS = 120;

function density(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/** P(Z > x) for a standard normal Z; relative error at most 2e-13 for x up to 37, beyond which it leaves the doubles. */
export function normalUpperTail(x: number): number {
  if (x < 0) return 1 - normalUpperTail(-x);
  return x <= SERIES_LIMIT ? 0.5 - centralPart(x) : density(x) * millsRatio(x);
}

/** P(0 < Z < x) = φ(x) Σ x^(2k+1) / (1·3·…·(2k+1)): all terms are positive, so nothing cancels. */
function centralPart(x: number): number {
  let [term, sum] = [x, x];
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return density(x) * sum;
}

/** P(Z > x) / φ(x) = 1 / (x + 1 / (x + 2 / (x + 3 / …))), from the inside out. */
function millsRatio(x: number): number {
  let denominator = x;
  for (let k = FRACTION_TERMS; k >= 1; k--) denominator = x + k / denominator;
  return 1 / denominator;
}

/**
 * The x with P(Z ≤ x) = p, for 0 < p < 1. Newton's method on the logarithm of the tail, which is concave, so that it
 * converges from everywhere; absolute error at most 1e-12 for p from 1e-300 to 1 - 1e-9.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new InternalError(`a quantile needs a probability between 0 and 1, got ${p}`);
  const tail = Math.min(p, 1 - p);
  let x = Math.sqrt(-2 * Math.log(2 * tail));
  for (let i = 0; i < 50; i++) {
    const upper = normalUpperTail(x);
    const step = (Math.log(upper / tail) * upper) / density(x);
    x += step;
    if (Math.abs(step) <= 1e-14 * Math.max(1, x)) break;
  }
  return p < 0.5 ? -x : x;
}

/** The z of a two-sided interval: P(|Z| ≤ z) = confidence. */
export function twoSidedQuantile(confidence: number): number {
  return -normalQuantile((1 - confidence) / 2);
}
