/** Each interval that the lab prints holds the truth as often as it says: a quick look; tests/long has the exact one. */
import { describe, expect, test } from "vitest";
import { type CoverageCase, coverageCases, leastShare, measureCoverage } from "#tests/support/coverage.ts";

const RUNS = 80;

describe(`in ${RUNS} simulated evaluations`, () => {
  test.each(coverageCases)("$name", (one) => {
    const { share, runs } = measureCoverage(one, RUNS);
    expect(runs).toBeGreaterThan(RUNS / 2);
    expect(share).toBeGreaterThanOrEqual(leastShare(one, runs));
  });

  test("an interval of half the width is found out", () => {
    const [narrow] = coverageCases.map((one): CoverageCase => ({ ...one, simulate: (rng, run) => (run % 4 === 0 ? false : one.simulate(rng, run)) }));
    if (narrow === undefined) throw new Error("expected a case");
    expect(measureCoverage(narrow, RUNS).share).toBeLessThan(leastShare(narrow, RUNS));
  });
});
