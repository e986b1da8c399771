/** What a response depends on (policy, prompt, settings, seed) and what it does not (batch mates, slots, cache sizes). */
import { afterEach, describe, expect, it } from "vitest";
import { ConfigError } from "#app/base/errors.ts";
import type { PromptId } from "#app/base/ids.ts";
import { type SamplingSettings, samplingSettingsSchema } from "#app/domain/sampling.ts";
import type { SampledResponse, SampleUnit, SkippedUnit } from "#app/rounds/ports.ts";
import { createSessionCache, type SessionCache } from "#main/engine/runtime/session-cache.ts";
import { sampleResponses } from "#main/engine/sampling/sample-responses.ts";
import { scorePairs } from "#main/engine/training/pair-runs.ts";
import { goldenPolicy } from "#tests/support/golden-llama.ts";

const LETTERS = "_^$abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRS";
/** What the stand-in's template takes no conversation with. */
const REFUSED = "!";

/** One token a letter; `$` (id 2) ends a text. */
const tokenizer = {
  promptIds: (messages: readonly { readonly content: string }[]) => {
    if (messages.some(({ content }) => content.startsWith(REFUSED))) throw new ConfigError("the chat template refused the conversation");
    return messages.flatMap(({ content }) => [...content].map((letter) => LETTERS.indexOf(letter)));
  },
  decode: (ids: readonly number[]) => ids.map((id) => LETTERS[id] ?? "?").join(""),
  eosIds: new Set([2]),
};

const open: SessionCache[] = [];
afterEach(async () => {
  for (const sessions of open.splice(0)) await sessions.release();
});

function unitsOf(prompts: readonly string[], samples: number): readonly SampleUnit[] {
  return prompts.flatMap((content) =>
    Array.from({ length: samples }, (_, sampleIndex) => ({
      promptId: content as PromptId,
      messages: [{ role: "user" as const, content }],
      sampleIndex,
      seed: content.length * 1000 + sampleIndex,
    })),
  );
}

type Sampled = {
  readonly responses: ReadonlyMap<string, SampledResponse>;
  readonly skipped: readonly SkippedUnit[];
  /** What unfinished responses held, step by step. */
  readonly seen: readonly (readonly [string, readonly number[]])[];
};

async function sample(units: readonly SampleUnit[], more: Partial<SamplingSettings> = {}, cancelAfter = Infinity): Promise<Sampled> {
  const sessions = createSessionCache(8, { threads: 1, fusion: "fast" });
  open.push(sessions);
  const responses = new Map<string, SampledResponse>();
  const skipped: SkippedUnit[] = [];
  const seen: (readonly [string, readonly number[]])[] = [];
  const settings = { ...samplingSettingsSchema.parse({ temperature: 1, topP: 1, maxNewTokens: 24 }), ...more };
  await sampleResponses(
    { policy: goldenPolicy("tied", true), tokenizer, sessions, settings, units },
    {
      sampled: (response) => {
        const key = `${response.promptId}/${response.sampleIndex}`;
        expect(responses.has(key)).toBe(false);
        responses.set(key, response);
      },
      skipped: (unit) => skipped.push(unit),
      isCancelled: () => responses.size >= cancelAfter,
      breathe: (_, openNow) => {
        for (const { unit, ids } of openNow()) seen.push([`${unit.promptId}/${unit.sampleIndex}`, [...ids]]);
        return Promise.resolve();
      },
    },
  );
  return { responses, skipped, seen };
}

const PROMPTS = ["abc", "hello", "theQuickBrownFox", "x", "GHIJKLMNOPQRSGHIJKLMNOPQRSGHIJKLMNOPQRS"];

it("shows whoever watches the beginning of what each response becomes", async () => {
  const { responses, seen } = await sample(unitsOf(["abc", "Q"], 2));
  expect(new Set(seen.map(([key]) => key)).size).toBeGreaterThan(2);
  for (const [key, ids] of seen) expect(responses.get(key)?.tokenIds.slice(0, ids.length), key).toEqual(ids);
});

