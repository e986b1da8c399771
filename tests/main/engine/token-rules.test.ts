/**
 * Where a prompt ends and a response begins, what marks the start and the end, and what does not count: from a
 * conversation and the ids of its responses to the rows that are trained.
 */
import { describe, expect, it } from "vitest";
import { ConfigError } from "#app/base/errors.ts";
import { createTokenizer } from "#app/decoding/tokenizer.ts";
import type { Message } from "#app/domain/prompt.ts";
import type { TrainingPair } from "#app/rounds/ports.ts";
import { bucketOf, packPairs, type TokenPair } from "#app/training/pair-packing.ts";
import { TINY_CHAT_TEMPLATE, TINY_VOCABULARY, tinyTokenizer, TURN_END, TURN_START } from "#main/engine/checkpoints/tiny-tokenizer.ts";
import { preparePairs } from "#main/engine/training/prepare-pairs.ts";

const tokenizerConfig = { eos_token: TURN_END, bos_token: TURN_START };
const tiny = createTokenizer({ tokenizerJson: tinyTokenizer(), tokenizerConfig, chatTemplate: TINY_CHAT_TEMPLATE });
/** A template that ends where an answer's first sign can grow together with it. */
const bare = createTokenizer({ tokenizerJson: tinyTokenizer(), tokenizerConfig, chatTemplate: "{{ messages[0].content }}" });
const END = TINY_VOCABULARY.indexOf(TURN_END);

const user = (content: string): readonly Message[] => [{ role: "user", content }];

function pairOf(chosenTokenIds: readonly number[], rejectedTokenIds: readonly number[], content = "look"): TrainingPair {
  return { pairId: "p", messages: user(content), chosenTokenIds, rejectedTokenIds };
}

/** The ids that each side of a pair is trained on, as the packed row holds them: what it sees, and what is scored. */
function trainedSides(pair: TokenPair): readonly { readonly seen: readonly number[]; readonly scored: readonly number[] }[] {
  const { ids, rows, targets, sides, mask, bucket } = packPairs([pair], 1, bucketOf([pair], 1));
  return [0, 1].map((side) => {
    const own = Array.from(rows.keys()).filter((row) => sides[side * bucket.rows + row] === 1);
    const last = Number(rows[own.at(-1) ?? 0]);
    const visible = Array.from({ length: bucket.length }, (_, key) => key).filter((key) => mask[last * bucket.length + key] === 0);
    return { seen: visible.map((key) => Number(ids[key])), scored: own.map((row) => Number(targets[row])) };
  });
}

describe("P5: the boundary of prompt and response", () => {
  const prompts = ["look ", "look", "look\n", " ", "👩‍👩‍👧", "the", "e", "日本", `x${TURN_END}`, "1"];
  const answers = [" look", "look", "\n\nlook", "\u0301", "👧", "n", "s the thing", "語", TURN_START, "23", " "];

  it("is where the prompt's ids end, whatever signs meet there", () => {
    for (const tokenizer of [tiny, bare]) {
      for (const prompt of prompts) {
        for (const answer of answers) {
          const promptIds = tokenizer.promptIds(user(prompt));
          const response = tokenizer.responseIds(answer);
          const { pairs } = preparePairs([pairOf(response, [5, END], prompt)], () => promptIds, { maxLength: 512, loss: "dno-prct" });
          const [chosen] = pairs.map((pair) => trainedSides(pair)[0]);
          // The last token is scored and not seen.
          expect([...(chosen?.seen ?? []), chosen?.scored.at(-1)]).toEqual([...promptIds, ...response]);
          expect(chosen?.scored).toEqual(response);
        }
      }
    }
  });

  it("is kept where joining the texts first would move it", () => {
    const joined = prompts.flatMap((prompt) => answers.map((answer) => ({ prompt, answer, ids: bare.encode(prompt + answer) })));
    const moved = joined.filter(({ prompt, answer, ids }) => ids.join() !== [...bare.encode(prompt), ...bare.encode(answer)].join());
    // Else the test above would have shown nothing.
    expect(moved.length).toBeGreaterThan(1);
  });
});

describe("P6: the start of a text", () => {
  it("is marked once, if at all: by the template, or else by the tokenizer", () => {
    const count = (ids: readonly number[]): number => ids.filter((id) => id === TINY_VOCABULARY.indexOf(TURN_START)).length;
    for (const addsBos of [true, false]) {
      const config = { ...tokenizerConfig, add_bos_token: addsBos };
      const withTemplate = createTokenizer({
        tokenizerJson: tinyTokenizer(),
        tokenizerConfig: config,
        chatTemplate: "{{ bos_token }}{{ messages[0].content }}",
      });
      expect(count(withTemplate.promptIds(user("look")))).toBe(1);
      const without = createTokenizer({ tokenizerJson: tinyTokenizer(), tokenizerConfig: config });
      expect(count(without.promptIds(user("look")))).toBe(addsBos ? 1 : 0);
      // And never before a response.
      expect(count(without.responseIds("look"))).toBe(0);
    }
  });
});

