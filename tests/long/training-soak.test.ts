/** Two thousand training steps with checkpoints: the memory of the process does not grow. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { engineOptionsSchema } from "#app/domain/device.ts";
import { trainingSettingsSchema } from "#app/domain/training.ts";
import type { TrainingPair } from "#app/rounds/ports.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { createEngineMethods, type EngineCall } from "#main/engine/process/engine-methods.ts";
import type { EngineTrainEvent } from "#main/engine/process/protocol.ts";
import { sharedTempFolder } from "#tests/support/temp-folder.ts";
import { writeRecord } from "#tools/results/record.ts";

const STEPS = 2000;
const PAIRS = 40;
const BATCH = 2;
/** Of the medians of the second and the last quarter: what a heap breathes. */
const MOST_GROWTH = 0.03;

const home = sharedTempFolder();

/** Of many lengths, so that several runtime sessions come and go. */
const pairs: readonly TrainingPair[] = Array.from({ length: PAIRS }, (_, i) => ({
  pairId: String(i),
  messages: [{ role: "user", content: `${"the thing ".repeat(1 + (i % 7))}${i}` }],
  chosenTokenIds: Array.from({ length: 4 + 3 * (i % 9) }, (__, k) => 10 + ((i + k) % 40)),
  rejectedTokenIds: Array.from({ length: 3 + 2 * (i % 11) }, (__, k) => 12 + ((i + 2 * k) % 40)),
}));

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

it("trains two thousand steps in flat memory", async () => {
  const modelPath = join(home, "model");
  await writeTinyModel(modelPath, { seed: 3 });
  const methods = createEngineMethods({ cacheDir: join(home, "cache") });
  const quiet: EngineCall<never> = { emit: () => undefined, isCancelled: () => false, breathe: () => Promise.resolve() };
  const { hash } = await methods.openCheckpoint({ path: modelPath }, quiet);
  const settings = trainingSettingsSchema.parse({
    adapter: { rank: 8, alpha: 16 },
    batchSize: BATCH,
    epochs: 100,
    heldOutShare: 0,
    checkpointEverySteps: 100,
    learningRate: 1e-4,
  });
  const scratch = join(home, "scratch");
  mkdirSync(scratch);
  const memory: number[] = [];
  let checkpoints = 0;
  const emit = (event: EngineTrainEvent): void => {
    if (event.kind === "step") memory.push(event.values["memory_bytes"] ?? Number.NaN);
    if (event.kind === "checkpointWritten") checkpoints += 1;
  };
  const { stepCount } = await methods.train(
    {
      policy: { checkpointHash: hash, checkpointPath: modelPath, adapterPath: null },
      pairs,
      settings,
      engine: engineOptionsSchema.parse({ threads: 1 }),
      seed: 1,
      baseModelName: modelPath,
      resume: null,
      scratch,
    },
    { ...quiet, emit, breathe: () => new Promise((resolve) => setImmediate(resolve)) },
  );
  expect([stepCount, memory.length, checkpoints]).toEqual([STEPS, STEPS, STEPS / 100 - 1]);
  const quarter = (n: number): readonly number[] => memory.slice((n * STEPS) / 4, ((n + 1) * STEPS) / 4);
  const medians = [0, 1, 2, 3].map((n) => median(quarter(n)));
  const [, second = Number.NaN, , last = Number.NaN] = medians;
  writeRecord("training-soak", {
    section: "Robustness",
    title: "Two thousand training steps",
    summary: `${STEPS} steps of a tiny model with ${checkpoints} checkpoints, in one process: its memory in the last quarter is ${(100 * (last / second - 1)).toFixed(1)} % above that of the second (wanted: below ${100 * MOST_GROWTH} %).`,
    commands: ["npm run test:long -- tests/long/training-soak.test.ts"],
    sources: ["main/engine/training", "main/engine/runtime", "app/training"],
    tables: [
      {
        columns: ["steps", "median of the process's memory, MB"],
        rows: medians.map((bytes, n) => [`${(n * STEPS) / 4 + 1} to ${((n + 1) * STEPS) / 4}`, Math.round(bytes / 1e6)]),
      },
    ],
  });
  expect(last / second - 1).toBeLessThan(MOST_GROWTH);
});
