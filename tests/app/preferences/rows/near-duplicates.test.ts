/** Near copies are found as a search over all pairs finds them, whatever the texts. */
import { describe, expect, test } from "vitest";
import { createNearIndex, createRunShelf, jaccard, NEAR_SHARE, type WordRuns } from "#app/preferences/rows/near-duplicates.ts";
import { fc } from "#tests/support/properties.ts";

function wordRuns(text: string): WordRuns {
  return createRunShelf().put(text);
}

/** The same by the words themselves, slowly. */
function shareOf(a: string, b: string): number {
  const runs = (text: string): Set<string> => {
    const words = text.split(" ");
    return new Set(words.length < 3 ? [text] : words.slice(2).map((_, i) => words.slice(i, i + 3).join(" ")));
  };
  const [x, y] = [runs(a), runs(b)];
  const shared = [...x].filter((run) => y.has(run)).length;
  return shared / (x.size + y.size - shared);
}

// Few words, so that runs meet.
const prompt = fc.array(fc.constantFrom("tell", "me", "of", "a", "river", "stone"), { minLength: 1, maxLength: 14 }).map((words) => words.join(" "));

describe("near copies", () => {
  test("none is missed and none is invented", () => {
    fc.assert(
      fc.property(fc.array(prompt, { maxLength: 12 }), prompt, (held, asked) => {
        const index = createNearIndex<number>();
        for (const text of held) index.count(wordRuns(text));
        held.forEach((text, i) => {
          index.add(i, wordRuns(text));
        });
        const shares = held.map((text) => shareOf(text, asked));
        const most = Math.max(0, ...shares);
        const found = index.find(wordRuns(asked));
        if (most < NEAR_SHARE) expect(found).toBeUndefined();
        else expect(found).toEqual({ key: shares.indexOf(most), share: most });
      }),
      { numRuns: 2000 },
    );
  });

  test("letter case, punctuation and width do not count; writing without spaces is taken by its characters", () => {
    const share = (a: string, b: string): number => jaccard(wordRuns(a), wordRuns(b));
    expect(share("Write a poem about rain.", "write a POEM, about ｒａｉｎ!")).toBe(1);
    expect(share("What is the capital of France?", "What is the capital of Spain?")).toBeCloseTo(3 / 5, 10);
    expect(share("今日の天気はどうですか", "今日の天気はどうでしょうか")).toBeGreaterThan(0.5);
    expect(share("?!", "?!")).toBe(1);
    expect(share("?!", "...")).toBe(0);
  });
});

test("runs on a shelf are those of each text alone, however many stand beside them", () => {
  const shelf = createRunShelf();
  const texts = Array.from({ length: 500 }, (_, i) => Array.from({ length: (i * 7) % 400 }, (_word, j) => `w${(i * j) % 97}`).join(" "));
  const shelved = texts.map((text) => shelf.put(text));
  for (const [i, text] of texts.entries()) {
    expect([...(shelved[i] ?? [])]).toEqual([...new Set(wordRuns(text))].sort((a, b) => a - b));
  }
});
