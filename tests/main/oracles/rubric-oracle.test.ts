/** The scripted rubric as an oracle: majority, ties, noise that can be replayed, scores of a list. */
import { expect, test } from "vitest";
import { type ScriptedOracle, scriptedOracleSchema } from "#app/domain/oracle.ts";
import type { OracleQuestion, OracleReply } from "#app/rounds/ports.ts";
import { makeScriptedOracle } from "#main/oracles/scripted/scripted-oracle.ts";

const GOOD = "The sea is salty because rivers carry salt from the rocks down to it.";
const CUT = "The sea is salty because rivers carry salt from the rocks down to the";
const BAD = "Sure! Here is a list:\n1. Salt\n2. Salt\n3.";

function rubric(settings: Partial<Extract<ScriptedOracle, { kind: "rubric" }>> = {}): ScriptedOracle {
  return scriptedOracleSchema.parse({ kind: "rubric", minWords: 5, ...settings });
}

async function ask(config: ScriptedOracle, texts: readonly string[], more: Partial<OracleQuestion> = {}): Promise<OracleReply> {
  const question: OracleQuestion = {
    messages: [{ role: "user", content: "Why is the sea salty?" }],
    shown: texts.map((text) => ({ text, tokenCount: 10 })),
    mode: "pairwise",
    seed: 1,
    ...more,
  };
  return await makeScriptedOracle(config).ask(question, new AbortController().signal);
}

test("the response for which more traits speak is preferred, in either order; equal ones tie", async () => {
  expect((await ask(rubric(), [GOOD, BAD])).verdict).toMatchObject({ kind: "prefers", winner: "first" });
  expect((await ask(rubric(), [BAD, GOOD])).verdict).toMatchObject({ kind: "prefers", winner: "second" });
  expect((await ask(rubric(), [GOOD, GOOD])).verdict).toEqual({ kind: "tie" });
});

test("only the traits that are named count", async () => {
  expect((await ask(rubric({ traits: ["opening"] }), [GOOD, CUT])).verdict).toEqual({ kind: "tie" });
  expect((await ask(rubric({ traits: ["finished"] }), [GOOD, CUT])).verdict).toMatchObject({ winner: "first" });
});

test("the band of words is a setting", async () => {
  const traits = ["length"] as const;
  expect((await ask(rubric({ traits: [...traits], minWords: 1, maxWords: 5 }), [GOOD, "Because."])).verdict).toMatchObject({ winner: "second" });
  expect((await ask(rubric({ traits: [...traits], minWords: 5, maxWords: 50 }), [GOOD, "Because."])).verdict).toMatchObject({ winner: "first" });
});

test("with noise a fifth of the answers is drawn evenly, so that a tenth is the wrong way round, the same for the same seed", async () => {
  const config = rubric({ noise: 0.2 });
  const verdictOf = async (seed: number): Promise<string | undefined> => {
    const { verdict } = await ask(config, [GOOD, BAD], { seed });
    return verdict?.kind === "prefers" ? verdict.winner : undefined;
  };
  const seeds = Array.from({ length: 4000 }, (_, seed) => seed);
  const once = await Promise.all(seeds.map(verdictOf));
  expect(await Promise.all(seeds.toReversed().map(verdictOf))).toEqual(once.toReversed());
  const wrong = once.filter((winner) => winner === "second").length / seeds.length;
  // Five standard errors, √(0.1 · 0.9 / 4000) each.
  expect(Math.abs(wrong - 0.1)).toBeLessThan(5 * 0.0047);
});

test("listwise, a response scores by the share of the others over which it has the majority", async () => {
  const { scores } = await ask(rubric(), [BAD, GOOD, CUT], { mode: "listwise" });
  expect(scores).toEqual([0, 6, 3]);
  expect((await ask(rubric(), [GOOD, GOOD], { mode: "listwise" })).scores).toEqual([3, 3]);
});

test("a band that is none, or a trait twice, is refused", () => {
  expect(() => rubric({ minWords: 9, maxWords: 8 })).toThrow(/minWords must not be above maxWords/u);
  expect(() => rubric({ traits: ["form", "form"] })).toThrow(/each name may stand once/u);
});
