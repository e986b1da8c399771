/** Juries: what each rule makes of what its members say. */
import { describe, expect, it } from "vitest";
import { juryRuleSchema } from "#app/domain/judge.ts";
import { swapVerdict, type Verdict } from "#app/domain/verdict.ts";
import { juryReply } from "#app/judging/jury.ts";
import { fc } from "#tests/support/properties.ts";

const FIRST: Verdict = { kind: "prefers", winner: "first", strength: "clear" };
const SECOND: Verdict = { kind: "prefers", winner: "second", strength: "clear" };
const TIE: Verdict = { kind: "tie" };
const BAD: Verdict = { kind: "bothBad" };
const INVALID: Verdict = { kind: "invalid", reason: "cut off" };

const said = (...verdicts: Verdict[]) => verdicts.map((verdict) => ({ verdict, probability: null }));
const sideOf = (verdict: Verdict | null): string =>
  verdict?.kind === "prefers" ? `${verdict.winner} ${verdict.strength}` : (verdict?.kind ?? "none");

describe("a jury", () => {
  it.each([
    ["majority", said(FIRST, FIRST, SECOND), "first slight"],
    ["majority", said(FIRST, FIRST, FIRST), "first clear"],
    ["majority", said(FIRST, SECOND), "tie"],
    ["majority", said(FIRST, TIE, TIE), "tie"],
    ["majority", said(FIRST, FIRST, INVALID), "first clear"],
    ["majority", said(FIRST, INVALID, INVALID), "invalid"],
    ["majority", said(FIRST, INVALID), "invalid"],
    ["majority", said(BAD, BAD, BAD), "bothBad"],
    ["majority", said(BAD, BAD, TIE), "tie"],
    ["unanimous", said(FIRST, FIRST, SECOND), "tie"],
    ["unanimous", said(SECOND, SECOND), "second clear"],
    ["unanimous", said(FIRST, FIRST, TIE), "tie"],
    ["mean", said(FIRST, FIRST, SECOND), "first slight"],
    ["mean", said(FIRST, SECOND), "tie"],
  ] as const)("by the rule %s: %j makes %s", (rule, members, side) => expect(sideOf(juryReply(rule, members).verdict)).toBe(side));

  it("by its mean weighs probabilities where members give them", () => {
    const reply = juryReply("mean", [
      { verdict: FIRST, probability: 0.9 },
      { verdict: SECOND, probability: 0.4 },
      { verdict: SECOND, probability: null },
    ]);
    expect(reply.probability).toBeCloseTo((0.9 + 0.4 + 0) / 3, 12);
    expect(sideOf(reply.verdict)).toBe("second slight");
  });

  it("turns with its members, whatever their order", () => {
    const verdict = fc.constantFrom(FIRST, SECOND, TIE, BAD, INVALID);
    fc.assert(
      fc.property(fc.constantFrom(...juryRuleSchema.options), fc.array(verdict, { minLength: 2, maxLength: 7 }), (rule, verdicts) => {
        const reply = juryReply(rule, said(...verdicts));
        expect(juryReply(rule, said(...verdicts.toReversed()))).toEqual(reply);
        const turned = juryReply(rule, said(...verdicts.map(swapVerdict)));
        if (reply.verdict !== null && reply.verdict.kind !== "invalid") expect(turned.verdict).toEqual(swapVerdict(reply.verdict));
      }),
    );
  });
});
