/** The table of runs against a Map. */
import { expect, test } from "vitest";
import { createRunTable } from "#app/preferences/rows/run-table.ts";
import { fc } from "#tests/support/properties.ts";

/** Runs of 52 bits, many of them alike in the bits that choose part and slot. */
const run = fc
  .tuple(fc.nat({ max: 3 }), fc.nat({ max: 40 }), fc.nat({ max: 2 }))
  .map(([high, middle, low]) => high * 2 ** 32 + middle * 2 ** 8 + low);

test("holds what a Map holds, whatever is set in what order", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(run, fc.nat({ max: 2 ** 32 - 1 })), { maxLength: 300 }), fc.array(run), (entries, asked) => {
      const [table, map] = [createRunTable(), new Map(entries)];
      for (const [key, value] of entries) table.set(key, value);
      for (const key of [...map.keys(), ...asked]) expect(table.get(key)).toBe(map.get(key) ?? 0);
    }),
  );
});

test("keeps all of a hundred thousand runs over its growths", () => {
  const table = createRunTable();
  const runOf = (i: number): number => (i * 2_654_435_761 * 1021) % 2 ** 52;
  for (let i = 1; i <= 100_000; i++) table.set(runOf(i), i);
  let wrong = 0;
  for (let i = 1; i <= 100_000; i++) if (table.get(runOf(i)) !== i) wrong += 1;
  expect(wrong).toBe(0);
});
