/** Agreement: against scikit-learn, statsmodels and krippendorff, textbook tables, and what is undefined. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { PromptId } from "#app/base/ids.ts";
import { cohenKappa, fleissKappa, type RatedItem, reportAgreement, shareOfAgreement, withoutLabel } from "#app/statistics/agreement.ts";
import { krippendorffAlpha, krippendorffInterval, type RatedUnit, type ValueLevel } from "#app/statistics/krippendorff.ts";
import { wilsonInterval } from "#app/statistics/wilson.ts";
import { fc } from "#tests/support/properties.ts";

const LEVELS = ["nominal", "ordinal", "interval", "ratio"] as const satisfies readonly ValueLevel[];
const golden = z
  .object({
    cohen: z.array(z.object({ pairs: z.array(z.tuple([z.int(), z.int()])), agreement: z.number(), kappa: z.number() })),
    fleiss: z.array(z.object({ counts: z.array(z.array(z.int())), kappa: z.number() })),
    krippendorff: z.array(z.object({ name: z.string(), units: z.array(z.array(z.number())), alphas: z.record(z.enum(LEVELS), z.number()) })),
  })
  .parse(JSON.parse(readFileSync(new URL("../../golden/statistics/agreement.json", import.meta.url), "utf8")));

function itemsOf(pairs: readonly (readonly [string | number, string | number])[]): RatedItem[] {
  return pairs.map(([first, second], i) => ({
    promptId: `prompt ${String(i).padStart(4, "0")}` as PromptId,
    first: String(first),
    second: String(second),
  }));
}

/** So many items of each pair of labels. */
function table(...cells: readonly (readonly [string, string, number])[]): RatedItem[] {
  return itemsOf(cells.flatMap(([first, second, count]) => Array.from({ length: count }, () => [first, second] as const)));
}

const textbook = table(["yes", "yes", 20], ["yes", "no", 5], ["no", "yes", 10], ["no", "no", 15]);

describe("two raters", () => {
  test.each(golden.cohen)("$agreement agreement: scikit-learn's kappa of $kappa", ({ pairs, agreement, kappa }) => {
    expect(shareOfAgreement(itemsOf(pairs))).toBeCloseTo(agreement, 12);
    expect(cohenKappa(itemsOf(pairs))).toBeCloseTo(kappa, 12);
  });

  test("20, 5, 10, 15: p_o .7, p_e .5, kappa .4", () => {
    expect(shareOfAgreement(textbook)).toBe(0.7);
    expect(cohenKappa(textbook)).toBeCloseTo(0.4, 12);
  });

  test("without the items that somebody called a tie", () => {
    const items = table(["a", "a", 3], ["a", "tie", 2], ["tie", "tie", 4], ["b", "a", 1]);
    expect(shareOfAgreement(withoutLabel(items, "tie"))).toBe(0.75);
  });

  test("no items, or one label throughout: undefined, not 0 and not 1", () => {
    expect([shareOfAgreement([]), cohenKappa([]), cohenKappa(table(["a", "a", 9]))]).toEqual([undefined, undefined, undefined]);
    expect(cohenKappa(table(["a", "b", 9]))).toBe(0);
  });

  test("the names of labels and the order of raters do not matter", () => {
    const pair = fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("a", "b", "c"));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 40 }), (pairs) => {
        const kappa = cohenKappa(itemsOf(pairs));
        const turned = cohenKappa(itemsOf(pairs.map(([a, b]) => [`${b}!`, `${a}!`] as const)));
        expect(turned === undefined).toBe(kappa === undefined);
        expect(turned ?? 0).toBeCloseTo(kappa ?? 0, 10);
        expect(kappa ?? 1).toBeLessThanOrEqual(1);
        expect(kappa ?? 0).toBeGreaterThanOrEqual(-1);
      }),
    );
  });
});

describe("reports", () => {
  test("the share has Wilson's interval for the prompts, kappa the bootstrap's; both hold their figure", () => {
    const { n, agreement, kappa } = reportAgreement(textbook, 0.95, 400, 1);
    expect([n, agreement]).toEqual([50, { share: 0.7, ...wilsonInterval(0.7, 50, 0.95) }]);
    expect(kappa?.interval).toBe("bootstrap");
    expect(kappa?.low).toBeLessThan(0.4);
    expect(kappa?.low).toBeGreaterThan(0);
    expect(kappa?.high).toBeGreaterThan(0.4);
    expect(reportAgreement([...textbook].reverse(), 0.95, 400, 1)).toEqual({ n, agreement, kappa });
  });

  test("items of one prompt count as one draw", () => {
    const four = textbook.map((item, i) => ({ ...item, promptId: `prompt ${Math.floor(i / 4)}` as PromptId }));
    expect(reportAgreement(four, 0.95, 100, 1).agreement).toEqual({ share: 0.7, ...wilsonInterval(0.7, 13, 0.95) });
  });

  test("raters who never differed: Wilson's doubt, not a point", () => {
    const { kappa } = reportAgreement(table(["a", "a", 12], ["b", "b", 12]), 0.95, 100, 1);
    const { low } = wilsonInterval(1, 24, 0.95);
    expect(kappa).toMatchObject({ value: 1, high: 1, interval: "wilson" });
    expect(kappa?.low).toBeCloseTo((low - 0.5) / 0.5, 12);
  });

  test("nothing rated, or chance alone: no figure", () => {
    expect(reportAgreement([], 0.95, 100, 1)).toEqual({ n: 0, agreement: undefined, kappa: undefined });
    expect(reportAgreement(table(["a", "a", 20]), 0.95, 100, 1)).toMatchObject({ n: 20, agreement: { share: 1 }, kappa: undefined });
  });
});

