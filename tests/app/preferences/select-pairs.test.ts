/** The five pair rules: the paper's table (P16), automatic negatives, ties, and the account of what made no pair. */
import { describe, expect, test } from "vitest";
import { type OwnPairRule, ownPairRuleSchema } from "#app/domain/pair.ts";
import type { Candidate } from "#app/preferences/candidates.ts";
import { buildDuelMatrix } from "#app/preferences/duel-matrix.ts";
import { selectPairs } from "#app/preferences/select-pairs.ts";
import { fc } from "#tests/support/properties.ts";
import { bothOrders, candidate, firstWins, judged, secondWins, tie } from "./support.ts";

const rule = (kind: OwnPairRule["kind"], more: object = {}): OwnPairRule => ownPairRuleSchema.parse({ kind, ...more });
const teacher = (id: string, more: Partial<Candidate> = {}): Candidate => candidate(id, { isTeacher: true, ...more });

function byScores(scored: readonly (readonly [Candidate, number])[], kind: "paper" | "restrictive" = "paper") {
  const scores = new Map(scored.map(([one, score]) => [one.id, score]));
  const selection = selectPairs(
    rule(kind),
    scored.map(([one]) => one),
    { matrix: null, scores },
  );
  return { ...selection, pairs: selection.pairs.map((pair) => `${pair.chosenId}>${pair.rejectedId}`) };
}

describe("the paper's rule (P16): chosen at least 5; gap 2 for the teacher, 1 for the policy", () => {
  test.each([
    { chosen: teacher("T"), score: 5, other: candidate("S"), otherScore: 4, pairs: [], why: "belowMargin" },
    { chosen: candidate("S"), score: 5, other: teacher("T"), otherScore: 4, pairs: ["S>T"], why: null },
    { chosen: candidate("S"), score: 6, other: candidate("U"), otherScore: 5, pairs: ["S>U"], why: null },
    { chosen: teacher("T"), score: 6, other: candidate("S"), otherScore: 4, pairs: ["T>S"], why: null },
    { chosen: candidate("S"), score: 4, other: candidate("U"), otherScore: 1, pairs: [], why: "chosenNotGood" },
    { chosen: candidate("S"), score: 6, other: teacher("T"), otherScore: 6, pairs: [], why: "tie" },
    { chosen: teacher("T"), score: 6, other: candidate("S"), otherScore: 5, pairs: [], why: "belowMargin" },
  ])("$chosen.id=$score, $other.id=$otherScore gives $pairs", ({ chosen, score, other, otherScore, pairs, why }) => {
    const selection = byScores([
      [chosen, score],
      [other, otherScore],
    ]);
    expect(selection.pairs).toEqual(pairs);
    expect(selection.noPair).toEqual(why === null ? {} : { [why]: 1 });
    expect(
      byScores([
        [other, otherScore],
        [chosen, score],
      ]),
    ).toEqual(selection);
  });

  test("all pairs that satisfy the rule are made, between teacher and policy and within the policy", () => {
    const { pairs } = byScores([
      [teacher("T"), 5],
      [candidate("A"), 6],
      [candidate("B"), 3],
      [candidate("C"), 5],
    ]);
    expect(pairs).toEqual(["A>T", "T>B", "A>B", "A>C", "C>B"]);
  });

  test("a defective response is an automatic negative, whatever its score, and never chosen", () => {
    const broken = candidate("X", { isDefective: true });
    expect(
      byScores([
        [candidate("A"), 5],
        [broken, 6],
      ]).pairs,
    ).toEqual(["A>X"]);
    expect(
      byScores([
        [candidate("A"), 4],
        [broken, 1],
      ]),
    ).toMatchObject({ pairs: [], noPair: { chosenNotGood: 1 } });
    expect(
      byScores([
        [broken, 5],
        [candidate("Y", { isDefective: true }), 1],
      ]),
    ).toMatchObject({ pairs: [], noPair: { bothDefective: 1 } });
  });

  test("the policy's own copy of the teacher's text needs only the policy's gap", () => {
    expect(
      byScores([
        [teacher("T", { ownCount: 1, count: 2 }), 5],
        [candidate("S"), 4],
      ]).pairs,
    ).toEqual(["T>S"]);
  });

  test("restrictive keeps only pairs whose chosen response is the teacher's", () => {
    const selection = byScores(
      [
        [teacher("T"), 5],
        [candidate("A"), 6],
        [candidate("B"), 3],
      ],
      "restrictive",
    );
    expect(selection.pairs).toEqual(["T>B"]);
    expect(selection.noPair).toEqual({ notTeacher: 2 });
  });

  test("a response without a score makes no pair", () => {
    const selection = selectPairs(rule("paper"), [candidate("A"), candidate("B")], { matrix: null, scores: new Map([[candidate("A").id, 6]]) });
    expect(selection).toEqual({ pairs: [], noPair: { notJudged: 1 } });
  });
});