describe("P7: the end of a response", () => {
  it("is scored where the policy produced it", () => {
    const [chosen, rejected] = trainedSides({ promptIds: [7], chosenIds: [8, 9, END], rejectedIds: [8, END] });
    expect([chosen?.scored, rejected?.scored]).toEqual([
      [8, 9, END],
      [8, END],
    ]);
  });

  it("is not made up for a response that was cut, by the sampler or by the training length", () => {
    const cutBySampler = [8, 9, 10];
    const { pairs } = preparePairs([pairOf(cutBySampler, [8, 9, 10, 11, END])], () => [7, 7], { maxLength: 6, loss: "dno-prct" });
    expect(pairs).toEqual([{ promptIds: [7, 7], chosenIds: cutBySampler, rejectedIds: [8, 9, 10, 11] }]);
  });

  it("stands once behind a text that no policy sampled", () => {
    expect(tiny.responseIds("look").filter((id) => id === END)).toEqual([END]);
    expect(tiny.responseIds("look").at(-1)).toBe(END);
  });
});

describe("P8: padding", () => {
  it("is told by length, not by its id: an end that has the id of the padding counts", () => {
    // Empty positions hold id 0.
    const pair = { promptIds: [7, 0], chosenIds: [8, 0], rejectedIds: [0] };
    const [chosen, rejected] = trainedSides(pair);
    expect([chosen?.scored, rejected?.scored]).toEqual([[8, 0], [0]]);
    const { bucket, sides } = packPairs([pair], 1, bucketOf([pair], 1));
    expect(bucket.length).toBeGreaterThan(5);
    expect(sides.reduce((sum, side) => sum + side, 0)).toBe(3);
  });
});

describe("P9: what is too long or empty", () => {
  const prepare = (pair: TrainingPair, promptLength: number) =>
    preparePairs([pair], () => Array.from({ length: promptLength }, () => 7), { maxLength: 10, loss: "dno-prct" });

  it("cuts responses at the end and never a prompt", () => {
    const long = Array.from({ length: 12 }, (_, i) => i + 1);
    expect(prepare(pairOf(long, [3]), 4).pairs).toEqual([{ promptIds: [7, 7, 7, 7], chosenIds: long.slice(0, 6), rejectedIds: [3] }]);
  });

  it("leaves at least one token of each response, or drops the pair and says why", () => {
    expect(prepare(pairOf([1, 2], [3]), 9).pairs).toEqual([{ promptIds: Array(9).fill(7), chosenIds: [1], rejectedIds: [3] }]);
    expect(prepare(pairOf([1], [3]), 10)).toEqual({
      pairs: [],
      dropped: [{ pairId: "p", reason: "the prompt has 10 tokens, prompt and response may have 10" }],
    });
    expect(prepare(pairOf([], [3]), 2).dropped).toEqual([{ pairId: "p", reason: "a response has no tokens" }]);
    expect(prepare(pairOf([1], []), 2).dropped).toEqual([{ pairId: "p", reason: "a response has no tokens" }]);
    expect(prepare(pairOf([1], [3]), 0).dropped).toEqual([{ pairId: "p", reason: "the prompt has no tokens" }]);
  });

  it("drops a pair whose prompt the chat template refuses, with its words, and keeps the others", () => {
    const [refused, taken] = ["refused", "taken"].map((pairId) => ({ ...pairOf([1], [3]), pairId }));
    if (refused === undefined || taken === undefined) throw new Error("expected two pairs");
    const promptIdsOf = ({ pairId }: TrainingPair): readonly number[] => {
      if (pairId === "refused") throw new ConfigError("the chat template refused the conversation");
      return [7];
    };
    const { pairs, dropped } = preparePairs([refused, taken], promptIdsOf, { maxLength: 10, loss: "dno-prct" });
    expect(pairs).toEqual([{ promptIds: [7], chosenIds: [1], rejectedIds: [3] }]);
    expect(dropped).toEqual([{ pairId: "refused", reason: "the chat template refused the conversation" }]);
  });

  it("drops pairs that cutting made equal", () => {
    expect(prepare(pairOf([1, 2, 3], [1, 2, 4]), 8).dropped).toEqual([{ pairId: "p", reason: "both responses have the same tokens" }]);
    expect(prepare(pairOf([1, 2, 3], [1, 2, 4]), 7).pairs).toHaveLength(1);
  });

  it("wants win rates only for a loss that uses them, and no rejected response for one that does not", () => {
    const bare = pairOf([1], [2]);
    const prepareFor = (pair: TrainingPair, loss: "dno" | "sft") => preparePairs([pair], () => [7], { maxLength: 10, loss });
    expect(prepareFor(bare, "dno").dropped[0]?.reason).toMatch(/^the expected win rate of a response is not known/u);
    expect(prepareFor({ ...bare, chosenWinRate: 0.7, rejectedWinRate: 0.2 }, "dno").pairs[0]?.winRates).toEqual({ chosen: 0.7, rejected: 0.2 });
    expect(prepareFor(pairOf([1], []), "sft").pairs).toEqual([{ promptIds: [7], chosenIds: [1], rejectedIds: [] }]);
    expect(prepareFor(pairOf([1], [1]), "sft").pairs).toHaveLength(1);
  });
});
