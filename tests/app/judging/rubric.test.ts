/** Traits of a rubric: each moves for its own reason, and a majority of them may cycle. */
import { describe, expect, test } from "vitest";
import { RUBRIC_TRAITS, type RubricTrait } from "#app/domain/oracle.ts";
import { formFit } from "#app/judging/request-form.ts";
import { majorityOf, traitsOf } from "#app/judging/rubric.ts";
import { keyWordsOf, sentencesOf, wordsOf } from "#app/judging/words.ts";

const BOUNDS = { minWords: 5, maxWords: 20 };

function trait(name: RubricTrait, text: string, request = "Why is the sea salty?"): number {
  const [value] = traitsOf([name], BOUNDS, [{ content: request }], text);
  if (value === undefined) throw new Error("expected a value");
  return value;
}

const GOOD = "The sea is salty because rivers carry salt from rocks.";

describe("each trait", () => {
  test("opening: the share of what was asked among the first thirty words, in quarters", () => {
    expect(trait("opening", GOOD)).toBe(1);
    expect(trait("opening", "The sea is large.")).toBe(0.5);
    expect(trait("opening", "Nobody knows.")).toBe(0);
    expect(trait("opening", `${"well ".repeat(30)} the sea is salty`)).toBe(0);
  });

  test("opening: endings of words do not matter, and a request without key words is met by anything", () => {
    expect(trait("opening", "A comparison of teas.", "Compare tea")).toBe(1);
    expect(trait("opening", "Whatever.", "Why?")).toBe(1);
  });

  test.each(["It is salt.", 'He said: "It is salt."', "It is **salt.**", "Is it? (Yes!)", "And so on…"])("finished: %s", (text) => {
    expect(trait("finished", text)).toBe(1);
  });

  test.each(["It is", "1. Salt\n2.", "It is salt,", "It is salt. And the"])("not finished: %s", (text) => {
    expect(trait("finished", text)).toBe(0);
  });

  test("finished: a letter may end with a closing and a name, and nothing else may", () => {
    const letter = "Dear landlord,\nthe tap drips.\n\nKind regards,\nthe tenant";
    expect(trait("finished", letter, "Write a letter to a landlord.")).toBe(1);
    expect(trait("finished", letter)).toBe(0);
    expect(trait("finished", "Dear landlord,\nthe tap drips, and", "Write a letter to a landlord.")).toBe(0);
  });

  test("unrepeated: runs of five words that come again count against it", () => {
    const sentence = "salt comes from rocks on land";
    expect(trait("unrepeated", `${sentence}. Rivers carry it.`)).toBe(-0);
    expect(trait("unrepeated", `${sentence}. ${sentence}. ${sentence}.`)).toBeLessThan(-0.25);
  });

  test("length: words inside the band are all the same to it, outside each one counts", () => {
    expect(trait("length", "one two three four five")).toBe(trait("length", "one two three four five six"));
    expect(trait("length", "one two three")).toBe(-2);
    expect(trait("length", "word ".repeat(23))).toBe(-3);
  });

  test.each([
    "Sure! The sea is salty.",
    "Here are five things.",
    "As an AI, I cannot swim.",
    "Dear [Name], the sea is salty.",
    "It is salt. Let me know if you have questions.",
  ])("direct: %s says something beside the answer", (text) => {
    expect(trait("direct", text)).toBe(-1);
  });

  test("direct: an answer alone has nothing against it, and two faults weigh more than one", () => {
    expect(trait("direct", GOOD)).toBe(-0);
    expect(trait("direct", "Sure, [Name]. I hope this helps.")).toBe(-3);
  });

  test("plain: sentences of 8 to 20 words on average have nothing against them, others their distance", () => {
    expect(trait("plain", GOOD)).toBe(-0);
    expect(trait("plain", "Too short. It is. Yes.")).toBe(-6);
    expect(trait("plain", `${"long ".repeat(26)}.`)).toBe(-6);
  });
});

describe("the form that a request asks for", () => {
  test.each([
    ["List five things to pack.", "1. a\n2. b\n3. c\n4. d\n5. e", 1],
    ["List five things to pack.", "- a\n- b\n- c", 0.5],
    ["List five things to pack.", "A towel and a hat.", 0],
    ["What are three jobs at sea?", "* a\n* b\n* c", 1],
    ["Plan a picnic.", "1. a\n2. b\n3. c\n4. d", 1],
    ["Give me steps to change a tyre.", "1. a\n2. b", 0.5],
    ["Write a letter to a landlord.", "Dear landlord,\nthe tap drips.\nKind regards,\nA tenant", 1],
    ["Write a letter to a landlord.", "Dear landlord,\nthe tap drips.", 0.5],
    ["Write a note to the milkman.", "The milk is sour.", 0],
    ["How do I iron a shirt?", "1. Heat the iron.", 1],
    ["How do I iron a shirt?", "Heat the iron.", 1],
    ["Why is the sea salty?", "Because of rivers.", 1],
    ["Why is the sea salty?", "1. Rivers.", 0],
    ["Tell a tale about three brothers.", "Once there were three.", 1],
    ["Compare tea and coffee.", "# Tea\nIt is mild.", 0],
  ])("%s | %s", (request, text, fit) => {
    expect(formFit(request, text)).toBe(fit);
  });
});

test("a majority counts traits, not how far they differ", () => {
  expect(majorityOf([1, 0, 0], [0, 0, 0])).toBe(1);
  expect(majorityOf([1, 1, -100], [0, 0, 0])).toBe(1);
  expect(majorityOf([1, 0], [0, 1])).toBe(0);
});

test("three answers can each be preferred to the next, in a circle", () => {
  const bounds = { minWords: 4, maxWords: 20 };
  const look = (text: string): readonly number[] => traitsOf(["opening", "length", "plain"], bounds, [{ content: "Why is the sea salty?" }], text);
  const [a, b, c] = [
    look("The sea is salty. It is. Rain falls. It runs. It takes salt. It flows down. It stays there. The sun dries."),
    look(`The sea ${"takes up what all the rivers bring along ".repeat(2)}. ${"And the sun leaves it there ".repeat(2)}.`),
    look("Rivers carry it down there. Rain takes it out again."),
  ];
  const wins = [majorityOf(a, b), majorityOf(b, c), majorityOf(c, a)].map(Math.sign);
  expect(wins).toEqual([1, 1, 1]);
});

test("the last message is the request", () => {
  const messages = [{ content: "Why is the sea salty?" }, { content: "Salt." }, { content: "Who bakes bread?" }];
  expect(traitsOf(["opening"], BOUNDS, messages, "Bakers bake bread.")).toEqual([1]);
});

test("every trait is a number for any text", () => {
  for (const text of ["", " ", "...", "1. \n2. ", "日本語の文章です。"])
    for (const value of traitsOf(RUBRIC_TRAITS, BOUNDS, [{ content: "" }], text)) expect(Number.isFinite(value), text).toBe(true);
});

test("words, sentences and key words", () => {
  expect(wordsOf("Don't stop, it's 5 o'clock!")).toEqual(["don't", "stop", "it's", "5", "o'clock"]);
  expect(sentencesOf('He said "Go." She went.\n- one\n- two')).toEqual(['He said "Go.', "She went.", "one", "two"]);
  expect([...keyWordsOf("Explain what inflation means to someone who has never studied economics.")]).toEqual(["inflat", "studie", "econom"]);
});
