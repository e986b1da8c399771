/** The collapse watch: its figures against numpy, and each warning where its limit is crossed and only there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  COLLAPSE_LIMITS,
  type CollapseSign,
  type CollapseWatch,
  collapseWarnings,
  type WatchedResponse,
  watchOf,
} from "#app/statistics/collapse-watch.ts";

type Case = { readonly responses: readonly WatchedResponse[]; readonly neutral: readonly (readonly number[])[]; readonly figures: CollapseWatch };

const golden = JSON.parse(readFileSync(join(import.meta.dirname, "../../golden/statistics/collapse-watch.json"), "utf8")) as {
  readonly cases: readonly Case[];
};

/** Sums of doubles in another order. */
const TOLERANCE = 1e-12;

function close(found: number | null | undefined, expected: number | null | undefined): void {
  if (expected == null || found == null) expect(found).toBe(expected);
  else expect(Math.abs(found - expected)).toBeLessThanOrEqual(TOLERANCE * Math.max(1, Math.abs(expected)));
}

describe("the figures", () => {
  it.each(golden.cases.map((one, i) => [i, one] as const))("are numpy's, case %i", (_, { responses, neutral, figures }) => {
    const found = watchOf(responses, neutral);
    const { distinct, ...numbers } = figures;
    for (const [name, value] of Object.entries(numbers)) close(found?.[name as keyof typeof numbers], value);
    distinct.forEach((value, i) => {
      close(found?.distinct[i], value);
    });
  });

  it("are of a policy that has not moved: no distance at all", () => {
    const [first] = golden.cases;
    if (first === undefined) throw new Error("there are cases");
    const same = first.responses.map((response) => ({ ...response, firstLogps: response.ownLogps }));
    expect(watchOf(same, first.neutral)).toMatchObject({ klNats: 0, klStandardError: 0, klNatsPerToken: 0 });
  });

  it("are none where there is nothing to measure", () => {
    expect(watchOf([], [[-1]])).toBeUndefined();
    expect(watchOf([{ text: "a", isFinished: true, ownLogps: [-1], firstLogps: [-1] }], [])).toBeUndefined();
  });
});

const FIRST: CollapseWatch = {
  responses: 10,
  tokens: 1000,
  meanTokens: 100,
  klNats: 0,
  klStandardError: 0,
  klNatsPerToken: 0,
  entropyNatsPerToken: 1,
  distinct: [0.4, 0.8, 0.9],
  finishedShare: 0.9,
  neutralNatsPerToken: 3,
  neutralTokens: 500,
};

function signs(changes: Partial<CollapseWatch>): CollapseSign[] {
  return collapseWarnings({ ...FIRST, ...changes }, FIRST).map(({ sign }) => sign);
}

describe("a warning", () => {
  it("is silent where nothing stands out", () => {
    expect(signs({})).toEqual([]);
  });

  const edge = 1e-6;
  const { kl, entropy, distinct3, finished, length, perplexity } = COLLAPSE_LIMITS;
  const cases: readonly (readonly [CollapseSign, (beyond: number) => Partial<CollapseWatch>])[] = [
    ["kl", (beyond) => ({ klNatsPerToken: kl + beyond })],
    ["entropy", (beyond) => ({ entropyNatsPerToken: entropy - beyond })],
    ["distinct3", (beyond) => ({ distinct: [0.4, 0.8, 0.9 * (distinct3 - beyond)] })],
    ["finished", (beyond) => ({ finishedShare: 0.9 - finished - beyond })],
    ["length", (beyond) => ({ meanTokens: 100 * (length + beyond) })],
    ["length", (beyond) => ({ meanTokens: 100 / (length + beyond) })],
    ["perplexity", (beyond) => ({ neutralNatsPerToken: 3 + Math.log(perplexity) + beyond })],
  ];
  it.each(cases)("of %s comes beyond its limit and not before", (sign, at) => {
    expect(signs(at(edge))).toEqual([sign]);
    expect(signs(at(-edge))).toEqual([]);
  });

  it("says in a plain sentence what was found and of what", () => {
    const [warning] = collapseWarnings({ ...FIRST, finishedShare: 0.5 }, FIRST);
    expect(warning?.sentence).toBe("Fewer of its responses end by themselves: 50 %, of the first policy's 90 %.");
  });
});
