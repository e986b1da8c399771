/** When a base in 8 bits may be sampled from: its gap against a fifth of what training did. */
import { expect, it } from "vitest";
import { decidePrecision, precisionSentence } from "#app/rounds/sampling-precision.ts";

it.each([
  [0.02, 0.1, "8bit"],
  [0.0201, 0.1, "float32"],
  [0.02, 0, "float32"],
  [0, 0, "8bit"],
  // What was not trained here has nothing that rounding could drown.
  [0.3, null, "8bit"],
  [Number.NaN, 0.1, "float32"],
  [Number.NaN, null, "float32"],
  [0.01, Number.NaN, "float32"],
] as const)("a gap of %d at a distance of %s is sampled in %s", (gapNats, distanceNats, used) => {
  expect(decidePrecision({ gapNats, distanceNats, tokenCount: 100 })).toBe(used);
});

it("says what was measured and what came of it", () => {
  const measured = { gapNats: 0.0123, distanceNats: 0.2, tokenCount: 10 };
  expect(precisionSentence("8bit", measured)).toBe(
    "sampled in 8 bits: 8 bits are 0.012 nats a token off, the policy is 0.20 from the one it was trained from",
  );
  expect(precisionSentence("float32", { ...measured, gapNats: 0.05 })).toBe(
    "sampled in float32: 8 bits are 0.050 nats a token off, more than a fifth of 0.20",
  );
});
