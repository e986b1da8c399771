/** The adapter of a training checkpoint is the one that a run gives which ends there. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { trainingSettingsSchema } from "#app/domain/training.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { createEngineMethods, type EngineCall } from "#main/engine/process/engine-methods.ts";
import type { EngineTrainEvent, EngineTrainJob } from "#main/engine/process/protocol.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const quiet: EngineCall<never> = { emit: () => undefined, isCancelled: () => false, breathe: () => Promise.resolve() };

it("holds the same bytes, and another step of the folder is refused", async () => {
  const home = tempFolder();
  const path = join(home, "model");
  await writeTinyModel(path, { seed: 3 });
  const methods = createEngineMethods({ cacheDir: join(home, "cache") });
  const { hash } = await methods.openCheckpoint({ path }, quiet);
  const policy = { checkpointHash: hash, checkpointPath: path, adapterPath: null };
  const train = async (epochs: number, name: string) => {
    const checkpoints: Extract<EngineTrainEvent, { readonly kind: "checkpointWritten" }>[] = [];
    const scratch = join(home, name);
    mkdirSync(scratch);
    const job: EngineTrainJob = {
      policy,
      pairs: Array.from({ length: 4 }, (_, i) => ({
        pairId: String(i),
        messages: [{ role: "user", content: `Question ${i}` }],
        chosenTokenIds: [10 + i, 20 + i, 30 + i],
        rejectedTokenIds: [40 + i, 50 + i],
      })),
      // A constant rate: the steps of the first epoch are the same however many follow.
      settings: trainingSettingsSchema.parse({
        batchSize: 2,
        epochs,
        schedule: "constant",
        warmupShare: 0,
        checkpointEverySteps: 2,
        adapter: { rank: 2, alpha: 4, targets: ["q_proj", "v_proj"] },
      }),
      seed: 1,
      baseModelName: path,
      resume: null,
      scratch,
    };
    const { adapterFolder } = await methods.train(job, {
      ...quiet,
      emit: (event) => {
        if (event.kind === "checkpointWritten") checkpoints.push(event);
      },
    });
    return { adapterFolder, checkpoints, settings: job.settings };
  };
  const short = await train(1, "short");
  const long = await train(2, "long");
  const [checkpoint] = long.checkpoints;
  expect(checkpoint?.step).toBe(2);
  const scratch = join(home, "kept");
  mkdirSync(scratch);
  const kept = await methods.adapterAt(
    { policy, baseModelName: path, adapter: long.settings.adapter, step: 2, folder: checkpoint?.folder ?? "", scratch },
    quiet,
  );
  for (const file of ["adapter_config.json", "adapter_model.safetensors"])
    expect(readFileSync(join(kept.adapterFolder, file)).equals(readFileSync(join(short.adapterFolder, file))), file).toBe(true);
  expect(
    readFileSync(join(long.adapterFolder, "adapter_model.safetensors")).equals(readFileSync(join(kept.adapterFolder, "adapter_model.safetensors"))),
  ).toBe(false);
  await expect(
    methods.adapterAt(
      { policy, baseModelName: path, adapter: { ...long.settings.adapter, rank: 4 }, step: 2, folder: checkpoint?.folder ?? "", scratch },
      quiet,
    ),
  ).rejects.toThrow("training checkpoint at step 2: expected");
});
