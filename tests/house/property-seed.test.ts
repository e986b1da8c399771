/** Property tests draw the same cases on every run, or those of the seed that was asked for. */
import { expect, test } from "vitest";
import { fc, propertySeed } from "#tests/support/properties.ts";

test("the seed is fixed, that of a number, or left open; any other word is refused", () => {
  expect(propertySeed(undefined)).toBe(1);
  expect(propertySeed("17")).toBe(17);
  expect(propertySeed("random")).toBeUndefined();
  for (const word of ["", "x", "1.5"]) expect(() => propertySeed(word)).toThrow(`expected a whole number or "random", got "${word}"`);
});

test("two runs of a property draw the same cases where the seed is fixed", () => {
  const seed = propertySeed(process.env["NASHLAB_PROPERTY_SEED"]);
  expect(fc.readConfigureGlobal().seed).toBe(seed);
  if (seed === undefined) return;
  const drawn = (): string[] => {
    const cases: string[] = [];
    fc.assert(fc.property(fc.string(), (text) => void cases.push(text)));
    return cases;
  };
  expect(drawn()).toEqual(drawn());
});
