/** Every setting of pair making changes something; a setting that changed nothing would be a lie. */
import { describe, expect, test } from "vitest";
import type { AuthorId } from "#app/base/ids.ts";
import { rngFor } from "#app/base/random.ts";
import { mostPairsOf, type OwnPairRule, ownPairRuleSchema } from "#app/domain/pair.ts";
import { buildDuelMatrix } from "#app/preferences/duel-matrix.ts";
import { drawPairs, type PairEvidence, selectPairs } from "#app/preferences/select-pairs.ts";
import { bothOrders, candidate, firstWins, judged } from "./support.ts";

const teacher = candidate("t", { isTeacher: true });
const [a, b, c] = [candidate("a"), candidate("b"), candidate("c")];
const all = [a, b, c, teacher];

/** The teacher beats all, a beats b and c, nobody compared b and c; the scores say the same. */
const judgments = [
  ["t", "a"],
  ["t", "b"],
  ["t", "c"],
  ["a", "b"],
  ["a", "c"],
].flatMap(([x = "", y = ""]) => bothOrders(x, y));
const evidence: PairEvidence = {
  matrix: buildDuelMatrix(all, judgments),
  scores: new Map([
    [teacher.id, 6],
    [a.id, 5],
    [b.id, 4],
    [c.id, 3],
  ]),
};

function pairsBy(rule: object, said: PairEvidence = evidence): string[] {
  return selectPairs(ownPairRuleSchema.parse(rule), all, said).pairs.map((pair) => `${pair.chosenId}>${pair.rejectedId}`);
}

describe("each rule makes other pairs", () => {
  test.each<{ rule: OwnPairRule["kind"]; pairs: string[] }>([
    { rule: "paper", pairs: ["a>b", "a>c", "t>b", "t>c"] },
    { rule: "restrictive", pairs: ["t>b", "t>c"] },
    { rule: "spin", pairs: ["t>a", "t>b", "t>c"] },
    // Against the policy's own responses a wins all, as the teacher does; b and c lose all that was judged.
    { rule: "winRateMargin", pairs: ["a>b", "a>c", "t>b", "t>c"] },
    { rule: "bestWorst", pairs: ["a>b"] },
  ])("$rule", ({ rule, pairs }) => {
    expect(pairsBy({ kind: rule })).toEqual(pairs);
  });
});

describe("the most pairs of a prompt", () => {
  const drawn = (rule: object, seed: number) => {
    const parsed = ownPairRuleSchema.parse(rule);
    const { pairs, noPair } = drawPairs(selectPairs(parsed, all, evidence), mostPairsOf(parsed), rngFor(seed));
    return { pairs: pairs.map((pair) => `${pair.chosenId}>${pair.rejectedId}`), noPair };
  };

  test.each(["paper", "restrictive", "spin", "winRateMargin"] as const)("%s keeps so many, and counts the others as left out", (kind) => {
    const whole = drawn({ kind }, 1);
    const one = drawn({ kind, maxPerPrompt: 1 }, 1);
    expect(one.pairs).toHaveLength(1);
    expect(whole.pairs).toEqual(expect.arrayContaining(one.pairs));
    expect(one.noPair).toEqual({ ...whole.noPair, overMost: whole.pairs.length - 1 });
    expect(drawn({ kind, maxPerPrompt: whole.pairs.length }, 1)).toEqual(whole);
  });

  test("each pair is drawn as often as any other, the same by the same seed, and what is drawn keeps its order", () => {
    const rule = { kind: "paper", maxPerPrompt: 3 };
    expect(drawn(rule, 5)).toEqual(drawn(rule, 5));
    const { pairs } = drawn({ kind: "paper" }, 0);
    const counts = new Map(pairs.map((pair) => [pair, 0]));
    for (let seed = 0; seed < 2000; seed++) {
      const some = drawn(rule, seed).pairs;
      expect(some).toEqual(pairs.filter((pair) => some.includes(pair)));
      for (const pair of some) counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    // 2,000 draws of three in four: 1,500 each, with a standard deviation of 19.
    for (const count of counts.values()) expect(Math.abs(count - 1500)).toBeLessThan(80);
  });
});

describe("each setting of a rule changes the pairs", () => {
  test.each([
    { setting: "minChosenScore", one: { kind: "paper" }, other: { kind: "paper", minChosenScore: 6 } },
    { setting: "minGapTeacher", one: { kind: "paper" }, other: { kind: "paper", minGapTeacher: 1 } },
    { setting: "minGapPolicy", one: { kind: "paper" }, other: { kind: "paper", minGapPolicy: 2 } },
    {
      setting: "minChosenScore, restrictive",
      one: { kind: "restrictive", minChosenScore: 6, minGapTeacher: 3 },
      other: { kind: "restrictive", minGapTeacher: 2 },
    },
    {
      setting: "minMargin",
      one: { kind: "winRateMargin", opponents: "vsAll" },
      other: { kind: "winRateMargin", opponents: "vsAll", minMargin: 0.4 },
    },
    { setting: "opponents", one: { kind: "winRateMargin" }, other: { kind: "winRateMargin", opponents: "vsAll" } },
    { setting: "opponents, best against worst", one: { kind: "bestWorst" }, other: { kind: "bestWorst", opponents: "vsAll" } },
  ])("$setting", ({ one, other }) => {
    expect(pairsBy(other)).not.toEqual(pairsBy(one));
  });

  test("minMargin, best against worst", () => {
    const close: PairEvidence = { scores: null, matrix: buildDuelMatrix(all, [judged("a", "b", firstWins, { probability: 0.6 })]) };
    expect(pairsBy({ kind: "bestWorst", minMargin: 0.2 }, close)).toEqual(["a>b"]);
    expect(pairsBy({ kind: "bestWorst", minMargin: 0.21 }, close)).toEqual([]);
  });

  test("requireBothOrders", () => {
    const lone = [judged("a", "b", firstWins)];
    const of = (requireBothOrders: boolean): PairEvidence => ({ scores: null, matrix: buildDuelMatrix(all, lone, { requireBothOrders }) });
    expect(pairsBy({ kind: "winRateMargin" }, of(false))).toEqual(["a>b"]);
    expect(pairsBy({ kind: "winRateMargin" }, of(true))).toEqual([]);
  });

  test("requireBothOrders spares a person's correction, and leaves the order beside it out", () => {
    // The judge said a in the order a, b; in the other order a person has put b in the place of its answer.
    const [asStored, swapped] = bothOrders("a", "b");
    if (asStored === undefined || swapped === undefined) throw new Error("expected two orders");
    const second = { kind: "prefers", winner: "second", strength: "clear" } as const;
    const corrected = [asStored, { ...swapped, authorId: "ada" as AuthorId, verdict: second, isCorrection: true }];
    const of = (requireBothOrders: boolean): PairEvidence => ({ scores: null, matrix: buildDuelMatrix(all, corrected, { requireBothOrders }) });
    expect(pairsBy({ kind: "winRateMargin" }, of(true))).toEqual(["b>a"]);
    expect(pairsBy({ kind: "winRateMargin" }, of(false))).toEqual([]);
  });
});
