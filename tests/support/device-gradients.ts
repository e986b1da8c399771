/** Prints losses and gradients of the golden pairs on the device named, as JSON: a process of its own, as drivers are loaded once. */
import { trainingSettingsSchema } from "#app/domain/training.ts";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import { differentiatePairs } from "#main/engine/training/pair-runs.ts";
import { goldenExpected, goldenFullPolicy, goldenPolicy } from "./golden-llama.ts";

const [, , device] = process.argv;
if (device !== "cpu" && device !== "webgpu") throw new Error(`expected a device, got ${String(device)}`);

const sessions = createSessionCache(2, { device, threads: 1, fusion: "exact" });
// References that are not the policy's, so that every term of the loss counts.
const reference = { chosen: Float32Array.of(-15, -9, -20), rejected: Float32Array.of(-12, -25, -4) };
const settings = trainingSettingsSchema.parse({ beta: 0.3, sftWeight: 0.05 });

async function compute(policy: ReturnType<typeof goldenPolicy>, variant: Parameters<typeof goldenExpected>[0]) {
  const pairs = goldenExpected(variant).pairs.map(({ prompt, chosen, rejected }) => ({
    promptIds: prompt,
    chosenIds: chosen,
    rejectedIds: rejected,
  }));
  const batch = { pairs, indices: [0, 1, 2], weight: 1 / 3 };
  const { losses, chosenLogps, gradients } = await differentiatePairs({ policy, sessions, batch: 3 }, batch, policy.factors, reference, settings);
  return { losses, chosenLogps, gradients: Object.fromEntries([...gradients].map(([name, numbers]) => [name, [...numbers]])) };
}

process.stdout.write(
  JSON.stringify({
    adapter: await compute(goldenPolicy("tied", true), "tied"),
    "all weights": await compute(goldenFullPolicy("biased"), "biased"),
  }),
);
