/** Which sentences the embedded model's stories are made of, and how a sentence about a boy becomes one about any hero. */
import { describe, expect, it } from "vitest";
import { forHero, isFit, type Written } from "#tools/embedded-model/sentences.ts";
import { HEROES, type Slot } from "#tools/embedded-model/world.ts";

function written(text: string, more: Partial<Written> = {}): Written {
  return { text, finishReason: "endOfText", tokens: 12, logp: -12, ...more };
}

function hero(name: string) {
  const found = HEROES.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no hero ${name}`);
  return found;
}

const OPENING: Slot = { kind: "opening", place: "harbour", mood: "rainy" };
const HAPPY: Slot = { kind: "ending", ending: "happy" };
const OPEN: Slot = { kind: "ending", ending: "open" };

describe("a sentence is kept", () => {
  it.each([
    ["an opening with its weather and place", OPENING, "It rained on the harbour when the boy came home."],
    ["a description without people", { kind: "place", place: "harbour" } as const, "The harbour was full of ships and white gulls."],
    ["an event of the boy", { kind: "event", place: "harbour" } as const, "The boy found a small boat in the water."],
    ["a happy ending", HAPPY, "The boy smiled and danced until the morning."],
    ["an open ending", OPEN, "The boy looked back and walked on."],
  ])("as %s", (_, slot, text) => {
    expect(isFit(slot, written(text))).toBe(true);
  });
});

describe("a sentence is left out", () => {
  it.each([
    ["without the weather that was asked for", OPENING, "The boy came home to the harbour."],
    ["about another place", OPENING, "It rained on the forest when the boy came home."],
    ["with people in a description", { kind: "place", place: "harbour" } as const, "The harbour was where he kept the ship."],
    ["that goes in circles", OPEN, "The boy looked back and the boy looked on."],
    ["with a quotation", OPEN, 'The boy looked up and said, "This is new."'],
    ["about death", OPEN, "The boy looked back and died."],
    ["of the other mood", HAPPY, "The boy cried and went home alone."],
    ["that is too short", OPEN, "The boy did it."],
  ])("%s", (_, slot, text) => {
    expect(isFit(slot, written(text))).toBe(false);
  });

  it("that was cut, or that SmolLM2 finds odd", () => {
    const text = "The boy looked back and walked on.";
    expect(isFit(OPEN, written(text, { finishReason: "length" }))).toBe(false);
    expect(isFit(OPEN, written(text, { logp: -40 }))).toBe(false);
  });
});

describe("a sentence about the boy", () => {
  it.each([
    ["fox", "The boy lost his hat, and he was sad.", "The fox lost her hat, and she was sad."],
    ["owl", "A boy looked at himself.", "An owl looked at herself."],
    ["owl", "One day a little boy sat there.", "One day a little owl sat there."],
    ["bear", "His friend saw the boy.", "His friend saw the bear."],
    ["queen", "His friend saw him.", "Her friend saw her."],
  ])("is made about the %s", (name, text, expected) => {
    expect(forHero(text, hero(name))).toBe(expected);
  });
});