describe("sampling", () => {
  it("gives each unit one response, the same whoever shares the run, in any order, to the bit", async () => {
    const units = unitsOf(PROMPTS, 4);
    const { responses } = await sample(units);
    expect(responses.size).toBe(units.length);
    expect(new Set([...responses.values()].map((response) => response.text)).size).toBeGreaterThan(10);
    expect((await sample(units.toReversed())).responses).toEqual(new Map([...responses]));
    for (const unit of [units[0], units[7], units[19]]) {
      if (unit === undefined) throw new Error("no unit");
      const key = `${unit.promptId}/${unit.sampleIndex}`;
      expect((await sample([unit])).responses.get(key)).toEqual(responses.get(key));
    }
  });

  it("does not change when the cache grows", async () => {
    // 120 tokens after 3 stay within 128 positions, beside a long prompt they do not.
    const short = unitsOf(["abc"], 2);
    const settings = { maxNewTokens: 60 };
    const alone = await sample(short, settings);
    const together = await sample([...short, ...unitsOf([LETTERS.slice(3).repeat(2).slice(0, 85)], 2)], settings);
    for (const [key, response] of alone.responses) expect(together.responses.get(key)).toEqual(response);
  });

  it("reports log-probabilities that scoring confirms", async () => {
    const { responses } = await sample(unitsOf(["hello", "abc"], 3), { temperature: 0.7, topP: 0.9 });
    const sessions = createSessionCache(8, { threads: 1, fusion: "exact" });
    open.push(sessions);
    for (const response of responses.values()) {
      const pair = { promptIds: tokenizer.promptIds([{ content: response.promptId }]), chosenIds: response.tokenIds, rejectedIds: [] };
      const [scored] = await scorePairs({ policy: goldenPolicy("tied", true), sessions, batch: 2 }, [pair]);
      expect(response.logp).toBeCloseTo(scored?.chosen ?? Number.NaN, 3);
    }
  });

  it("ends at the end of text, at a stop text, or at the limit, and says which", async () => {
    const units = unitsOf(PROMPTS, 8);
    const { responses } = await sample(units);
    const ended = [...responses.values()].filter((response) => response.finishReason === "endOfText");
    expect(ended.length).toBeGreaterThan(0);
    for (const response of ended) {
      expect(response.tokenIds.at(-1)).toBe(2);
      expect(response.text).not.toContain("$");
    }
    for (const response of responses.values()) {
      if (response.finishReason === "length") expect(response.tokenIds).toHaveLength(24);
      expect(response.tokenIds.length).toBeLessThanOrEqual(24);
    }
    const stopped = await sample(units, { stop: ["e", "Q"] });
    const cut = [...stopped.responses.values()].filter((response) => response.finishReason === "stop");
    expect(cut.length).toBeGreaterThan(0);
    for (const response of cut) {
      expect(response.text).not.toMatch(/[eQ]/);
      expect(tokenizer.decode(response.tokenIds)).toBe(response.text);
    }
  });

  it("flags responses that repeat themselves", async () => {
    const { responses } = await sample(unitsOf(["abc", "hello"], 4), { temperature: 0, maxNewTokens: 40 });
    expect([...responses.values()].some((response) => response.isRepetitive)).toBe(true);
    const unflagged = await sample(unitsOf(["abc", "hello"], 4), { temperature: 0, maxNewTokens: 40, repeatShare: 1 });
    expect([...unflagged.responses.values()].some((response) => response.isRepetitive)).toBe(false);
  });

  it("skips what does not fit the model, with the reason", async () => {
    const { responses, skipped } = await sample([...unitsOf(["a".repeat(128)], 2), ...unitsOf(["abc"], 1)]);
    expect(skipped.map((unit) => unit.reason)).toEqual(Array(2).fill("the prompt has 128 tokens, the model takes 128 with the response"));
    expect(responses.size).toBe(1);
  });

  it("skips what the chat template refuses, with its words, and samples the others", async () => {
    const { responses, skipped } = await sample(unitsOf(["!abc", "abc"], 2));
    expect(skipped).toEqual([0, 1].map((sampleIndex) => ({ promptId: "!abc", sampleIndex, reason: "the chat template refused the conversation" })));
    expect([...responses.keys()].sort()).toEqual(["abc/0", "abc/1"]);
  });

  it("says so aloud where the chat template refuses all of them", async () => {
    await expect(sample(unitsOf(["!abc", "!def"], 2))).rejects.toThrow("the chat template refused the conversation");
  });

  it("cuts at the model's last position", async () => {
    const { responses } = await sample(unitsOf(["a".repeat(120)], 3), { maxNewTokens: 50 });
    for (const response of responses.values()) expect(response.tokenIds.length).toBeLessThanOrEqual(8);
  });

  it("stops between runs when cancelled, and keeps what was reported", async () => {
    await expect(sample(unitsOf(PROMPTS, 8), {}, 3)).rejects.toThrow("stopped on request");
  });

  it.each([
    ["temperature", { temperature: 0.3 }],
    ["topP", { topP: 0.5 }],
    ["topK", { topK: 2 }],
    ["maxNewTokens", { maxNewTokens: 5 }],
    ["stop", { stop: ["a", "b", "c", "d", "e"] }],
  ] satisfies [string, Partial<SamplingSettings>][])("%s changes what comes out", async (_, change) => {
    const units = unitsOf(["hello"], 6);
    const texts = async (more: Partial<SamplingSettings>) =>
      [...(await sample(units, more)).responses.values()].map((response) => response.text).sort();
    expect(await texts(change)).not.toEqual(await texts({}));
  });
});
