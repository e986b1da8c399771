/** Which pairs are held out: by prompt, about the share that was asked for, the same in every round, and none where they would say nothing. */
import { expect, test } from "vitest";
import { MIN_HELD_OUT_PROMPTS, splitHeldOut } from "#app/training/held-out.ts";
import { fc } from "#tests/support/properties.ts";

const pairsOf = (prompts: number, each = 2) =>
  Array.from({ length: prompts * each }, (_, i) => ({ promptId: `prompt ${Math.floor(i / each)}`, pairId: String(i) }));

test("every pair is on one side, and no prompt on both", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.double({ min: 0, max: 0.5, noNaN: true }), fc.nat(), (prompts, share, seed) => {
      const pairs = pairsOf(prompts);
      const { training, heldOut } = splitHeldOut(pairs, { share, seed });
      expect([...training, ...heldOut].map((pair) => Number(pair.pairId)).toSorted((a, b) => a - b)).toEqual(pairs.map((_, i) => i));
      const learned = new Set(training.map((pair) => pair.promptId));
      expect(heldOut.some((pair) => learned.has(pair.promptId))).toBe(false);
      const prompted = new Set(heldOut.map((pair) => pair.promptId)).size;
      expect(prompted === 0 || prompted >= MIN_HELD_OUT_PROMPTS).toBe(true);
    }),
  );
});

test("a tenth of a thousand prompts is held out, the same ones whatever else is there", () => {
  const pairs = pairsOf(1000);
  const { heldOut } = splitHeldOut(pairs, { share: 0.1, seed: 1 });
  // Binomial with standard deviation 9.5 prompts of two pairs; the draw is fixed by the seed.
  expect(heldOut.length / 2).toBeGreaterThan(70);
  expect(heldOut.length / 2).toBeLessThan(130);
  const later = splitHeldOut(pairs.slice(600), { share: 0.1, seed: 1 }).heldOut;
  expect(later).toEqual(heldOut.filter((pair) => Number(pair.pairId) >= 600));
  expect(splitHeldOut(pairs, { share: 0.1, seed: 2 }).heldOut).not.toEqual(heldOut);
});

test("a share of 0 and few prompts hold nothing out", () => {
  expect(splitHeldOut(pairsOf(1000), { share: 0, seed: 1 }).heldOut).toEqual([]);
  expect(splitHeldOut(pairsOf(MIN_HELD_OUT_PROMPTS - 1, 50), { share: 0.5, seed: 1 }).heldOut).toEqual([]);
});
