/** Draws from the most likely tokens alone must be the draws from the whole distribution. */
import { describe, expect, it } from "vitest";
import { rngFor } from "#app/base/random.ts";
import { descendingOrder } from "#app/decoding/descending-order.kernel.ts";
import { drawToken, type DrawSettings, type NextToken } from "#app/decoding/draw.ts";
import { tokensFrom } from "#app/decoding/likely-tokens.kernel.ts";
import { repeatedNgramShare } from "#app/decoding/repetition.ts";
import { textBeforeStop, tokensWithin } from "#app/decoding/stop-text.ts";
import { fc } from "#tests/support/properties.ts";

function logSumExp(values: readonly number[]): number {
  const top = Math.max(...values);
  return top + Math.log(values.reduce((sum, x) => sum + Math.exp(x - top), 0));
}

function nextOf(logits: readonly number[], temperature: number, topCount: number, withLogits: boolean): NextToken {
  const order = logits.map((_, id) => id).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b);
  return {
    topIds: order.slice(0, topCount),
    topValues: Float32Array.from(order.slice(0, topCount), (id) => logits[id] ?? 0),
    logSumExp: logSumExp(logits),
    logSumExpScaled: logSumExp(logits.map((x) => x / (temperature || 1))),
    logits: withLogits ? Float32Array.from(logits) : undefined,
  };
}

/** The distribution as Transformers' warpers make it: temperature, top-k, top-p, each on what the one before left. */
function naiveProbabilities(logits: readonly number[], { temperature, topP, topK }: DrawSettings): readonly number[] {
  const order = logits.map((_, id) => id).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b);
  let kept = topK > 0 ? order.slice(0, topK) : order;
  const weight = (id: number): number => Math.exp((logits[id] ?? 0) / temperature);
  const total = kept.reduce((sum, id) => sum + weight(id), 0);
  let before = 0;
  kept = kept.filter((id) => {
    const isKept = topP >= 1 || before < topP * total;
    before += weight(id);
    return isKept;
  });
  const mass = kept.reduce((sum, id) => sum + weight(id), 0);
  return logits.map((_, id) => (kept.includes(id) ? weight(id) / mass : 0));
}

const logitsArbitrary = fc.array(
  fc.integer({ min: -64, max: 64 }).map((x) => x / 16),
  { minLength: 4, maxLength: 12 },
);
const settingsArbitrary = fc.record({
  temperature: fc.constantFrom(0.5, 0.7, 1, 2),
  topP: fc.constantFrom(0.3, 0.77, 0.95, 1),
  topK: fc.constantFrom(0, 1, 3, 8),
});

