/** The plan of a prompt's asks: complete, or connected and balanced; both orders, or one that is drawn. */
import { describe, expect, test } from "vitest";
import type { ResponseId } from "#app/base/ids.ts";
import { judgingSettingsSchema } from "#app/domain/experiment.ts";
import { planComparisons } from "#app/judging/plan-comparisons.ts";
import { fc } from "#tests/support/properties.ts";

/** Ids in tests are short words. */
const ids = (count: number): ResponseId[] => Array.from({ length: count }, (_, i) => `r${i}` as ResponseId);
const settings = (more: object) => judgingSettingsSchema.parse(more);
const keys = (plan: ReturnType<typeof planComparisons>): string[] => plan.map((ask) => [...ask.shown].sort().join());

test("all pairs in both orders by default, the two orders one after the other", () => {
  const plan = planComparisons(ids(4), settings({}), 1);
  expect(plan).toHaveLength(12);
  expect(new Set(plan.map((ask) => ask.shown.join())).size).toBe(12);
  plan.forEach((ask, k) => {
    if (k % 2 === 1) expect(ask.shown).toEqual(plan[k - 1]?.shown.toReversed());
  });
  expect(new Set(plan.map((ask) => ask.seed)).size).toBe(12);
});

test("one order a comparison without both orders, and each order is drawn about half of the time", () => {
  const one = settings({ bothOrders: false });
  let asStored = 0;
  for (let seed = 0; seed < 400; seed++) {
    const [ask] = planComparisons(ids(2), one, seed);
    asStored += ask?.shown[0] === "r0" ? 1 : 0;
  }
  // 400 fair draws: five standard deviations are 50.
  expect(Math.abs(asStored - 200)).toBeLessThan(50);
});

test("a listwise ask shows all responses once", () => {
  const plan = planComparisons(ids(6), settings({ mode: "listwise" }), 3);
  expect(plan).toHaveLength(1);
  expect([...(plan[0]?.shown ?? [])].sort()).toEqual(ids(6));
});

test("a single response needs no ask", () => {
  expect(planComparisons(ids(1), settings({}), 1)).toEqual([]);
  expect(planComparisons(ids(1), settings({ mode: "listwise" }), 1)).toEqual([]);
});

describe("fewer comparisons than pairs", () => {
  const design = fc.record({ size: fc.integer({ min: 2, max: 9 }), wanted: fc.integer({ min: 1, max: 40 }), seed: fc.nat() });

  test("as many as wanted, none twice; connected where they suffice; balanced to within two; replayable", () => {
    fc.assert(
      fc.property(design, ({ size, wanted, seed }) => {
        const plan = planComparisons(ids(size), settings({ comparisonsPerPrompt: wanted, bothOrders: false }), seed);
        expect(planComparisons(ids(size), settings({ comparisonsPerPrompt: wanted, bothOrders: false }), seed)).toEqual(plan);
        expect(plan).toHaveLength(Math.min(wanted, (size * (size - 1)) / 2));
        expect(new Set(keys(plan)).size).toBe(plan.length);
        const degrees = ids(size).map((id) => plan.filter((ask) => ask.shown.includes(id)).length);
        expect(Math.max(...degrees) - Math.min(...degrees)).toBeLessThanOrEqual(2);
        if (plan.length >= size - 1) expect(reachable(plan.map((ask) => ask.shown)).size).toBe(size);
        else expect(Math.max(...degrees)).toBeLessThanOrEqual(2);
      }),
    );
  });
});

function reachable(edges: readonly (readonly ResponseId[])[]): Set<ResponseId | undefined> {
  const seen = new Set<ResponseId | undefined>([edges[0]?.[0]]);
  for (let size = 0; size !== seen.size;) {
    size = seen.size;
    for (const [a, b] of edges) {
      if (seen.has(a)) seen.add(b);
      if (seen.has(b)) seen.add(a);
    }
  }
  return seen;
}
