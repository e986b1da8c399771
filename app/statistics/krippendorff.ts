/** Krippendorff's alpha: agreement of any number of raters, with gaps, for four kinds of values. */
import { DataError } from "#app/base/errors.ts";
import { rngFor } from "#app/base/random.ts";
import { bootstrapGroups, percentileInterval } from "./percentile-bootstrap.ts";
import type { Interval } from "./wilson.ts";

/** What differences between values mean: none but being different, an order, differences, or ratios. */
export type ValueLevel = "nominal" | "ordinal" | "interval" | "ratio";

/** One thing that was rated, with the values it got; raters who gave none are left out. */
export type RatedUnit = readonly number[];

/** How often each value pairs with each within units, a pair weighing 1 / (m_u - 1); rows and columns are `values`. */
type Coincidences = { readonly values: readonly number[]; readonly pairs: readonly (readonly number[])[]; readonly totals: readonly number[] };

/**
 * α = 1 - D_o / D_e, D_o = Σ o_cc' δ²(c, c'), D_e = Σ n_c n_c' δ²(c, c') / (n - 1), over values that meet another in
 * their unit (Krippendorff, Content Analysis, chapter 11). At most 1; 0 is chance. Undefined where no unit has two
 * values and where all values are equal (D_e = 0). Throws DataError for values that are no numbers, and for ratios of
 * negative ones.
 */
export function krippendorffAlpha(units: readonly RatedUnit[], level: ValueLevel): number | undefined {
  const coincidences = coincidencesOf(units, level);
  const { values, pairs, totals } = coincidences;
  const all = totals.reduce((sum, total) => sum + total, 0);
  const distance = distances[level](coincidences);
  let [observed, expected] = [0, 0];
  for (const [i, row] of pairs.entries()) {
    for (let j = 0; j < values.length; j++) {
      const squared = i === j ? 0 : distance(i, j);
      observed += (row[j] ?? 0) * squared;
      expected += (totals[i] ?? 0) * (totals[j] ?? 0) * squared;
    }
  }
  return expected === 0 ? undefined : 1 - (observed * (all - 1)) / expected;
}

/**
 * Percentiles of α over resampled units that have two values or more; undefined where α is. Where raters never differ
 * neither do resamples, and the interval is [1, 1] however few units there are: show their number beside it.
 */
export function krippendorffInterval(
  units: readonly RatedUnit[],
  level: ValueLevel,
  confidence: number,
  bootstrapSamples: number,
  seed: number,
): Interval | undefined {
  if (krippendorffAlpha(units, level) === undefined) return undefined;
  const groups = units.filter((unit) => unit.length > 1).map((unit) => [unit]);
  const alpha = (drawn: readonly RatedUnit[]): number | undefined => krippendorffAlpha(drawn, level);
  return percentileInterval(bootstrapGroups(groups, alpha, bootstrapSamples, rngFor(seed, "krippendorff")), confidence, { low: -1, high: 1 });
}

function coincidencesOf(units: readonly RatedUnit[], level: ValueLevel): Coincidences {
  const pairable = units.filter((unit) => unit.length > 1);
  const values = [...new Set(pairable.flat())].sort((a, b) => a - b);
  for (const value of values) {
    if (!Number.isFinite(value)) throw new DataError(`expected ratings that are finite numbers, got ${value}`);
    if (level === "ratio" && value < 0) throw new DataError(`expected ratings on a ratio scale to be at least 0, got ${value}`);
  }
  const indexByValue = new Map(values.map((value, i) => [value, i]));
  const pairs = values.map(() => values.map(() => 0));
  for (const unit of pairable) {
    const rows = unit.map((value) => indexByValue.get(value) ?? 0);
    for (const [a, i] of rows.entries()) {
      const row = pairs[i];
      for (const [b, j] of rows.entries()) if (a !== b && row !== undefined) row[j] = (row[j] ?? 0) + 1 / (unit.length - 1);
    }
  }
  return { values, pairs, totals: pairs.map((row) => row.reduce((sum, count) => sum + count, 0)) };
}

type Distance = (i: number, j: number) => number;

/** δ² between two different values, by their indices. */
const distances: { readonly [Level in ValueLevel]: (coincidences: Coincidences) => Distance } = {
  nominal: () => () => 1,
  // (Σ_{g=c..c'} n_g - (n_c + n_c') / 2)², from sums of the totals before each value.
  ordinal: ({ totals }) => {
    let before = 0;
    const middles = totals.map((total) => {
      before += total;
      return before - total / 2;
    });
    return (i, j) => ((middles[i] ?? 0) - (middles[j] ?? 0)) ** 2;
  },
  interval:
    ({ values }) =>
    (i, j) =>
      ((values[i] ?? 0) - (values[j] ?? 0)) ** 2,
  ratio:
    ({ values }) =>
    (i, j) => {
      const [a, b] = [values[i] ?? 0, values[j] ?? 0];
      return ((a - b) / (a + b)) ** 2;
    },
};
