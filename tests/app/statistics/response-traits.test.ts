/** Traits of responses, by hand. */
import { describe, expect, test } from "vitest";
import { characterCount, responseTraits, type ResponseSample } from "#app/statistics/response-traits.ts";

function sample(text: string, more: Partial<ResponseSample> = {}): ResponseSample {
  return { text, tokenCount: text.split(" ").length, isFinished: true, isRepetitive: false, logp: -2, ...more };
}

describe("traits of responses", () => {
  test("are means and shares over the responses, and nats over their tokens", () => {
    const traits = responseTraits([sample("a b c"), sample("a b", { isFinished: false, isRepetitive: true, logp: -3 })]);
    expect(traits).toEqual({
      n: 2,
      meanCharacters: 4,
      meanTokens: 2.5,
      finishedShare: 0.5,
      repetitiveShare: 0.5,
      // "a b", "b c" and "a b" again.
      distinctPairs: 2 / 3,
      natsPerToken: 1,
    });
  });

  test("leave out what was not measured: a teacher has no log-probabilities, single words have no pairs", () => {
    expect(responseTraits([sample("one", { logp: null }), sample("two", { logp: null, tokenCount: 0 })])).toMatchObject({
      distinctPairs: null,
      natsPerToken: null,
    });
    expect(responseTraits([sample("a b", { logp: null }), sample("c d", { logp: -4 })]).natsPerToken).toBe(2);
    expect(responseTraits([])).toMatchObject({ n: 0, meanCharacters: 0, distinctPairs: null });
  });

  test("fall in variety when one answer is given everywhere, whatever its case and spaces", () => {
    const collapsed = Array.from({ length: 10 }, (_, i) => sample(i % 2 === 0 ? "I am a model" : "i  am a MODEL"));
    expect(responseTraits(collapsed).distinctPairs).toBe(3 / 30);
  });

  test("count characters as people do code points, as AlpacaEval counts", () => {
    expect(["", "abc", "żółw", "👍🏽", "a\nb"].map(characterCount)).toEqual([0, 3, 4, 2, 3]);
  });
});