describe("drawToken", () => {
  it("draws the same token from the most likely as from all logits, or asks for all", () => {
    fc.assert(
      fc.property(logitsArbitrary, settingsArbitrary, fc.integer({ min: 0, max: 999 }), (logits, settings, thousandth) => {
        const u = (thousandth + 0.5) / 1000;
        const fromAll = drawToken(nextOf(logits, settings.temperature, logits.length, true), settings, u);
        const fromTop = drawToken(nextOf(logits, settings.temperature, 3, false), settings, u);
        const withBoth = drawToken(nextOf(logits, settings.temperature, 3, true), settings, u);
        expect(fromAll).toBeDefined();
        expect(withBoth?.tokenId).toBe(fromAll?.tokenId);
        if (fromTop !== undefined) expect(fromTop.tokenId).toBe(fromAll?.tokenId);
        expect(fromAll?.logp).toBeCloseTo((logits[fromAll?.tokenId ?? -1] ?? 0) - logSumExp(logits), 6);
      }),
    );
  });

  it("gives each token its share of u", () => {
    fc.assert(
      fc.property(logitsArbitrary, settingsArbitrary, (logits, settings) => {
        const counts = logits.map(() => 0);
        const draws = 2000;
        for (let i = 0; i < draws; i++) {
          const drawn = drawToken(nextOf(logits, settings.temperature, 4, true), settings, (i + 0.5) / draws);
          counts[drawn?.tokenId ?? -1] = (counts[drawn?.tokenId ?? -1] ?? 0) + 1;
        }
        naiveProbabilities(logits, settings).forEach((p, id) => {
          // A grid of u misses at most one point at either end of a token's share.
          expect(Math.abs((counts[id] ?? 0) / draws - p)).toBeLessThanOrEqual(1.5 / draws);
        });
      }),
      { numRuns: 30 },
    );
  });

  it("draws with the frequencies of the distribution (chi-square at 0.1 %)", () => {
    const logits = [2, 1.5, 1, 0.5, 0, -0.5];
    const settings = { temperature: 0.8, topP: 1, topK: 0 };
    const counts = logits.map(() => 0);
    const draws = 20_000;
    const rng = rngFor(3, "draws");
    for (let i = 0; i < draws; i++) {
      const id = drawToken(nextOf(logits, settings.temperature, 4, true), settings, rng.next())?.tokenId ?? -1;
      counts[id] = (counts[id] ?? 0) + 1;
    }
    const chiSquare = naiveProbabilities(logits, settings).reduce((sum, p, id) => sum + ((counts[id] ?? 0) - draws * p) ** 2 / (draws * p), 0);
    expect(chiSquare).toBeLessThan(20.52);
  });

  it.each([
    { temperature: 0.8, topP: 0.95, topK: 0 },
    { temperature: 1, topP: 1, topK: 0 },
    { temperature: 1, topP: 0.99999, topK: 0 },
    { temperature: 1.5, topP: 0.9, topK: 700 },
  ])("draws from a long flat row what its whole order says: %j", (settings) => {
    // Spread so that neither 64 nor the tokens above a ten-thousandth hold all that is drawn from.
    const logits = Array.from({ length: 4000 }, (_, id) => 8 * rngFor(id, "logit").next() + (id % 50 === 0 ? 3 : 0)).map(Math.fround);
    const probabilities = naiveProbabilities(logits, settings);
    const order = logits.map((_, id) => id).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b);
    const next = nextOf(logits, settings.temperature, 64, true);
    for (let draw = 0; draw < 200; draw++) {
      const u = (draw + 0.5) / 200;
      let sum = 0;
      const expected = order.find((id) => (sum += probabilities[id] ?? 0) > u);
      expect(drawToken(next, settings, u)?.tokenId).toBe(expected);
    }
  });

  it("is greedy at temperature 0, ties to the lower id", () => {
    expect(drawToken(nextOf([1, 3, 3, 2], 0, 4, false), { temperature: 0, topP: 0.5, topK: 2 }, 0.99)?.tokenId).toBe(1);
  });

  it("draws from the most likely what they decide, whether or not all logits are at hand", () => {
    // The sum of all probabilities is off by a thousandth: a draw by that sum would differ.
    const next = { ...nextOf([1, 0.5, 0], 1, 3, true), logSumExpScaled: logSumExp([1, 0.5, 0]) + 1e-3 };
    for (let i = 0; i < 1000; i++) {
      const settings = { temperature: 1, topP: 1, topK: 0 };
      const fromTop = drawToken({ ...next, logits: undefined }, settings, i / 1000);
      if (fromTop !== undefined) expect(drawToken(next, settings, i / 1000)).toEqual(fromTop);
    }
  });

  it("asks for all logits only where the most likely tokens do not decide", () => {
    const flat = Array.from({ length: 10 }, () => 0);
    expect(drawToken(nextOf(flat, 1, 4, false), { temperature: 1, topP: 1, topK: 0 }, 0.35)?.tokenId).toBe(3);
    expect(drawToken(nextOf(flat, 1, 4, false), { temperature: 1, topP: 1, topK: 0 }, 0.45)).toBeUndefined();
    expect(drawToken(nextOf(flat, 1, 4, false), { temperature: 1, topP: 0.5, topK: 0 }, 0.1)).toBeUndefined();
    expect(drawToken(nextOf(flat, 1, 4, false), { temperature: 1, topP: 1, topK: 5 }, 0.1)).toBeUndefined();
  });
});

describe("tokensFrom", () => {
  it("keeps those at or above the least, in order, ties by id", () => {
    const { ids, values } = tokensFrom(Float32Array.of(1, 3, 2, 3, 0.5, 2), 1);
    expect([...ids]).toEqual([1, 3, 2, 5, 0]);
    expect([...values]).toEqual([3, 3, 2, 2, 1]);
    expect(tokensFrom(Float32Array.of(1), 2).ids).toHaveLength(0);
  });
});

describe("descendingOrder", () => {
  it("is the order of a plain sort, ties by index", () => {
    const value = fc.oneof(fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity), fc.float({ noNaN: true }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 40 }), (numbers) => {
        const values = Float32Array.from(numbers);
        const plain = Array.from(values, (_, i) => i).sort((a, b) => (values[a] === values[b] ? a - b : (values[b] ?? 0) - (values[a] ?? 0)));
        expect([...descendingOrder(values)]).toEqual(plain);
      }),
    );
  });
});

describe("repeatedNgramShare", () => {
  it.each([
    [[1, 2, 3, 4], 2, 0],
    [[1, 2, 1, 2, 1], 2, 0.5],
    [[7, 7, 7, 7, 7], 4, 0.5],
    [[1, 2], 4, 0],
    [[], 1, 0],
  ] as const)("of %j by %d-grams is %d", (ids, n, share) => {
    expect(repeatedNgramShare(ids, n)).toBe(share);
  });
});

describe("stop texts", () => {
  const decode = (ids: readonly number[]): string => ids.map((id) => ["a", "b", "c\nU", "ser"][id] ?? "").join("");

  it("cut before the earliest", () => {
    expect(textBeforeStop("one\nUser: two", ["User:", "\nUser"])).toBe("one");
    expect(textBeforeStop("one", ["two"])).toBeUndefined();
    expect(textBeforeStop("stop", ["stop"])).toBe("");
  });

  it("leave out the token that reaches beyond the cut", () => {
    expect(tokensWithin("abc", [0, 1, 2, 3], decode)).toBe(2);
    expect(tokensWithin("ab", [0, 1], decode)).toBe(2);
    expect(tokensWithin("", [2], decode)).toBe(0);
  });
});
