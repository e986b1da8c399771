/** The logistic solver: optimality by its own conditions, known solutions, and refusals. */
import { describe, expect, test } from "vitest";
import { fitLogistic, type LogisticProblem } from "#app/statistics/logistic-regression.kernel.ts";
import { fc } from "#tests/support/properties.ts";

function problem(rows: readonly (readonly number[])[], targets: readonly number[], more: Partial<LogisticProblem> = {}): LogisticProblem {
  return {
    features: Float64Array.from(rows.flat()),
    columns: rows[0]?.length ?? 0,
    targets: Float64Array.from(targets),
    weights: Float64Array.from(targets, () => 1),
    l1: 0,
    l2: 0,
    ...more,
  };
}

/** The plain definition of the objective, with nothing shared with the solver. */
function objective({ features, columns, targets, weights, l1, l2 }: LogisticProblem, b: readonly number[]): number {
  let total = 0;
  targets.forEach((target, i) => {
    const z = b.reduce((sum, coefficient, j) => sum + coefficient * (features[i * columns + j] ?? 0), 0);
    const p = 1 / (1 + Math.exp(-z));
    total -= (weights[i] ?? 0) * (target * Math.log(p) + (1 - target) * Math.log(1 - p));
  });
  return b.reduce((sum, coefficient) => sum + l1 * Math.abs(coefficient) + 0.5 * l2 * coefficient ** 2, total);
}

const cell = fc.double({ min: -2, max: 2, noNaN: true });
const anyProblem = fc
  .record({
    rows: fc.array(fc.record({ x: fc.tuple(cell, cell, fc.constant(1)), target: fc.double({ min: 0, max: 1, noNaN: true }) }), {
      minLength: 1,
      maxLength: 30,
    }),
    l1: fc.constantFrom(0, 1e-4, 0.1, 3, 1e4),
    l2: fc.constantFrom(1e-3, 1),
  })
  .map(({ rows, l1, l2 }) =>
    problem(
      rows.map(({ x }) => x),
      rows.map(({ target }) => target),
      { l1, l2 },
    ),
  );

test("no step away from the fit lowers the objective", () => {
  fc.assert(
    fc.property(anyProblem, fc.array(fc.tuple(cell, cell, cell), { minLength: 5, maxLength: 5 }), (drawn, steps) => {
      const fitted = [...(fitLogistic(drawn) ?? [])];
      expect(fitted).toHaveLength(3);
      const least = objective(drawn, fitted);
      for (const step of steps) {
        for (const size of [1e-4, 1e-2, 1]) {
          const moved = fitted.map((coefficient, j) => coefficient + size * (step[j] ?? 0));
          expect(objective(drawn, moved)).toBeGreaterThanOrEqual(least - 1e-9 * Math.max(1, least));
        }
      }
    }),
    { numRuns: 60 },
  );
});

describe("known solutions", () => {
  test("an intercept alone with a vanishing penalty: log(7 / 3)", () => {
    const [b] = fitLogistic(problem([[1]], [0.7], { l2: 1e-12 })) ?? [];
    expect(b).toBeCloseTo(Math.log(7 / 3), 8);
  });

  test("L1 shifts the gradient by its strength: Σ (q - p) = l1, so p = .7 - .2", () => {
    const [b] = fitLogistic(problem([[1]], [0.7], { l1: 0.2 })) ?? [];
    expect(b).toBeCloseTo(0, 10);
    const [c] = fitLogistic(problem([[1]], [0.9], { l1: 0.2 })) ?? [];
    expect(c).toBeCloseTo(Math.log(0.7 / 0.3), 10);
  });

  test("an L1 above every gradient leaves exact zeros", () => {
    expect([...(fitLogistic(problem([[1, 2]], [0.9], { l1: 0.81 })) ?? [])]).toEqual([0, 0]);
  });

  test("a weight of 3 is three rows", () => {
    const once = fitLogistic(problem([[1], [-1]], [0.8, 0.6], { weights: Float64Array.of(3, 1), l1: 0.1 }));
    const thrice = fitLogistic(problem([[1], [1], [1], [-1]], [0.8, 0.8, 0.8, 0.6], { l1: 0.1 }));
    expect(once?.[0]).toBeCloseTo(thrice?.[0] ?? Number.NaN, 10);
  });

  test("separable rows are finite under a small L1: n e^-b = l1", () => {
    const [b] = fitLogistic(problem([[1], [1], [1]], [1, 1, 1], { l1: 1e-4 })) ?? [];
    expect(b).toBeCloseTo(Math.log(3e4 - 1), 8);
  });

  test("any start leads to the same fit", () => {
    const drawn = problem([[1, 0.3], [-0.4, 1], [0.2, -1]], [0.9, 0.2, 0.6], { l1: 0.01 }); // prettier-ignore
    const fitted = fitLogistic(drawn) ?? [];
    const far = fitLogistic(drawn, Float64Array.of(8, -9)) ?? [];
    expect(far[0]).toBeCloseTo(fitted[0] ?? Number.NaN, 9);
    expect(far[1]).toBeCloseTo(fitted[1] ?? Number.NaN, 9);
  });
});

test("without a penalty, with a negative one or with rows that are no numbers there is no fit", () => {
  expect(fitLogistic(problem([[1]], [1]))).toBeUndefined();
  expect(fitLogistic(problem([[1]], [0.5], { l1: -1, l2: 2 }))).toBeUndefined();
  expect(fitLogistic(problem([[Number.NaN]], [0.5], { l1: 1 }))).toBeUndefined();
});
