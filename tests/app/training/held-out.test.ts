/** Which pairs are held out: by prompt, about the share that was asked for, the same in every round, and none where they would say nothing. */
import { expect, test } from "vitest";
import { heldOutPromptIds, MIN_HELD_OUT_PROMPTS, splitHeldOut, type TrainedRound } from "#app/training/held-out.ts";
import { fc } from "#tests/support/properties.ts";

const promptsOf = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `prompt ${from + i}`);
const pairsOf = (prompts: readonly string[], each = 2) =>
  prompts.flatMap((promptId) => Array.from({ length: each }, (_, i) => ({ promptId, pairId: `${promptId}/${i}` })));

test("every pair is on one side, and no prompt on both", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.double({ min: 0, max: 0.5, noNaN: true }), fc.nat(), (count, share, seed) => {
      const promptIds = promptsOf(count);
      const kept = heldOutPromptIds(seed, { share, promptIds }, []);
      expect(kept.size === 0 || kept.size >= MIN_HELD_OUT_PROMPTS).toBe(true);
      const pairs = pairsOf(promptIds);
      const { training, heldOut } = splitHeldOut(pairs, kept);
      expect([...training, ...heldOut].map((pair) => pair.pairId).toSorted()).toEqual(pairs.map((pair) => pair.pairId).toSorted());
      expect(new Set(heldOut.map((pair) => pair.promptId))).toEqual(kept);
      expect(training.some((pair) => kept.has(pair.promptId))).toBe(false);
    }),
  );
});

test("a tenth of a thousand prompts is held out, the same ones whatever else is there", () => {
  const promptIds = promptsOf(1000);
  const kept = heldOutPromptIds(1, { share: 0.1, promptIds }, []);
  // Binomial with standard deviation 9.5; the draw is fixed by the seed.
  expect(kept.size).toBeGreaterThan(70);
  expect(kept.size).toBeLessThan(130);
  const later = heldOutPromptIds(1, { share: 0.1, promptIds: promptIds.slice(600) }, []);
  expect([...later]).toEqual(promptIds.slice(600).filter((id) => kept.has(id)));
  expect(heldOutPromptIds(2, { share: 0.1, promptIds }, [])).not.toEqual(kept);
});

test("a share of 0 and few prompts hold nothing out", () => {
  expect(heldOutPromptIds(1, { share: 0, promptIds: promptsOf(1000) }, []).size).toBe(0);
  expect(heldOutPromptIds(1, { share: 0.5, promptIds: promptsOf(MIN_HELD_OUT_PROMPTS - 1) }, []).size).toBe(0);
});

test("a prompt is not trained on in one round and held out in the next, though nine drawn ones had pairs first and ten have later", () => {
  const promptIds = promptsOf(100);
  const present = { share: 0.1, promptIds };
  const drawn = [...heldOutPromptIds(7, present, [])];
  expect(drawn.length).toBeGreaterThanOrEqual(MIN_HELD_OUT_PROMPTS);
  const others = promptIds.filter((id) => !drawn.includes(id));
  const paired = [9, 10].map((count) => [...others, ...drawn.slice(0, count)]);
  const trainedOn = new Set<string>();
  const earlier: TrainedRound[] = [];
  for (const pairedIds of paired) {
    const { training, heldOut } = splitHeldOut(pairsOf(pairedIds), heldOutPromptIds(7, present, earlier));
    expect(heldOut.some((pair) => trainedOn.has(pair.promptId))).toBe(false);
    for (const pair of training) trainedOn.add(pair.promptId);
    earlier.push({ ...present, pairedIds });
  }
  expect([...trainedOn].toSorted()).toEqual(others.toSorted());
});

test("what was trained on stays so where prompts come later or the share is raised", () => {
  const first = promptsOf(30);
  const few: TrainedRound = { share: 0.1, promptIds: first, pairedIds: first.slice(0, 20) };
  expect(heldOutPromptIds(3, few, []).size).toBe(0);
  const all = [...first, ...promptsOf(300, 30)];
  const kept = heldOutPromptIds(3, { share: 0.2, promptIds: all }, [few]);
  expect(kept).toEqual(new Set([...heldOutPromptIds(3, { share: 0.2, promptIds: all }, [])].filter((id) => !few.pairedIds.includes(id))));
  expect(few.pairedIds.some((id) => kept.has(id))).toBe(false);
  // One without a pair was not trained on.
  expect(first.slice(20).some((id) => kept.has(id))).toBe(true);
  expect(kept.size).toBeGreaterThanOrEqual(MIN_HELD_OUT_PROMPTS);
});
