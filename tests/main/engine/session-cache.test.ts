/** Which runtime sessions are kept: by number, by weight, and as training's memory lets them be. */
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { trainingSettingsSchema } from "#app/domain/training.ts";
import { GraphBuilder } from "#app/graph/builder.ts";
import type { Graph } from "#app/graph/types.ts";
import { createEngineClient } from "#main/engine/client.ts";
import { heldBytes } from "#main/engine/runtime/process-memory.ts";
import { createSessionCache, type KeepRule, type SessionCache } from "#main/engine/runtime/session-cache.ts";
import { trainingSessions } from "#main/engine/runtime/training-sessions.ts";
import { differentiatePairs } from "#main/engine/training/pair-runs.ts";
import { createForkHost } from "#main/host/process-host.ts";
import { openStore } from "#main/store/store.ts";
import { goldenExpected, goldenPolicy } from "#tests/support/golden-llama.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { ROOT } from "#tools/checks/root.ts";

const open: SessionCache[] = [];
afterAll(async () => {
  for (const sessions of open) await sessions.release();
});

function cacheOf(keep: number | KeepRule, workingMemory: "own" | "shared" = "own"): SessionCache {
  const sessions = createSessionCache(keep, { threads: 1, fusion: "exact", workingMemory });
  open.push(sessions);
  return sessions;
}

function negated(length: number): Graph {
  const g = new GraphBuilder();
  g.output("y", g.neg(g.input("x", [length])));
  return g.build();
}

/** Asks for graphs of these lengths in turn; returns those that had to be made. */
async function madeOf(sessions: SessionCache, lengths: readonly number[]): Promise<readonly number[]> {
  const made: number[] = [];
  for (const length of lengths) {
    await sessions.get(String(length), () => {
      made.push(length);
      return negated(length);
    });
  }
  return made;
}

describe("a cache of runtime sessions", () => {
  it("keeps so many, those used last", async () => {
    expect(await madeOf(cacheOf(2), [1, 2, 1, 3, 1, 2])).toEqual([1, 2, 3, 2]);
  });

  it("keeps what weighs no more together than the heaviest allows, and one whatever it weighs", async () => {
    const byLength: KeepRule = { weigh: ({ inputs }) => inputs[0]?.shape[0] ?? 0, limit: (heaviest) => Math.max(10, heaviest) };
    // 4, 3 and 2 fit in ten; 50 is alone; beside it in fifty fit none, and after it 40 and 4.
    expect(await madeOf(cacheOf(byLength), [4, 3, 2, 4, 3, 2, 50, 50, 40, 4, 40, 2])).toEqual([4, 3, 2, 50, 40, 4, 2]);
  });

  it("makes a session again after all were released", async () => {
    const sessions = cacheOf(4);
    await madeOf(sessions, [1]);
    await sessions.release();
    expect(await madeOf(sessions, [1])).toEqual([1]);
  });
});

describe("the sessions of training", () => {
  it("share their memory on the processor under Linux alone, and elsewhere keep as much as two of the heaviest", () => {
    const [shared, own] = [trainingSessions("cpu", "linux"), trainingSessions("cpu", "darwin")];
    expect(trainingSessions("webgpu", "linux")).toBe(own);
    expect([shared.options.workingMemory, own.options.workingMemory]).toEqual(["shared", "own"]);
    const [graph, small] = [negated(1e6), negated(1)];
    // What works in shared memory counts for its graph alone.
    expect(shared.keep.weigh(graph)).toBe(shared.keep.weigh(small));
    expect(own.keep.weigh(graph) - own.keep.weigh(small)).toBe(4 * (1e6 - 1));
    expect([own.keep.limit(1e8), own.keep.limit(1e9)]).toEqual([512e6, 2e9]);
    expect(shared.bytesBeside([1e9, 3e8])).toBe(0);
    expect([own.bytesBeside([]), own.bytesBeside([1e9]), own.bytesBeside([1e9, 3e8]), own.bytesBeside([1e9, 8e8, 7e8])]).toEqual([0, 0, 3e8, 1e9]);
  });

  it("have the same gradients to the bit whichever memory they work in", async () => {
    const policy = goldenPolicy("tied", true);
    const pairs = goldenExpected("tied").pairs.map(({ prompt, chosen, rejected }) => ({
      promptIds: prompt,
      chosenIds: chosen,
      rejectedIds: rejected,
    }));
    const reference = { chosen: new Float32Array(pairs.length), rejected: new Float32Array(pairs.length) };
    const batch = { pairs, indices: pairs.map((_, i) => i), weight: 1 / pairs.length };
    const settings = trainingSettingsSchema.parse({ loss: { kind: "dno-prct", beta: 0.5 } });
    const gradientsIn = async (memory: "own" | "shared") =>
      (await differentiatePairs({ policy, sessions: cacheOf(4, memory), batch: pairs.length }, batch, policy.factors, reference, settings)).gradients;
    const [own, shared] = [await gradientsIn("own"), await gradientsIn("shared")];
    for (const [name, gradient] of own) expect(shared.get(name), name).toEqual(gradient);
  });
});

it("knows what the process holds, a page once", () => {
  const before = heldBytes();
  expect(before).toBeLessThanOrEqual(process.memoryUsage.rss() * 1.05);
  const block = new Uint8Array(64e6).fill(1);
  expect(heldBytes() - before).toBeGreaterThan(0.9 * block.length);
});

it("ends an engine process that nobody asks anything, and starts another for the next call", async () => {
  const home = tempFolder();
  const store = await openStore(home, { nowMs: () => 0 });
  const ends: PromiseWithResolvers<void>[] = [];
  const host = createForkHost();
  const engine = createEngineClient({
    processHost: {
      start: (entry, onExit) => {
        const end = Promise.withResolvers<void>();
        ends.push(end);
        return host.start(entry, (exit) => {
          onExit(exit);
          end.resolve();
        });
      },
    },
    entry: join(ROOT, "main", "engine", "process", "engine-process.ts"),
    cacheDir: join(home, "cache"),
    artefacts: store.artefacts,
    idleMs: 0,
  });
  const first = await engine.versions();
  await ends[0]?.promise;
  expect(await engine.versions()).toEqual(first);
  expect(ends.length).toBe(2);
  await engine.close();
  store.close();
});
