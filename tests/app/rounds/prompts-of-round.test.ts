/** Which prompts a round samples: a shard a round, and none again before all have come. */
import { expect, it } from "vitest";
import type { ContentHash, PromptId } from "#app/base/ids.ts";
import type { Prompt } from "#app/domain/prompt.ts";
import { promptsOfRound } from "#app/rounds/sample-units.ts";
import { fc } from "#tests/support/properties.ts";

function prompt(id: string, shard: number | null): Prompt {
  const split = shard === null ? "validation" : "training";
  return { id: id as PromptId, hash: id as ContentHash, messages: [], split, shard, source: "test" };
}

/** The prompts of each of so many rounds, as they would follow one another; more may be imported before a round. */
function sampled(prompts: readonly Prompt[], shards: number, rounds: number, late: ReadonlyMap<number, readonly Prompt[]> = new Map()): string[][] {
  const uses = new Map<PromptId, number>();
  const present = [...prompts];
  return Array.from({ length: rounds }, (_, i) => {
    present.push(...(late.get(i + 1) ?? []));
    const ofRound = promptsOfRound(present, i + 1, shards, uses);
    for (const { id } of ofRound) uses.set(id, (uses.get(id) ?? 0) + 1);
    return ofRound.map(({ id }) => id);
  });
}

const SIX = [0, 1, 2, 0, 1, 2].map((shard, i) => prompt(`p${i}`, shard));

it("takes the shards in turn, and begins anew when all have come", () => {
  const rounds = sampled([...SIX, prompt("held out", null)], 3, 4);
  expect(rounds).toEqual([
    ["p0", "p3"],
    ["p1", "p4"],
    ["p2", "p5"],
    ["p0", "p3"],
  ]);
});

it("takes what was imported late before anything comes a second time", () => {
  const rounds = sampled(SIX, 3, 5, new Map([[2, [prompt("late", 0)]]]));
  expect(rounds.slice(3)).toEqual([["late"], ["p1", "p4"]]);
});

it("takes late prompts of other shards where the round's own has none left", () => {
  const rounds = sampled(SIX, 3, 4, new Map([[4, [prompt("late", 2)]]]));
  expect(rounds[3]).toEqual(["late"]);
});

it("takes all prompts each time where there is one shard, those that were imported late among them", () => {
  const all = SIX.map(({ id }) => prompt(id, 0));
  const rounds = sampled(all, 1, 3, new Map([[2, [prompt("late", 0)]]]));
  const ids = all.map(({ id }) => id);
  expect(rounds).toEqual([ids, [...ids, "late"], [...ids, "late"]]);
});

it("of several shards repeats no prompt before all have come, whatever is imported when", () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 2, max: 4 })
        .chain((shards) =>
          fc.tuple(fc.constant(shards), fc.array(fc.record({ shard: fc.nat(shards - 1), from: fc.integer({ min: 1, max: 6 }) }), { maxLength: 12 })),
        ),
      ([shards, drafts]) => {
        const first = Array.from({ length: shards }, (_, shard) => prompt(`first ${shard}`, shard));
        const late = Map.groupBy(
          drafts.map(({ shard, from }, i) => ({ prompt: prompt(`late ${i}`, shard), from })),
          ({ from }) => from,
        );
        const rounds = sampled(first, shards, 12, new Map([...late].map(([from, some]) => [from, some.map((one) => one.prompt)])));
        const uses = new Map<string, number>();
        const present = new Set<string>(first.map(({ id }) => id));
        rounds.forEach((ids, i) => {
          for (const one of late.get(i + 1) ?? []) present.add(one.prompt.id);
          const least = Math.min(...[...present].map((id) => uses.get(id) ?? 0));
          expect(ids.length).toBeGreaterThan(0);
          for (const id of ids) {
            expect(uses.get(id) ?? 0).toBe(least);
            uses.set(id, least + 1);
          }
        });
      },
    ),
  );
});
