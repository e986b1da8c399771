/** Training through the engine's methods: what a checkpoint gives is what a run gives that ends there, and all weights make a model. */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { engineOptionsSchema } from "#app/domain/device.ts";
import { lossSettingsSchema } from "#app/domain/loss.ts";
import { type TrainingSettings, trainingSettingsSchema } from "#app/domain/training.ts";
import type { TrainingPair } from "#app/rounds/ports.ts";
import { MIN_HELD_OUT_PROMPTS } from "#app/training/held-out.ts";
import { readSafetensors } from "#main/engine/checkpoints/safetensors.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { createEngineMethods, type EngineCall } from "#main/engine/process/engine-methods.ts";
import type { EngineTrainEvent, EngineTrainJob, PolicyFiles } from "#main/engine/process/protocol.ts";
import { sharedTempFolder } from "#tests/support/temp-folder.ts";

const quiet: EngineCall<never> = { emit: () => undefined, isCancelled: () => false, breathe: () => Promise.resolve() };
const home = sharedTempFolder();
const modelPath = join(home, "model");
const methods = createEngineMethods({ cacheDir: join(home, "cache") });
let policy: PolicyFiles;
beforeAll(async () => {
  await writeTinyModel(modelPath, { seed: 3 });
  const { hash } = await methods.openCheckpoint({ path: modelPath }, quiet);
  policy = { checkpointHash: hash, checkpointPath: modelPath, adapterPath: null };
});

function pairsOf(count: number): readonly TrainingPair[] {
  return Array.from({ length: count }, (_, i) => ({
    pairId: String(i),
    messages: [{ role: "user", content: `Question ${i}` }],
    chosenTokenIds: [10 + i, 20 + i, 30 + i],
    rejectedTokenIds: [40 + i, 50 + i],
  }));
}

const PAIRS = pairsOf(4);

type Settings = Partial<Pick<TrainingSettings, "trains" | "epochs" | "learningRate" | "loss">>;

function settingsOf(more: Settings): TrainingSettings {
  // A constant rate: the steps of the first epoch are the same however many follow.
  const base = { batchSize: 2, schedule: "constant", warmupShare: 0, checkpointEverySteps: 2 };
  return trainingSettingsSchema.parse({ ...base, adapter: { rank: 2, alpha: 4, targets: ["q_proj", "v_proj"] }, ...more });
}

function scratchFor(name: string): string {
  const scratch = join(home, name);
  mkdirSync(scratch);
  return scratch;
}

async function train(name: string, more: Settings, change: Partial<EngineTrainJob> = {}) {
  const checkpoints: Extract<EngineTrainEvent, { readonly kind: "checkpointWritten" }>[] = [];
  const losses: number[] = [];
  const settings = settingsOf(more);
  const job: EngineTrainJob = {
    policy,
    pairs: PAIRS,
    settings,
    engine: engineOptionsSchema.parse({}),
    seed: 1,
    baseModelName: modelPath,
    resume: null,
    scratch: scratchFor(name),
    ...change,
  };
  const { trained } = await methods.train(job, {
    ...quiet,
    emit: (event) => {
      if (event.kind === "checkpointWritten") checkpoints.push(event);
      if (event.kind === "step") losses.push(event.values["loss"] ?? Number.NaN);
    },
  });
  return { trained, checkpoints, settings, losses };
}

function bytesOf(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString("base64")]));
}

/** Each loss needs something else: a reference, lengths, another prompt's responses, win rates, nothing. */
const LOSSES = ["dno-prct", "simpo", "kto", "dno", "sft"] as const;

describe.each(LOSSES)("held-out pairs under the loss %s", (kind) => {
  // Fewer prompts are not measured.
  const pairs = pairsOf(MIN_HELD_OUT_PROMPTS).map((pair, i) => ({ ...pair, chosenWinRate: 0.8 - 0.03 * i, rejectedWinRate: 0.2 + 0.02 * i }));
  const settings = {
    ...settingsOf({ epochs: 3, learningRate: 1e-3, loss: lossSettingsSchema.parse({ kind }) }),
    batchSize: pairs.length,
    checkpointEverySteps: 1,
  };

  it("are measured as a step measures its own, and change nothing", async () => {
    const rows: Readonly<Record<string, number>>[] = [];
    const run = async (name: string, more: Partial<EngineTrainJob>) => {
      const job: EngineTrainJob = {
        policy,
        firstPolicy: policy,
        pairs,
        settings,
        engine: engineOptionsSchema.parse({}),
        seed: 1,
        baseModelName: modelPath,
        resume: null,
        scratch: scratchFor(name),
        ...more,
      };
      const emit = (event: EngineTrainEvent): void => {
        if (event.kind === "step" && more.heldOutPairs !== undefined) rows.push(event.values);
      };
      return (await methods.train(job, { ...quiet, emit })).trained;
    };
    const without = await run(`without-${kind}`, {});
    // The same pairs: what is measured after a step is what the next step computes before it learns, as it takes all of them.
    const measured = await run(`measured-${kind}`, { heldOutPairs: pairs });
    expect(bytesOf(measured.folder)).toEqual(bytesOf(without.folder));
    expect(rows).toHaveLength(3);
    for (const [i, row] of rows.slice(0, 2).entries()) {
      const next = rows[i + 1] ?? {};
      const names = Object.keys(row).filter((name) => name.startsWith("eval_"));
      expect(names).toContain("eval_loss");
      for (const name of names) expect(row[name]).toBeCloseTo(next[name.slice("eval_".length)] ?? Number.NaN, 5);
    }
  });
});

