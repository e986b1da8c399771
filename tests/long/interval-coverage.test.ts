/** How often each interval that the lab prints holds the truth: many simulated evaluations a case, recorded. */
import { expect, test } from "vitest";
import { type Coverage, type CoverageCase, coverageCases, leastShare, measureCoverage, slowCoverageCases } from "#tests/support/coverage.ts";
import { writeRecord } from "#tools/results/record.ts";

const RUNS = 1000;

test(`in ${RUNS} simulated evaluations each interval holds the truth as often as it promises`, () => {
  const measured = [...coverageCases, ...slowCoverageCases].map((one): { readonly one: CoverageCase; readonly coverage: Coverage } => ({
    one,
    coverage: measureCoverage(one, RUNS),
  }));
  writeRecord("interval-coverage", {
    section: "Correctness",
    title: "Coverage of the intervals",
    summary: `Each row draws ${RUNS} data sets from a known truth and counts how often the lab's interval holds it. Promised is the nominal confidence less the slack that docs/math.md states for small samples.`,
    commands: ["npm run test:long -- tests/long/interval-coverage.test.ts"],
    sources: ["app/statistics", "tests/support/coverage.ts"],
    tables: [
      {
        columns: ["interval", "promised", "held", "data sets"],
        rows: measured.map(({ one, coverage }) => [one.name, (one.confidence - one.slack).toFixed(2), coverage.share.toFixed(3), coverage.runs]),
      },
    ],
    notes: ["Bootstraps use 200 resamples here and 2,000 in the lab; fewer resamples lose a little coverage, never gain any."],
  });
  for (const { one, coverage } of measured) expect(coverage.share, one.name).toBeGreaterThanOrEqual(leastShare(one, coverage.runs));
});
