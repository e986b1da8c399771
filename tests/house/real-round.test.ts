/** Which prompts a real round takes: by a rule that neither order nor chance of the file changes. */
import { expect, test } from "vitest";
import { memoryOfTree, pickPrompts } from "#tools/results/real-round.ts";

const lines = (texts: readonly string[]): string => texts.map((instruction) => `${JSON.stringify({ instruction, dataset: "x" })}\n`).join("");

test("sixty to train on and forty to evaluate on, none in both, whatever the order of the file", () => {
  const texts = Array.from({ length: 150 }, (_, i) => `Prompt ${i}`);
  const picked = pickPrompts(lines(texts));
  expect(picked.filter(({ split }) => split === "training")).toHaveLength(60);
  expect(picked.filter(({ split }) => split === "validation")).toHaveLength(40);
  expect(new Set(picked.map(({ prompt }) => prompt)).size).toBe(100);
  expect(pickPrompts(lines(texts.toReversed()))).toEqual(picked);
});

test.runIf(process.platform === "linux")("memory of a process and what it started is at least its own heap", () => {
  const bytes = memoryOfTree(process.pid);
  expect(bytes).toBeGreaterThan(process.memoryUsage().heapUsed / 2);
  expect(memoryOfTree(2 ** 30)).toBe(0);
});