it("does without held-out pairs where too few prompts are left of them, also under a loss that compares prompts", async () => {
  const [first, ...others] = pairsOf(MIN_HELD_OUT_PROMPTS);
  if (first === undefined) throw new Error("expected a pair");
  // Too long but for one: they were enough before they were prepared.
  const heldOutPairs = [first, ...others.map((pair) => ({ ...pair, messages: [{ role: "user" as const, content: "again and ".repeat(400) }] }))];
  const settings = settingsOf({ loss: lossSettingsSchema.parse({ kind: "kto" }) });
  const told: EngineTrainEvent[] = [];
  const job = { policy, firstPolicy: policy, settings, engine: engineOptionsSchema.parse({}), seed: 1, baseModelName: modelPath, resume: null };
  const scratch = scratchFor("one-held-out");
  await methods.train({ ...job, pairs: PAIRS, heldOutPairs, scratch }, { ...quiet, emit: (event) => told.push(event) });
  expect(told[0]).toMatchObject({ kind: "started", pairCount: PAIRS.length, heldOutCount: 0 });
  expect(told.filter((event) => event.kind === "step" && "eval_loss" in event.values)).toEqual([]);
});

describe.each(["adapter", "allWeights"] as const)("training of %s", (trains) => {
  it("gives at a checkpoint the bytes of a run that ends there, and goes on from it to the bytes of one that did not stop", async () => {
    const rate = { trains, learningRate: 1e-3 };
    const short = await train(`short-${trains}`, { ...rate, epochs: 1 });
    const long = await train(`long-${trains}`, { ...rate, epochs: 2 });
    const [checkpoint] = long.checkpoints;
    if (checkpoint === undefined) throw new Error("expected a checkpoint");
    expect(checkpoint.step).toBe(2);
    const job = { policy, baseModelName: modelPath, settings: long.settings, step: 2, folder: checkpoint.folder };
    const kept = await methods.trainedAt({ ...job, scratch: scratchFor(`kept-${trains}`) }, quiet);
    expect(kept.kind).toBe(trains === "adapter" ? "adapter" : "checkpoint");
    expect(bytesOf(kept.folder)).toEqual(bytesOf(short.trained.folder));
    expect(bytesOf(kept.folder)).not.toEqual(bytesOf(long.trained.folder));
    const resumed = await train(`resumed-${trains}`, { ...rate, epochs: 2 }, { resume: { step: 2, folder: checkpoint.folder } });
    expect(resumed.losses).toEqual(long.losses.slice(2));
    expect(bytesOf(resumed.trained.folder)).toEqual(bytesOf(long.trained.folder));
    // Another run's checkpoint is refused.
    const wrong = trains === "adapter" ? { ...long.settings.adapter, rank: 4 } : long.settings.adapter;
    const other = { ...long.settings, adapter: wrong, trains: "adapter" as const };
    await expect(methods.trainedAt({ ...job, settings: other, scratch: scratchFor(`wrong-${trains}`) }, quiet)).rejects.toThrow(
      "training checkpoint at step 2: expected",
    );
  });
});

describe("training of all weights", () => {
  it("changes every tensor that the loss reaches and makes a checkpoint that opens, samples and trains on", async () => {
    const { trained } = await train("whole", { trains: "allWeights", learningRate: 1e-3, epochs: 2 });
    const [before, after] = [modelPath, trained.folder].map((folder) => readSafetensors(join(folder, "model.safetensors")));
    const tensors = await after;
    for (const [name, { data, shape }] of (await before) ?? []) {
      expect(tensors?.get(name)?.shape).toEqual(shape);
      expect(tensors?.get(name)?.data, name).not.toEqual(data);
    }
    expect(readdirSync(trained.folder).sort()).toEqual(readdirSync(modelPath).sort());
    const { hash } = await methods.openCheckpoint({ path: trained.folder }, quiet);
    expect(hash).not.toBe(policy.checkpointHash);
    const next = { checkpointHash: hash, checkpointPath: trained.folder, adapterPath: null };
    const again = await train("again", { trains: "allWeights", learningRate: 1e-3, epochs: 1 }, { policy: next });
    // The policy of the round is its own reference.
    expect(again.losses[0]).toBeCloseTo(Math.LN2, 6);
    expect((await train("beside", { trains: "adapter", epochs: 1 }, { policy: next })).trained.kind).toBe("adapter");
  });

  it("teaches a random model by imitation alone, from pairs without a rejected response", async () => {
    const pairs = PAIRS.map((pair) => ({ ...pair, rejectedTokenIds: [] }));
    const settings = { trains: "allWeights", loss: { kind: "sft" }, learningRate: 5e-3, epochs: 20 } as const;
    const { losses } = await train("imitation", settings, { pairs });
    expect(losses[0]).toBeGreaterThan(3);
    expect(losses.at(-1)).toBeLessThan(0.3);
  });

  it("refuses a policy with an adapter, which must be merged first", async () => {
    const { trained } = await train("adapter-first", { trains: "adapter", epochs: 1 });
    const adapted = { ...policy, adapterPath: trained.folder };
    await expect(train("refused", { trains: "allWeights" }, { policy: adapted })).rejects.toThrow("its adapter must be merged first");
  });
});
