/** The demo's last page: each script's taste in words, what it counts, and circles where there are any. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DEMO_ORACLES, type DemoOracle } from "#app/contract/host.ts";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { demoPage } from "#tools/tasks/demo-page.ts";
import { type DemoTaste, tasteOf } from "#tools/tasks/demo-tastes.ts";

const DEMO = join(import.meta.dirname, "..", "..", "resources", "demo");

function shippedTaste(oracle: DemoOracle): DemoTaste {
  return tasteOf(oracle, experimentConfigSchema.parse(JSON.parse(readFileSync(join(DEMO, `${oracle}.json`), "utf8"))).oracle);
}

const HAPPY = "The owl went to the snowy garden. The garden was white. The owl found a bell. The owl was happy.";
const SAD = "The owl went to the snowy garden. The owl found a bell. The owl cried alone.";
const OPEN = "The owl went to the snowy garden. The owl found a bell. The owl looked up at the moon.";

const kindsOf = (taste: DemoTaste, story: string): string[] => taste.kinds.filter(({ matches }) => matches(story)).map(({ words }) => words);

describe("a taste", () => {
  it.each([
    ["happy-ending", [["end well"], [], []]],
    ["place-described", [["say what the place looks like"], [], []]],
    ["cycle", [["end happily"], ["end sadly"], ["have an open end"]]],
    ["random", [[], [], []]],
  ] as const)("%s tells stories apart as its script does", (oracle, kinds) => {
    expect([HAPPY, SAD, OPEN].map((story) => kindsOf(shippedTaste(oracle), story))).toEqual(kinds);
  });
});

describe("the page", () => {
  const share = { cases: 100, ofKind: 30, share: 0.3, low: 0.2, high: 0.4, clusters: 40 };
  const circles: ResultOverview["circles"] = {
    verdict: "noScore",
    sentence: "In 30 of 100 triples the verdicts run in a circle.",
    circular: share,
    drawnIn: share,
    rounds: [],
  };
  const results: ResultOverview = {
    split: "validation",
    prompts: 2,
    confidence: 0.95,
    players: [],
    duels: [],
    rounds: [],
    cycles: { triples: 0, triplesMeasured: 0, clear: [] },
    circles,
    mixture: null,
    choice: {
      verdict: "cycle",
      recommended: "r0",
      headline: "Verdicts run in circles: use r0 if it must be one policy.",
      reason: `${circles.sentence} So a win over one opponent is no step forward.`,
    },
    unmetPairs: 0,
    judgedBy: [],
    testLooks: 0,
    watch: [],
    computedAtMs: 0,
  };
  const page = (oracle: DemoOracle, more: Partial<ResultOverview> = {}): string =>
    demoPage({
      results: { ...results, ...more },
      before: [{ prompt: "An owl.", text: OPEN }],
      after: [{ prompt: "An owl.", text: HAPPY }],
      taste: shippedTaste(oracle),
      places: [],
      next: [],
    });
  const flat = (text: string): string => text.replace(/\s+/gu, " ");

  it("says that verdicts run in circles, once, and what that means", () => {
    const text = flat(page("cycle"));
    expect(text).toContain("Verdicts run in circles: use r0 if it must be one policy. In 30 of 100 triples the verdicts run in a circle. So a win");
    expect(text.split(circles.sentence)).toHaveLength(2);
    expect(text).toContain("0 of 1 of r0 and 1 of 1 of r0 end happily; 0 of 1 of r0 and 0 of 1 of r0 end sadly;");
    expect(flat(page("random", { choice: null }))).toContain(circles.sentence);
    expect(flat(page("random", { choice: null, circles: { ...circles, verdict: "unmeasured" } }))).not.toContain(circles.sentence);
  });

  it.each(DEMO_ORACLES)("has no line of more than 100 characters: %s", (oracle) => {
    expect(
      Math.max(
        ...page(oracle)
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(100);
    expect(flat(page(oracle))).toContain(shippedTaste(oracle).likes);
  });
});
