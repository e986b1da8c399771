/** Replies of judges, well-formed and not: what is usable becomes a verdict or scores, and nothing else ever becomes a side. */
import { describe, expect, it } from "vitest";
import type { JudgeReply } from "#app/judging/judge-reply.ts";
import { readScores } from "#app/judging/read-scores.ts";
import { readVerdict, type ReadVerdict } from "#app/judging/read-verdict.ts";
import { fc } from "#tests/support/properties.ts";

const said = (text: string, more: Partial<JudgeReply> = {}): JudgeReply => ({ text, finish: "stop", refusal: null, firstTokens: null, ...more });
const json = (text: string, more: Partial<JudgeReply> = {}): ReadVerdict => readVerdict({ reply: "json" }, said(text, more));
const letter = (text: string, more: Partial<JudgeReply> = {}): ReadVerdict => readVerdict({ reply: "letter" }, said(text, more));

/** "A", "B", "tie", "bothBad", or "none" for what is unusable. */
function sideOf(read: ReadVerdict): string {
  if (read.kind === "unusable") return "none";
  return read.verdict.kind === "prefers" ? (read.verdict.winner === "first" ? "A" : "B") : read.verdict.kind;
}

const WORDS = ["A", "B", "tie", "both_bad"] as const;
const SIDES = { A: "A", B: "B", tie: "tie", both_bad: "bothBad" } as const;

const verdictObject = fc.record({ reason: fc.string(), verdict: fc.constantFrom(...WORDS), strength: fc.constantFrom("slight", "clear") });

const DRAFT = '{"reason": "short", "verdict": "A", "strength": "slight"}';
/** JSON but for the quotes in its reason. */
const UNQUOTED = '{"reason": "A says "1912", which is wrong", "verdict": "B", "strength": "clear"}';

