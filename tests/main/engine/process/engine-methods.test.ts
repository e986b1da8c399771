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

it("scores plain text as Transformers does, the first token aside", async () => {
  const folder = tempFolder();
  const methods = createEngineMethods({ cacheDir: join(folder, "cache") });
  const path = join(folder, "tiny");
  await writeTinyModel(path, { seed: 1 });
  const { hash } = await methods.openCheckpoint({ path }, call);
  const scored = await methods.scoreTexts(
    {
      policy: { checkpointHash: hash, checkpointPath: path, adapterPath: null },
      texts: ["The harbour of the small town.", "Bread needs four things"],
      engine: { device: "cpu", threads: 1 },
    },
    call,
  );
  // AutoTokenizer and AutoModelForCausalLM of Transformers 5.24.0 with torch 2.15.0 on that folder, log-softmax in float64:
  // the number of tokens after the first, the sum of their log-probabilities, and the first three.
  const expected = [
    { tokens: 23, sum: -110.91931077788028, first: [-4.445436363472648, -5.2012132360620695, -4.910298799875924] },
    { tokens: 18, sum: -85.90482681591543, first: [-3.46257827049333, -4.824595916708343, -3.806750615055565] },
  ];
  expected.forEach(({ tokens, sum, first }, i) => {
    const logps = scored[i] ?? [];
    expect(logps.length).toBe(tokens);
    expect(Math.abs(logps.reduce((total, logp) => total + logp, 0) - sum)).toBeLessThan(1e-4);
    first.forEach((logp, t) => {
      expect(Math.abs((logps[t] ?? Number.NaN) - logp)).toBeLessThan(1e-5);
    });
  });
});
