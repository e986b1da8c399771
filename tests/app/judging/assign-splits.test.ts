/** Splits follow from the prompt's hash: stable, disjoint, of about the wanted size. */
import { expect, test } from "vitest";
import { ConfigError } from "#app/base/errors.ts";
import type { ContentHash } from "#app/base/ids.ts";
import { splitSettingsSchema } from "#app/domain/experiment.ts";
import { assignSplits } from "#app/judging/assign-splits.ts";

/** Any distinct texts serve as hashes here. */
const prompts = (count: number) => Array.from({ length: count }, (_, i) => ({ hash: `hash ${i}` as ContentHash }));
const settings = (more: object = {}) => splitSettingsSchema.parse(more);

test("adding prompts moves none", () => {
  const few = assignSplits(prompts(50), settings({ shards: 3 }), 1);
  expect(assignSplits(prompts(200), settings({ shards: 3 }), 1).slice(0, 50)).toEqual(few);
  expect(assignSplits(prompts(50).reverse(), settings({ shards: 3 }), 1).reverse()).toEqual(few);
});

test("the shares are met on average, and shards are about even", () => {
  const assigned = assignSplits(prompts(6000), settings({ validationShare: 0.2, testShare: 0.1, shards: 3 }), 7);
  const count = (split: string) => assigned.filter((one) => one.split === split).length;
  // Five standard deviations: sqrt(6000 * .2 * .8) = 31, sqrt(6000 * .1 * .9) = 23.
  expect(Math.abs(count("validation") - 1200)).toBeLessThan(155);
  expect(Math.abs(count("test") - 600)).toBeLessThan(116);
  for (const shard of [0, 1, 2]) {
    expect(Math.abs(assigned.filter((one) => one.shard === shard).length - 1400)).toBeLessThan(170);
  }
});

test("only training prompts have a shard, and another seed is another division", () => {
  const assigned = assignSplits(prompts(100), settings(), 1);
  for (const one of assigned) expect(one.shard === null).toBe(one.split !== "training");
  expect(assignSplits(prompts(100), settings(), 2)).not.toEqual(assigned);
});

test("a split that was asked for stands", () => {
  const asked = prompts(20).map((prompt) => ({ ...prompt, split: "test" as const }));
  expect(assignSplits(asked, settings(), 1).every((one) => one.split === "test" && one.shard === null)).toBe(true);
});

test("shares that leave nothing for training are refused with their values", () => {
  expect(() => assignSplits([], settings({ validationShare: 0.5, testShare: 0.5 }), 1)).toThrow(ConfigError);
  expect(() => assignSplits([], settings({ validationShare: 0.5, testShare: 0.5 }), 1)).toThrow(/below 1.*0\.5 \+ 0\.5/);
});
