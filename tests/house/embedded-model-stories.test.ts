/** How the embedded model's stories are put together, split, cut into tokens, measured and preferred. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { DemoOracle } from "#app/contract/host.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { rngFor } from "#app/base/random.ts";
import { createTokenizer } from "#app/decoding/tokenizer.ts";
import { byteLevelTokenizer, vocabularyOf } from "#main/engine/checkpoints/byte-level-tokenizer.ts";
import { compileRule } from "#main/oracles/scripted/rules.ts";
import { DEMO_ORACLES } from "#tools/embedded-model/demo-oracles.ts";
import { brokenStory, copyingOf, distinctTriples, isFinished, isOnTopic, sentenceMeans, thresholdFor } from "#tools/embedded-model/measures.ts";
import { canHappenAnywhere, retargeted } from "#tools/embedded-model/sentences.ts";
import { allWishes, composeStories, type Pool, promptOf, sentencesOf, somePrompts, splitOf } from "#tools/embedded-model/stories.ts";
import { findMerges } from "#tools/embedded-model/vocabulary.ts";

const pool = JSON.parse(readFileSync(new URL("../../tools/embedded-model/sentences.json", import.meta.url), "utf8")) as Pool; // made by step 2
const stories = composeStories(pool, 1);

describe("stories", () => {
  it("answer every prompt of the world, the same ones each time, on the topic and with an end", () => {
    expect(composeStories(pool, 1)).toEqual(stories);
    expect(new Set(stories.map(({ prompt }) => prompt)).size).toBe(allWishes().length);
    const wishes = new Map(allWishes().map((wish) => [promptOf(wish), wish]));
    for (const { prompt, story } of stories) {
      const wish = wishes.get(prompt);
      expect([story, wish !== undefined && isOnTopic(story, wish), isFinished(story, "endOfText")]).toEqual([story, true, true]);
    }
  });

  it("vary in length, ending and description, in about the shares that were meant", () => {
    const share = (isSo: (story: (typeof stories)[number]) => boolean): number => stories.filter(isSo).length / stories.length;
    expect(share(({ describesPlace }) => describesPlace)).toBeCloseTo(0.5, 1);
    for (const ending of ["happy", "sad", "open"]) expect(Math.abs(share((story) => story.ending === ending) - 1 / 3)).toBeLessThan(0.05);
    expect(share(({ story }) => sentencesOf(story).length === 4)).toBeCloseTo(0.5, 1);
  });

  it("of held-out prompts are in no story to train on, and the splits have about 200 prompts each", () => {
    const splits = Map.groupBy(allWishes(), splitOf);
    expect(splits.get("validation")?.length).toBeGreaterThan(180);
    expect(splits.get("test")?.length).toBeGreaterThan(180);
    const training = new Set(somePrompts("training", 10_000));
    for (const split of ["validation", "test"] as const) for (const prompt of somePrompts(split, 10_000)) expect(training.has(prompt)).toBe(false);
  });
});

describe("a sentence serves elsewhere", () => {
  it.each([
    ["The boy went to the foggy cave.", "The boy went to the foggy market."],
    ["The boy sat on the bench in the foggy cave.", undefined],
    ["The boy went to the cave near the river.", undefined],
  ])("as an opening: %s", (text, expected) => {
    expect(retargeted(text, "cave", "market")).toBe(expected);
  });

  it("as an event where nothing in it is bound to a place", () => {
    expect(canHappenAnywhere("The boy helped a frog that could not sing.")).toBe(true);
    expect(canHappenAnywhere("The boy helped a fish to cross the river.")).toBe(false);
    expect(canHappenAnywhere("The boy saw a ship, but it was far away.")).toBe(false);
  });
});

describe("the vocabulary", () => {
  it("joins the most frequent neighbours first and stops when no pair comes twice", () => {
    expect(findMerges(["aaab aaab", "xy"], 10)).toEqual([
      ["a", "a"],
      ["a", "b"],
      ["aa", "ab"],
    ]);
  });

  it("cuts and joins any text, seen before or not, by the same merges", () => {
    const special = ["<|end|>"];
    const merges = findMerges(
      stories.slice(0, 200).map(({ story }) => story),
      300,
    );
    const tokenizer = createTokenizer({
      tokenizerJson: byteLevelTokenizer(merges, special),
      tokenizerConfig: { eos_token: "<|end|>" },
      chatTemplate: "{% for message in messages %}{{ message.content }}{% endfor %}",
    });
    for (const text of [stories[300]?.story ?? "", "Grüße, 日本 👩‍👧!"]) {
      const ids = tokenizer.responseIds(text);
      expect(tokenizer.decode(ids.slice(0, -1))).toBe(text);
      expect(ids.at(-1)).toBe(vocabularyOf(merges, special).length - 1);
    }
    expect(tokenizer.responseIds(stories[0]?.story ?? "").length).toBeLessThan((stories[0]?.story.length ?? 0) / 2);
  });
});

describe("measures", () => {
  it("tell what is finished and on the topic", () => {
    const wish = allWishes()[0];
    if (wish === undefined) throw new Error("no wish");
    expect(isFinished("The fox ran.", "endOfText")).toBe(true);
    expect(isFinished("The fox ran.", "length")).toBe(false);
    expect(isFinished("The fox ran", "endOfText")).toBe(false);
    expect(isOnTopic("The sun shone when the fox came to the harbour.", wish)).toBe(true);
    expect(isOnTopic("The sun shone when the bear came to the harbour.", wish)).toBe(false);
    expect(isOnTopic("It rained when the fox came to the harbour.", wish)).toBe(false);
  });

  it("count different triples, and what was copied", () => {
    expect(distinctTriples(["a b c d", "a b c"])).toBeCloseTo(2 / 3);
    const training = ["One sat. Two ran. Three fell."];
    expect(copyingOf(["One sat. Two ran. Three fell."], training)).toEqual({ wholeStories: 1, sentences: 1, sentencesButForHero: 1, neighbours: 1 });
    const mixed = copyingOf(["Two ran. One sat. New word. And more."], training);
    expect(mixed).toEqual({ wholeStories: 0, sentences: 0.5, sentencesButForHero: 0.5, neighbours: 0 });
    expect(copyingOf(["The owl lost her hat."], ["The king lost his hat."])).toMatchObject({ sentences: 0, sentencesButForHero: 1 });
  });

  it("break one sentence by two words, and find the oddest sentence", () => {
    const text = "The fox came to the old harbour. The fox ran away from there.";
    const broken = brokenStory(text, rngFor(1, "broken"));
    expect(broken).not.toBe(text);
    expect(broken.split(" ").sort()).toEqual(text.split(" ").sort());
    expect(sentenceMeans([-1, -3, -5, -5], [2, 4])).toEqual([-2, -5]);
    expect(thresholdFor([4, 1, 3, 2], 0.75)).toBe(2);
  });
});

describe("the demo's oracles", () => {
  const utility = (name: DemoOracle, text: string): number => {
    const rule = compileRule(DEMO_ORACLES[name]);
    return rule.kind === "utility" ? rule.utility({ text, tokenCount: 1 }) : Number.NaN;
  };

  it("tell happy endings and described places in the training text, nearly always", () => {
    const right = stories.filter(({ story, ending }) => (utility("happy-ending", story) === 1) === (ending === "happy"));
    expect(right.length / stories.length).toBeGreaterThan(0.97);
    const told = stories.filter(({ story, describesPlace }) => (utility("place-described", story) === 1) === describesPlace);
    expect(told.length / stories.length).toBeGreaterThan(0.99);
  });

  it("go round by the endings' classes", () => {
    const rule = compileRule(DEMO_ORACLES.cycle);
    if (rule.kind !== "matrix") throw new Error("expected classes");
    const classes = ["happy", "sad", "open"];
    const right = stories.filter(({ story, ending }) => rule.classOf({ text: story, tokenCount: 1 }) === classes.indexOf(ending));
    expect(right.length / stories.length).toBeGreaterThan(0.95);
    expect([rule.probability(0, 2), rule.probability(2, 1), rule.probability(1, 0)]).toEqual([1, 1, 1]);
  });

  it.each(Object.keys(DEMO_ORACLES) as DemoOracle[])("ship as settings: %s", (name) => {
    const file = JSON.parse(readFileSync(new URL(`../../resources/demo/${name}.json`, import.meta.url), "utf8")) as Readonly<Record<string, unknown>>;
    expect(file["oracle"]).toEqual(DEMO_ORACLES[name]);
    expect(experimentConfigSchema.parse(file).sampling.responsesPerPrompt).toBe(5);
  });
});
