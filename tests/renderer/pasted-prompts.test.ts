/** Pasted text: paragraphs become prompts, JSON stays what it is. */
import { describe, expect, it } from "vitest";
import { promptCount, promptLines } from "#renderer/set-up/pasted-prompts.ts";

describe("pasted prompts", () => {
  it.each([
    ['Say hello.\nPolitely.\n\nSay "bye".', ['{"prompt":"Say hello.\\nPolitely."}', '{"prompt":"Say \\"bye\\"."}']],
    ["\r\nOne\r\n \r\nTwo\r\n\r\n\r\n", ['{"prompt":"One"}', '{"prompt":"Two"}']],
    ['{"prompt":"a"}\n{"prompt":"b"}', ['{"prompt":"a"}', '{"prompt":"b"}']],
    ["", []],
  ])("of %j are told apart", (pasted, lines) => {
    expect(
      promptLines(pasted)
        .split("\n")
        .filter((line) => line !== ""),
    ).toEqual(lines);
    expect(promptCount(pasted)).toBe(lines.length);
  });

  it("counts the rows of an array, and none of one that is not whole", () => {
    expect(promptCount('[{"prompt":"a"},{"prompt":"b"}]')).toBe(2);
    expect(promptCount('[{"prompt":"a"},')).toBe(0);
  });
});
