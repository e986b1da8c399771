/** Wilson's score interval: honest for few prompts and for scores that are all equal. */
import { twoSidedQuantile } from "./normal.ts";

export type Interval = { readonly low: number; readonly high: number };

/**
 * Wilson's interval for a mean of n scores in [0, 1]: centre (p + z²/2n) / (1 + z²/n), half-width
 * z √(p(1-p)/n + z²/4n²) / (1 + z²/n). Scores between 0 and 1 (ties) vary less than wins and losses of the same mean,
 * so it is then wider than it need be, never narrower. Without scores it is [0, 1].
 */
export function wilsonInterval(mean: number, n: number, confidence: number): Interval {
  if (n === 0) return { low: 0, high: 1 };
  const z = twoSidedQuantile(confidence);
  const [perScore, scale] = [(z * z) / n, 1 + (z * z) / n];
  const centre = (mean + perScore / 2) / scale;
  const halfWidth = Math.sqrt(perScore * (mean * (1 - mean) + perScore / 4)) / scale;
  // At means of 0 and 1 the end meets the mean, but for rounding.
  return { low: Math.min(mean, Math.max(0, centre - halfWidth)), high: Math.max(mean, Math.min(1, centre + halfWidth)) };
}