test("SPIN: the teacher's response over each sample, without any judgment", () => {
  const selection = selectPairs(rule("spin"), [candidate("A"), candidate("B"), teacher("T")], { matrix: null, scores: null });
  expect(selection.pairs.map((pair) => `${pair.chosenId}>${pair.rejectedId}`)).toEqual(["T>A", "T>B"]);
  expect(selection.noPair).toEqual({ notTeacher: 1 });
  expect(selection.pairs[0]?.preferenceMargin).toBeNull();
});

test("SPIN never rejects a sample that equals the teacher's text", () => {
  const same = teacher("T", { ownCount: 1, count: 2 });
  expect(selectPairs(rule("spin"), [same, candidate("A")], { matrix: null, scores: null }).pairs).toHaveLength(1);
  expect(selectPairs(rule("spin"), [same], { matrix: null, scores: null }).pairs).toEqual([]);
});

describe("expected win rates", () => {
  const ids = ["a", "b", "c"];
  const chain = [
    ["a", "b"],
    ["a", "c"],
    ["b", "c"],
  ].flatMap(([x = "", y = ""]) => bothOrders(x, y));
  const candidates = ids.map((id) => candidate(id));
  const select = (which: OwnPairRule, judgments = chain, of = candidates) =>
    selectPairs(which, of, { matrix: buildDuelMatrix(of, judgments), scores: null });
  const names = (selection: ReturnType<typeof select>) => selection.pairs.map((pair) => `${pair.chosenId}>${pair.rejectedId}`);

  test("every pair with at least the margin is made, with its rates", () => {
    expect(names(select(rule("winRateMargin", { minMargin: 0.5 })))).toEqual(["a>b", "a>c", "b>c"]);
    const wide = select(rule("winRateMargin", { minMargin: 0.6 }));
    expect(wide.pairs).toEqual([
      { chosenId: "a", rejectedId: "c", preferenceMargin: 1, chosenWinRate: 1, rejectedWinRate: 0, chosenScore: null, rejectedScore: null },
    ]);
    expect(wide.noPair).toEqual({ belowMargin: 2 });
  });

  test("a margin that equals the threshold counts, rounding or not", () => {
    const five = ["a", "b", "c", "d", "e", "f"].map((id) => candidate(id));
    const wins = five.flatMap((x, i) => five.slice(i + 1).flatMap((y) => bothOrders(x.id, y.id)));
    // Rates 1, .8, .6, .4, .2, 0: gaps of .2 and more make all 15 pairs.
    expect(select(rule("winRateMargin", { minMargin: 0.2 }), wins, five).pairs).toHaveLength(15);
  });

  test("best against worst is one pair a prompt", () => {
    const selection = select(rule("bestWorst"));
    expect(names(selection)).toEqual(["a>c"]);
    expect(selection.noPair).toEqual({ notBestAndWorst: 2 });
  });

  test("in a perfect cycle all rates are one half and nothing is paired", () => {
    const cycle = [
      ["a", "b"],
      ["b", "c"],
      ["c", "a"],
    ].flatMap(([x = "", y = ""]) => bothOrders(x, y));
    expect(select(rule("winRateMargin"), cycle)).toEqual({ pairs: [], noPair: { tie: 3 } });
    expect(select(rule("bestWorst"), cycle).pairs).toEqual([]);
  });

  test("a comparison that was itself a tie or both bad makes no pair, though the rates differ", () => {
    const rest = [...bothOrders("a", "c"), ...bothOrders("c", "b")];
    expect(select(rule("winRateMargin"), [...rest, judged("a", "b", tie)]).noPair).toMatchObject({ tie: 1 });
    const bad = select(rule("winRateMargin"), [...rest, judged("a", "b", { kind: "bothBad" })]);
    expect(bad.noPair).toMatchObject({ bothBad: 1 });
    expect(names(bad)).not.toContain("a>b");
  });

  test("a defective response is an automatic negative of what wins at least half, and never chosen", () => {
    const withBroken = [candidate("a"), candidate("b"), candidate("c", { isDefective: true })];
    const brokenWins = [
      ["c", "a"],
      ["c", "b"],
      ["a", "b"],
    ].flatMap(([x = "", y = ""]) => bothOrders(x, y));
    const selection = select(rule("winRateMargin"), brokenWins, withBroken);
    expect(names(selection)).toEqual(["a>b", "a>c"]);
    expect(selection.noPair).toEqual({ chosenNotGood: 1 });
    expect(names(select(rule("bestWorst"), brokenWins, withBroken))).toEqual(["a>c"]);
  });

  test("a response whose comparisons all failed is not paired on the strength of its own copies", () => {
    const copied = [candidate("a"), candidate("b"), candidate("c", { count: 2, ownCount: 2 })];
    const selection = select(rule("winRateMargin", { minMargin: 0.4 }), bothOrders("a", "b"), copied);
    expect(names(selection)).toEqual(["a>b"]);
    expect(selection.noPair).toEqual({ notJudged: 2 });
    expect(select(rule("bestWorst"), bothOrders("a", "b"), copied)).toMatchObject({
      pairs: [{ chosenId: "a", rejectedId: "b" }],
      noPair: { notJudged: 2 },
    });
  });

  test("rates that differ by rounding only are a tie, however small the margin", () => {
    const three = ["a", "b", "c"].map((id) => candidate(id));
    // The rates of a, b and c are .45, .45 and .6 but for the last bit.
    const judgments = [
      judged("a", "b", firstWins, { probability: 0.1 + 0.2 }),
      judged("a", "c", firstWins, { probability: 0.6 }),
      judged("b", "c", firstWins, { probability: 0.2 }),
    ];
    const selection = select(rule("winRateMargin", { minMargin: 1e-12 }), judgments, three);
    expect(names(selection)).toEqual(["c>a", "c>b"]);
    expect(selection.noPair).toEqual({ tie: 1 });
  });

  test("without judgments nothing is paired and all is accounted for", () => {
    expect(select(rule("winRateMargin"), [])).toEqual({ pairs: [], noPair: { notJudged: 3 } });
    expect(select(rule("bestWorst"), [])).toEqual({ pairs: [], noPair: { notJudged: 3 } });
  });
});