/** Ten subjects, fourteen raters, five categories (Fleiss 1971, as reprinted everywhere). */
const fourteenRaters = [
  [0, 0, 0, 0, 14],
  [0, 2, 6, 4, 2],
  [0, 0, 3, 5, 6],
  [0, 3, 9, 2, 0],
  [2, 2, 8, 1, 1],
  [7, 7, 0, 0, 0],
  [3, 2, 6, 3, 0],
  [2, 5, 3, 2, 2],
  [6, 5, 2, 1, 0],
  [0, 2, 2, 3, 7],
];

describe("Fleiss", () => {
  test.each(golden.fleiss)("statsmodels' kappa of $kappa", ({ counts, kappa }) => {
    expect(fleissKappa(counts)).toBeCloseTo(kappa, 12);
  });

  test("the classic table: .2099", () => {
    expect(fleissKappa(fourteenRaters)?.toFixed(4)).toBe("0.2099");
  });

  test("no items, one rater, one category throughout: undefined; other numbers of raters: refused", () => {
    expect([fleissKappa([]), fleissKappa([[1, 0]]), fleissKappa([[3, 0], [3, 0]])]).toEqual([undefined, undefined, undefined]); // prettier-ignore
    expect(() => fleissKappa([[2, 1], [2, 2]])).toThrow(/3 ratings an item.*item 1 has 4/); // prettier-ignore
  });
});

/** Four coders, twelve units, with gaps (Krippendorff's standard example). */
const fourCoders: readonly RatedUnit[] = [
  [1, 1, 1],
  [2, 2, 3, 2],
  [3, 3, 3, 3],
  [3, 3, 3, 3],
  [2, 2, 2, 2],
  [1, 2, 3, 4],
  [4, 4, 4, 4],
  [1, 1, 2, 1],
  [2, 2, 2, 2],
  [5, 5, 5],
  [1, 1],
  [3],
];

describe("Krippendorff", () => {
  test.each([
    ["nominal", ".7434"],
    ["ordinal", ".8154"],
    ["interval", ".8491"],
    ["ratio", ".7974"],
  ] as const)("the standard example, %s: %s", (level, expected) => {
    expect(krippendorffAlpha(fourCoders, level)?.toFixed(4)).toBe(`0${expected}`);
  });

  test.each(golden.krippendorff.flatMap(({ name, units, alphas }) => LEVELS.map((level) => ({ name, level, units, alpha: alphas[level] }))))(
    "$name, $level: the package's $alpha",
    ({ level, units, alpha }) => expect(krippendorffAlpha(units, level)).toBeCloseTo(alpha, 12),
  );

  test("no unit with two values, or no two different values: undefined, as is the interval", () => {
    for (const units of [[], [[1], [2]], [[3, 3], [3, 3, 3], [4]]]) {
      for (const level of LEVELS) expect(krippendorffAlpha(units, level)).toBeUndefined();
      expect(krippendorffInterval(units, "nominal", 0.95, 100, 1)).toBeUndefined();
    }
  });

  test("lone values count for nothing; perfect agreement is 1; values 0 are no trouble to ratios", () => {
    expect(krippendorffAlpha(fourCoders.slice(0, 11), "ordinal")).toBe(krippendorffAlpha(fourCoders, "ordinal"));
    expect(krippendorffAlpha([[0, 0], [2, 2]], "ratio")).toBe(1); // prettier-ignore
  });

  test("only order matters to ordinal values, only differences to interval ones", () => {
    const bent = fourCoders.map((unit) => unit.map((value) => value ** 3));
    const moved = fourCoders.map((unit) => unit.map((value) => 10 - 2 * value));
    expect(krippendorffAlpha(bent, "ordinal")).toBeCloseTo(krippendorffAlpha(fourCoders, "ordinal") ?? Number.NaN, 12);
    expect(krippendorffAlpha(bent, "interval")).not.toBeCloseTo(krippendorffAlpha(fourCoders, "interval") ?? Number.NaN, 2);
    expect(krippendorffAlpha(moved, "interval")).toBeCloseTo(krippendorffAlpha(fourCoders, "interval") ?? Number.NaN, 12);
  });

  test("what is no number, and ratios of negative numbers, are refused", () => {
    expect(() => krippendorffAlpha([[Number.NaN, 1]], "nominal")).toThrow(/finite numbers, got NaN/);
    expect(() => krippendorffAlpha([[-1, 1]], "ratio")).toThrow(/at least 0, got -1/);
    expect(krippendorffAlpha([[-1, 1], [1, 1]], "interval")).toBeDefined(); // prettier-ignore
  });

  test("the interval holds alpha and is wider for fewer units", () => {
    const many = golden.krippendorff[0]?.units ?? [];
    const interval = krippendorffInterval(many, "ordinal", 0.95, 400, 1);
    const few = krippendorffInterval(many.slice(0, 12), "ordinal", 0.95, 400, 1);
    const alpha = krippendorffAlpha(many, "ordinal") ?? Number.NaN;
    expect(interval?.low).toBeLessThan(alpha);
    expect(interval?.high).toBeGreaterThan(alpha);
    expect((few?.high ?? 0) - (few?.low ?? 0)).toBeGreaterThan((interval?.high ?? 0) - (interval?.low ?? 0));
  });
});
