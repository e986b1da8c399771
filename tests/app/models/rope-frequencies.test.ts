/** Rotary frequencies are Transformers', of released models' configurations and of linear scaling (tests/golden/make-rope-frequencies.py). */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as z from "zod";
import { parseModelConfig } from "#app/models/model-config.ts";
import { ropeFrequencies } from "#app/models/rope-tables.kernel.ts";

const goldenSchema = z.object({ cases: z.array(z.object({ name: z.string(), config: z.unknown(), frequencies: z.array(z.number()) })) });
const golden = goldenSchema.parse(JSON.parse(readFileSync(new URL("../../golden/rope-frequencies.json", import.meta.url), "utf8")));

/** Two units in the last place of float32: powers are rounded by other libraries. */
const TOLERANCE = 2 ** -22;

it.each(golden.cases)("$name", ({ config, frequencies }) => {
  const [found] = ropeFrequencies(parseModelConfig(config, "golden"));
  expect(found?.length).toBe(frequencies.length);
  frequencies.forEach((want, i) => {
    expect(Math.abs((found?.[i] ?? Number.NaN) - want) / want, `pair ${i}`).toBeLessThanOrEqual(TOLERANCE);
  });
});
