/** What the engine says before training: from two short runs, for the prompts and responses at hand. */
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { engineOptionsSchema } from "#app/domain/device.ts";
import { elementCount } from "#app/graph/shapes.ts";
import { type TrainingSettings, trainingSettingsSchema } from "#app/domain/training.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { createEngineMethods, type EngineCall } from "#main/engine/process/engine-methods.ts";
import { createLoadedPolicies } from "#main/engine/process/loaded-policies.ts";
import type { PolicyFiles } from "#main/engine/process/protocol.ts";
import { createSessionCache, type SessionCache } from "#main/engine/runtime/session-cache.ts";
import { trainingSessions } from "#main/engine/runtime/training-sessions.ts";
import { forecastTraining } from "#main/engine/training/forecast-training.ts";
import { sharedTempFolder } from "#tests/support/temp-folder.ts";

const quiet: EngineCall<never> = { emit: () => undefined, isCancelled: () => false, breathe: () => Promise.resolve() };
const home = sharedTempFolder();
const methods = createEngineMethods({ cacheDir: join(home, "cache") });
let policy: PolicyFiles;
beforeAll(async () => {
  const path = join(home, "model");
  await writeTinyModel(path, { seed: 3 });
  const { hash } = await methods.openCheckpoint({ path }, quiet);
  policy = { checkpointHash: hash, checkpointPath: path, adapterPath: null };
});

type Question = { readonly settings?: Partial<TrainingSettings>; readonly expectedTokens?: number; readonly mostTokens?: number };

function paramsOf({ settings, expectedTokens = 20, mostTokens = 40 }: Question): Parameters<typeof methods.forecastTraining>[0] {
  const prompts = ["the thing", "another and longer thing than the first"].map((content) => [{ role: "user" as const, content }]);
  const base = trainingSettingsSchema.parse({ adapter: { rank: 2, alpha: 4 } });
  const engine = engineOptionsSchema.parse({});
  return { policy, settings: { ...base, ...settings }, engine, prompts, expectedTokens, mostTokens };
}

async function forecast(question: Question, call = quiet) {
  return await methods.forecastTraining(paramsOf(question), call);
}

/** The positions of each graph that a forecast runs. */
async function positionsRun(microBatchSize: number): Promise<readonly number[]> {
  const sessions = createSessionCache(trainingSessions("cpu").keep, { threads: 1, fusion: "exact" });
  const positions: number[] = [];
  const get: SessionCache["get"] = (key, build) =>
    sessions.get(key, () => {
      const graph = build();
      positions.push(...graph.inputs.filter(({ name }) => name === "ids").map(({ shape }) => elementCount(shape)));
      return graph;
    });
  const policies = createLoadedPolicies(join(home, "cache"));
  await forecastTraining(policies, { ...sessions, get }, paramsOf({ settings: { microBatchSize } }), quiet);
  await sessions.release();
  return positions;
}

describe("a forecast of training", () => {
  it("knows times of gradients and references, and a memory that longer responses raise", async () => {
    const [short, long] = [await forecast({}), await forecast({ mostTokens: 200 })];
    expect(short.msPerPair).toBeGreaterThan(0);
    expect(short.referenceMsPerPair).toBeGreaterThan(0);
    expect(short.msPerPair).toBeGreaterThan(short.referenceMsPerPair);
    // The process itself is in it.
    expect(short.memoryBytes).toBeGreaterThan(50e6);
    expect(long.longestTokens - short.longestTokens).toBe(2 * 160);
  });

  it("cuts responses where training would, and knows a loss that looks at one side or has no reference", async () => {
    const whole = await forecast({ mostTokens: 400 });
    const cut = await forecast({ mostTokens: 400, settings: { maxLength: 64 } });
    expect(cut.longestTokens).toBeLessThan(whole.longestTokens);
    const imitation = await forecast({ settings: { loss: { kind: "sft" } } });
    expect(imitation.referenceMsPerPair).toBe(0);
    expect(imitation.longestTokens).toBeLessThan((await forecast({})).longestTokens);
  });

  it("takes little memory itself, however many pairs a run of the training takes", async () => {
    expect(await positionsRun(1)).toEqual([192, 64]);
    expect(Math.max(...(await positionsRun(64)))).toBeLessThan(400);
    const [one, many] = [await forecast({}), await forecast({ settings: { microBatchSize: 64 } })];
    expect(many.memoryBytes).toBeGreaterThan(one.memoryBytes);
  });

  it("works over all weights", async () => {
    const { msPerPair, memoryBytes } = await forecast({ settings: { trains: "allWeights" } });
    expect(Math.min(msPerPair, memoryBytes)).toBeGreaterThan(0);
  });

  it("refuses prompts that leave no room, and ends when it is cancelled", async () => {
    await expect(forecast({ settings: { maxLength: 2 } })).rejects.toThrow("expected prompts that leave room for a response");
    await expect(forecast({}, { ...quiet, isCancelled: () => true })).rejects.toThrow("stopped on request");
  });
});
