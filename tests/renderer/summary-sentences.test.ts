/** The sentences at the end of a sitting, with all that they tell and with less. */
import { expect, it } from "vitest";
import { agreementSentence, leftFor, restSentence, wayOn } from "#renderer/annotate/summary-sentences.ts";

const share = (hits: number, n: number) => ({ hits, n, low: 0.2, high: 0.8 });

it("are whole, whichever checks there were", () => {
  const [repeats, controls, left] = [share(3, 4), share(5, 6), share(7, 12)];
  expect(agreementSentence({ repeats, controls, left })).toBe(
    "You agreed with yourself on 3 of 4 repeats and with 5 of 6 known answers. You leaned to neither side.",
  );
  expect(agreementSentence({ repeats: null, controls, left: null })).toBe("You agreed with 5 of 6 known answers.");
  expect(agreementSentence({ repeats, controls: null, left: null })).toBe("You agreed with yourself on 3 of 4 repeats.");
  expect(agreementSentence({ repeats: null, controls: null, left: null })).toBe("");
});

it("say how long the rest takes as a forecast is said", () => {
  const pace = (medianMs: number) => ({ medianMs, lowMs: medianMs, highMs: medianMs });
  expect(restSentence(2, pace(300))).toBe(" At your pace the last 2 take a few seconds.");
  expect(restSentence(40, pace(8000))).toBe(" At your pace the last 40 take about 5 min.");
  expect([restSentence(0, pace(8000)), restSentence(4, null)]).toEqual(["", ""]);
});

it("lead back to where one was: to the round with what is left of it, to the disputes without", () => {
  const summary = { counts: { mine: 2, done: 2, total: 42 } };
  expect(wayOn("round", leftFor("round", summary))).toBe("Judge 40 more");
  expect(wayOn("round", 0)).toBe("Back to the comparisons");
  expect(wayOn("disputes", leftFor("disputes", summary))).toBe("Back to the disputes");
});