describe("a pairwise reply", () => {
  it("is read from JSON, bare, in a fence, or among other words", () => {
    fc.assert(
      fc.property(verdictObject, fc.constantFrom("bare", "fenced", "among words"), (object, dress) => {
        const text = JSON.stringify(object);
        const dressed =
          dress === "bare" ? ` ${text}\n` : dress === "fenced" ? `\`\`\`json\n${text}\n\`\`\`` : `Here is what I think.\n${text}\nThat is all.`;
        const read = json(dressed);
        expect(sideOf(read)).toBe(SIDES[object.verdict]);
        if (read.kind === "usable" && read.verdict.kind === "prefers") expect(read.verdict.strength).toBe(object.strength);
      }),
    );
  });

  it("never becomes the other side when it is cut off anywhere", () => {
    fc.assert(
      fc.property(
        fc.record({
          reason: fc.oneof(fc.string(), fc.constantFrom("verdict: B", '"verdict": "B"}', "[[B]]", "{B}", "A is worse\nVerdict: B")),
          verdict: fc.constant("A"),
        }),
        fc.nat(400),
        (object, cut) => {
          const whole = JSON.stringify(object);
          expect(["A", "none"]).toContain(sideOf(json(whole.slice(0, cut))));
          expect(sideOf(json(whole.slice(0, cut), { finish: "length" }))).toBe("none");
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("of any text without a verdict is none", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        expect(/verdict|\[\[/iu.test(text) || sideOf(json(text)) === "none").toBe(true);
      }),
      { numRuns: 2000 },
    );
    // A side needs its letter; JSON of any kind without one is none.
    fc.assert(
      fc.property(fc.json(), fc.constantFrom("", "verdict: ", '"verdict": '), (value, prefix) => {
        const side = sideOf(json(`${prefix}${value}`));
        if (side === "A" || side === "B") expect(value.toLowerCase()).toContain(side.toLowerCase());
      }),
    );
  });

  it.each([
    ["Verdict: A", "A"],
    ["I weighed both.\n\n**Verdict:** B", "B"],
    ["FINAL VERDICT: tie.", "tie"],
    ["After some thought, [[B]]", "B"],
    ["verdict: both bad", "bothBad"],
    ["[[A]] ... on the other hand [[B]]", "none"],
    ["Verdict: A\nVerdict: B", "none"],
    ["A", "none"],
    ["Response A is better than response B.", "none"],
    ["Verdict: Assistant", "none"],
    ['{"verdict": "C"}', "none"],
    ['{"verdict": ["A"]}', "none"],
    ['{"verdict": null}', "none"],
    ['{"winner": "A"}', "none"],
    ['{"verdict":"A"} {"verdict":"B"}', "none"],
    ['{"verdict":"A"} {"verdict":"A"}', "A"],
    ['{"note": 1} then {"verdict":"B"}', "B"],
    // JSON but for the quotes in its reason; the verdict closes it.
    ['{"reason": "it says "no" twice", "verdict": "B", "strength": "slight"}', "B"],
    ['{"reason": "it says "no" twice", "verdict": "B"', "none"],
    // What was thought of on the way is no answer; nor is a draft before an answer that cannot be read, or says something else.
    [`<think>Draft: ${DRAFT} But A is wrong, so B.</think>\n${UNQUOTED}`, "B"],
    [`<think>Draft: ${DRAFT} But A is wrong, so B.</think>\n**Verdict: B**`, "B"],
    [`<think>Draft: ${DRAFT} But A is wrong, so B.</think>\n{"verdict": "B"}`, "B"],
    [`Draft: ${DRAFT} But A is wrong, so B.</think>\n{"verdict": "B"}`, "B"],
    [`<think>Draft: ${DRAFT} But A is wrong, so`, "none"],
    [`<think>Draft: ${DRAFT} But A is wrong, so B.</think>`, "none"],
    [`Draft: ${DRAFT} But A is wrong, so B.\n${UNQUOTED}`, "none"],
    [`Draft: ${DRAFT} But A is wrong, so B.\n${UNQUOTED.replace('1912"', "1912")}`, "none"],
    [`Draft: ${DRAFT} But A is wrong, so B.\n${UNQUOTED} That is all.`, "none"],
    [`Draft: ${DRAFT} But A is wrong, so B.\n**Verdict: B**`, "none"],
    [`Draft: ${DRAFT} It stays so.\n${UNQUOTED.replace('"verdict": "B"', '"verdict": "A"')}`, "A"],
    [`Draft: ${DRAFT} But A is wrong, so B.\n{'verdict': 'B'}`, "none"],
    [`Here is my verdict:\n${DRAFT}`, "A"],
    // A reason may speak of the marks.
    ['{"reason": "A leaks its <think> mark", "verdict": "B"}', "B"],
    ['```json\n{"reason": "A ends in </think>", "verdict": "B"}\n```', "B"],
    ["", "none"],
    ["   ", "none"],
  ])("%j says %s", (text, side) => expect(sideOf(json(text))).toBe(side));

  it("that was refused or held back is final, as asking again costs again", () => {
    expect(json("", { refusal: "I cannot help with that." })).toMatchObject({ kind: "unusable", isFinal: true });
    expect(json('{"verdict":"A"}', { refusal: "no" })).toMatchObject({ kind: "unusable", isFinal: true });
    expect(json('{"verdict":"A"}', { finish: "filter" })).toMatchObject({ kind: "unusable", isFinal: true });
    expect(json("nonsense")).toMatchObject({ kind: "unusable", isFinal: false });
  });
});

describe("a letter", () => {
  const tokens = (a: number, b: number, rest = 0) => [
    { token: "A", logprob: Math.log(a) },
    { token: " B", logprob: Math.log(b) },
    ...(rest === 0 ? [] : [{ token: "I", logprob: Math.log(rest) }]),
  ];

  it("yields P(A) / (P(A) + P(B)) where the endpoint gives log-probabilities", () => {
    const read = letter("A", { finish: "length", firstTokens: tokens(0.7, 0.1, 0.2) });
    expect(read).toMatchObject({ kind: "usable", verdict: { kind: "prefers", winner: "first", strength: "clear" } });
    expect(read.kind === "usable" && read.probability).toBeCloseTo(0.875, 12);
    expect(letter("B", { firstTokens: tokens(0.45, 0.5) })).toMatchObject({ verdict: { winner: "second", strength: "slight" } });
    expect(letter("A", { firstTokens: tokens(0.4, 0.4) })).toMatchObject({ verdict: { kind: "tie" }, probability: 0.5 });
  });

  it("is none where neither letter was likely", () => {
    expect(sideOf(letter("I", { firstTokens: tokens(0.03, 0.01, 0.9) }))).toBe("none");
    expect(sideOf(letter("I", { firstTokens: [{ token: "I", logprob: -0.1 }] }))).toBe("none");
  });

  it("stands alone without log-probabilities, and anything more is none", () => {
    expect(["A", " B.", "(A)", '"B"', "**A**"].map((text) => sideOf(letter(text)))).toEqual(["A", "B", "A", "B", "A"]);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(/^[^\p{L}\p{N}]*[AB][^\p{L}\p{N}]*$/u.test(text) || sideOf(letter(text)) === "none").toBe(true);
      }),
    );
  });

  it("gives the other side the rest of the probability when the tokens change places", () => {
    const p = fc.double({ min: 0.1, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(p, p, (a, b) => {
        const [one, other] = [letter("A", { firstTokens: tokens(a, b) }), letter("A", { firstTokens: tokens(b, a) })];
        if (one.kind === "unusable" || other.kind === "unusable") throw new Error("both are usable");
        expect((one.probability ?? 0) + (other.probability ?? 0)).toBeCloseTo(1, 12);
      }),
    );
  });
});

describe("a list", () => {
  const reply = (scores: readonly unknown[]): string =>
    JSON.stringify(
      Object.fromEntries(
        scores.flatMap((score, i) => [
          [`id${i + 1}_justification`, "because id2_score: 6"],
          [`id${i + 1}_score`, score],
        ]),
      ),
    );
  const scoresOf = (text: string, count: number): readonly number[] | "none" => {
    const read = readScores(count, said(text));
    return read.kind === "usable" ? read.scores : "none";
  };
  const list = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 2, maxLength: 7 });

  it("has one score a candidate", () => {
    fc.assert(
      fc.property(list, (scores) => {
        expect(scoresOf(reply(scores), scores.length)).toEqual(scores);
        expect(scoresOf(`\`\`\`json\n${reply(scores)}\n\`\`\``, scores.length)).toEqual(scores);
        expect(scoresOf(scores.map((score, i) => `id${i + 1}_score: ${score}`).join("\n"), scores.length)).toEqual(scores);
        expect(scoresOf(reply(scores.map(String)), scores.length)).toEqual(scores);
      }),
    );
  });

  it("with a candidate missing, twice, unknown or out of range is none as a whole", () => {
    expect(scoresOf(reply([1, 2]), 3)).toBe("none");
    expect(scoresOf(reply([1, 2, 3]), 2)).toBe("none");
    for (const bad of [7, -1, 2.5, "good", null, true]) expect(scoresOf(reply([1, bad]), 2), String(bad)).toBe("none");
    expect(scoresOf('{"id1_score": 1, "id2_score": 2, "id1_score": 5}', 2)).toBe("none");
    expect(scoresOf("id1_score: 1, id2_score: 2, id2_score: 4", 2)).toBe("none");
    expect(scoresOf(`${reply([1, 2])} ${reply([3, 4])}`, 2)).toBe("none");
  });

  it("has the scores of its end, not those that were thought of on the way", () => {
    expect(scoresOf(`<think>Perhaps ${reply([6, 1])}</think>\nid1_score: 2\nid2_score: 5`, 2)).toEqual([2, 5]);
    expect(scoresOf(`<think>Perhaps ${reply([6, 1])}`, 2)).toBe("none");
  });

  it("cut off anywhere keeps its scores or has none", () => {
    fc.assert(
      fc.property(list, fc.nat(600), (scores, cut) => {
        const found = scoresOf(reply(scores).slice(0, cut), scores.length);
        expect(found === "none" || found.join() === scores.join()).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