const anyRule = fc.constantFrom<OwnPairRule>(
  rule("paper"),
  rule("restrictive"),
  rule("spin"),
  rule("winRateMargin", { minMargin: 0.25 }),
  rule("winRateMargin", { minMargin: 0.25, opponents: "vsAll" }),
  rule("bestWorst"),
);
const verdicts = fc.constantFrom(firstWins, secondWins, tie, { kind: "bothBad" } as const, { kind: "abstains" } as const);

test("each unordered pair of candidates makes one pair or has one reason; none is made both ways round", () => {
  const people = fc.array(fc.record({ teacher: fc.boolean(), broken: fc.boolean(), score: fc.integer({ min: 0, max: 6 }) }), { maxLength: 6 });
  fc.assert(
    fc.property(anyRule, people, fc.array(verdicts, { minLength: 15, maxLength: 15 }), (which, drawn, said) => {
      const candidates = drawn.map((one, i) => candidate(`c${i}`, { isTeacher: one.teacher, isDefective: one.broken }));
      let k = 0;
      const judgments = candidates.flatMap((x, i) => candidates.slice(i + 1).map((y) => judged(x.id, y.id, said[k++] ?? tie)));
      const scores = new Map(candidates.map((one, i) => [one.id, drawn[i]?.score ?? 0]));
      const { pairs, noPair } = selectPairs(which, candidates, { matrix: buildDuelMatrix(candidates, judgments), scores });
      const unordered = new Set(pairs.map((pair) => [pair.chosenId, pair.rejectedId].sort().join()));
      const refused = Object.values(noPair).reduce((sum, count) => sum + count, 0);
      expect(unordered.size).toBe(pairs.length);
      expect(2 * (pairs.length + refused)).toBe(candidates.length * Math.max(0, candidates.length - 1));
      for (const pair of pairs) {
        expect(pair.chosenId).not.toBe(pair.rejectedId);
        expect(candidates.find((one) => one.id === pair.chosenId)?.isDefective).toBe(false);
      }
      if (which.kind === "bestWorst") expect(pairs.length).toBeLessThanOrEqual(1);
    }),
  );
});
