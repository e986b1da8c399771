/** The paper's pair rules, exhaustively, against a plain transcription of DNO section 5.1; and each of their settings. */
import { describe, expect, test } from "vitest";
import { type OwnPairRule, ownPairRuleSchema } from "#app/domain/pair.ts";
import type { Candidate } from "#app/preferences/candidates.ts";
import { selectPairs } from "#app/preferences/select-pairs.ts";
import { fc } from "#tests/support/properties.ts";
import { candidate } from "./support.ts";

type Drawn = { readonly source: "teacher" | "student"; readonly score: number; readonly isDefective: boolean };
type Thresholds = { readonly positive: number; readonly teacherGap: number; readonly studentGap: number };
const PAPER: Thresholds = { positive: 5, teacherGap: 2, studentGap: 1 };

/** The paper's table, word for word, as [chosen, rejected] by index: slow and plain. */
function pairsOfThePaper(drawn: readonly Drawn[], { positive, teacherGap, studentGap }: Thresholds, isRestrictive: boolean): string[] {
  const pairs: string[] = [];
  drawn.forEach((p, i) => {
    if (p.isDefective || p.score < positive) return;
    if (isRestrictive && p.source !== "teacher") return;
    const need = p.source === "student" ? studentGap : teacherGap;
    drawn.forEach((n, j) => {
      if (i === j) return;
      // A tie never forms a pair, even where the needed gap is 0.
      if (n.isDefective || (p.score > n.score && p.score - n.score >= need)) pairs.push(`c${i}>c${j}`);
    });
  });
  return pairs.sort();
}

function pairsOf(rule: OwnPairRule, drawn: readonly Drawn[]): string[] {
  const candidates = drawn.map((one, i): Candidate => candidate(`c${i}`, { isTeacher: one.source === "teacher", isDefective: one.isDefective }));
  const scores = new Map(candidates.map((one, i) => [one.id, drawn[i]?.score ?? 0]));
  return selectPairs(rule, candidates, { matrix: null, scores })
    .pairs.map((pair) => `${pair.chosenId}>${pair.rejectedId}`)
    .sort();
}

const allDrawn: readonly Drawn[] = (["teacher", "student"] as const).flatMap((source) =>
  [0, 1, 2, 3, 4, 5, 6].flatMap((score) => [true, false].map((isDefective) => ({ source, score, isDefective }))),
);

describe.each([
  { kind: "paper", isRestrictive: false },
  { kind: "restrictive", isRestrictive: true },
] as const)("$kind", ({ kind, isRestrictive }) => {
  test("the defaults are the paper's thresholds: chosen at least 5, gap 2 for the teacher, 1 for the policy; all pairs are kept", () => {
    expect(ownPairRuleSchema.parse({ kind })).toEqual({ kind, minChosenScore: 5, minGapTeacher: 2, minGapPolicy: 1, maxPerPrompt: null });
  });

  test("all 784 pairs of sources, scores and defects", () => {
    const rule = ownPairRuleSchema.parse({ kind });
    let made = 0;
    for (const a of allDrawn) {
      for (const b of allDrawn) {
        const expected = pairsOfThePaper([a, b], PAPER, isRestrictive);
        expect(pairsOf(rule, [a, b]), JSON.stringify([a, b])).toEqual(expected);
        made += expected.length;
      }
    }
    expect(made).toBeGreaterThan(80);
  });

  test("groups of K + 1 candidates, with any thresholds", () => {
    const groups = fc.array(fc.constantFrom(...allDrawn), { maxLength: 6 });
    const threshold = fc.integer({ min: 0, max: 6 });
    fc.assert(
      fc.property(groups, threshold, threshold, threshold, (drawn, positive, teacherGap, studentGap) => {
        const rule = ownPairRuleSchema.parse({ kind, minChosenScore: positive, minGapTeacher: teacherGap, minGapPolicy: studentGap });
        expect(pairsOf(rule, drawn)).toEqual(pairsOfThePaper(drawn, { positive, teacherGap, studentGap }, isRestrictive));
      }),
      { numRuns: 500 },
    );
  });
});

const spin = ownPairRuleSchema.parse({ kind: "spin" });

test("SPIN has no thresholds: whatever the scores, the teacher's sound response over every sample", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...allDrawn), { maxLength: 6 }), (drawn) => {
      const expected = drawn.flatMap((t, i) =>
        t.source === "teacher" && !t.isDefective ? drawn.flatMap((s, j) => (s.source === "student" ? [`c${i}>c${j}`] : [])) : [],
      );
      expect(pairsOf(spin, drawn)).toEqual(expected.sort());
    }),
  );
});
