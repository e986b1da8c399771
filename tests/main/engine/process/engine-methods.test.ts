/** What the engine refuses when a checkpoint is opened as a policy, though its weights are sound. */
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ConfigError } from "#app/base/errors.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { createEngineMethods, type EngineCall } from "#main/engine/process/engine-methods.ts";
import { goldenFolder } from "#tests/support/golden-llama.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const call: EngineCall<unknown> = { emit: () => undefined, isCancelled: () => false, breathe: async () => undefined };

it("refuses a checkpoint without a tokenizer, or with a broken one, when it is opened and not first when it samples", async () => {
  const folder = tempFolder();
  const methods = createEngineMethods({ cacheDir: join(folder, "cache") });
  const bare = join(folder, "bare");
  cpSync(goldenFolder("tied"), bare, { recursive: true });
  const opening = methods.openCheckpoint({ path: bare }, call);
  await expect(opening).rejects.toThrow(`${bare}: expected a tokenizer.json beside the checkpoint, found none`);
  await expect(opening).rejects.toBeInstanceOf(ConfigError);
  writeFileSync(join(bare, "tokenizer.json"), '{"version":"1.0"}');
  await expect(methods.openCheckpoint({ path: bare }, call)).rejects.toThrow(`${bare}: expected a tokenizer.json that can be used`);

  const whole = join(folder, "whole");
  await writeTinyModel(whole, { seed: 1 });
  expect((await methods.openCheckpoint({ path: whole }, call)).path).toBe(whole);
});
