/** Replay: the paper's caps, none twice, the same again from the same seed, and each setting at work. */
import { describe, expect, it } from "vitest";
import { type ReplaySettings, replaySettingsSchema } from "#app/domain/replay.ts";
import { replayCap, replayPairs } from "#app/preferences/replay-pairs.ts";
import { fc } from "#tests/support/properties.ts";

const PAPER: ReplaySettings = replaySettingsSchema.parse({ share: 0.3 });

/** What earlier rounds made, by age: method.md's 100,000, 80,000 and 60,000 pairs, a thousandth of each. */
const OLDER = [100, 80, 60].map((count, i) => ({ age: i + 1, pairs: Array.from({ length: count }, (_, pair) => `${i + 1}/${pair}`) }));

function counts(settings: Partial<ReplaySettings>, newCount = 120): number[] {
  const replayed = replayPairs(newCount, OLDER, { ...PAPER, ...settings }, 1);
  return [1, 2, 3].map((age) => replayed.filter((one) => one.age === age).length);
}

describe("replay", () => {
  it("takes 30 %, 15 % and 7.5 % of the new set, as the paper has it", () => {
    expect(counts({})).toEqual([36, 18, 9]);
  });

  it("changes with each of its settings", () => {
    expect(counts({ share: 0 })).toEqual([0, 0, 0]);
    expect(counts({ share: 0.1 })).toEqual([12, 6, 3]);
    expect(counts({ decay: 1 })).toEqual([36, 36, 36]);
    expect(counts({ decay: 0 })).toEqual([36, 0, 0]);
    expect(counts({ maxAge: 2 })).toEqual([36, 18, 0]);
    expect(counts({ of: "oldPairs" })).toEqual([30, 12, 4]);
  });

  it("takes no more than there are, and a whole number where rounding would lose one", () => {
    expect(counts({}, 1000)).toEqual([100, 80, 60]);
    expect(replayCap(1, 10, 10, PAPER)).toBe(3);
  });

  it("takes no pair twice, keeps the order in which they were made, and is a function of the seed", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (newCount, share, seed) => {
        const settings = { ...PAPER, share };
        const drawn = replayPairs(newCount, OLDER, settings, seed);
        expect(new Set(drawn.map(({ pair }) => pair)).size).toBe(drawn.length);
        for (const { age, pairs } of OLDER) {
          const places = drawn.filter((one) => one.age === age).map(({ pair }) => pairs.indexOf(pair));
          expect(places).toEqual([...places].sort((a, b) => a - b));
          expect(places.length).toBe(replayCap(age, newCount, pairs.length, settings));
        }
        expect(replayPairs(newCount, OLDER, settings, seed)).toEqual(drawn);
      }),
    );
    expect(replayPairs(120, OLDER, PAPER, 1)).not.toEqual(replayPairs(120, OLDER, PAPER, 2));
  });

  it("does not draw from one round otherwise because another has more", () => {
    const [first] = OLDER;
    if (first === undefined) throw new Error("three rounds were made");
    expect(replayPairs(120, [first], PAPER, 1)).toEqual(replayPairs(120, OLDER, PAPER, 1).filter(({ age }) => age === 1));
  });
});
