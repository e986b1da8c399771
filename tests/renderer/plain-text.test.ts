/** Text letter by letter: nothing is lost in pieces, and what turns the reading order is named. */
import { describe, expect, it } from "vitest";
import { inPieces, withVisibleControls } from "#renderer/annotate/plain-text.ts";
import { diffWords } from "#renderer/annotate/word-diff.ts";
import { fc } from "#tests/support/properties.ts";

describe("text in pieces", () => {
  it("is the same text, no piece longer than asked for, none cut through a letter", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", "\n", "é", "😀", "字"), maxLength: 400 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 60 }), (text, length) => {
        const pieces = inPieces(text, length);
        expect(pieces.join("")).toBe(text);
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(length + 1);
          expect(piece.isWellFormed()).toBe(true);
        }
      }),
    );
  });
});

describe("controls", () => {
  it("that turn the reading order are named, and right-to-left writing is left alone", () => {
    expect(withVisibleControls("a\u202eb\u202c \u2067c\u2069\u0000")).toBe("a[RLO]b[PDF] [RLI]c[PDI][NUL]");
    expect(withVisibleControls("שלום \u200fعالم")).toBe("שלום \u200fعالم");
  });
});

describe("the word diff", () => {
  it("gives both texts back, whatever they are", () => {
    const words = fc.array(fc.constantFrom("one", "two", "three", " ", "\n", ", "), { maxLength: 60 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(words, words, (left, right) => {
        const diff = diffWords(left, right);
        expect(diff?.left.map((part) => part.text).join("")).toBe(left);
        expect(diff?.right.map((part) => part.text).join("")).toBe(right);
        if (left === right) expect(diff?.left.some((part) => part.isOwn)).toBe(false);
      }),
    );
  });

  it("declines what would take too long", () => {
    expect(diffWords("a ".repeat(30_000), "b")).toBeUndefined();
  });
});
