/** Adapters that the lab writes: PEFT loads them and computes the lab's logits (tests/golden/read-trained-adapter.py). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readAdapter, writeAdapter } from "#main/engine/checkpoints/peft-adapter.ts";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import { prefill } from "#main/engine/sampling/prefill.ts";
import { goldenFolder, goldenPolicy } from "#tests/support/golden-llama.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const trained = join(goldenFolder("tied"), "trained");

it("reads and writes an adapter to the same bytes", async () => {
  const copy = tempFolder();
  await writeAdapter(copy, await readAdapter(trained));
  for (const file of ["adapter_config.json", "adapter_model.safetensors"])
    expect(readFileSync(join(copy, file)).equals(readFileSync(join(trained, file))), file).toBe(true);
});

it("computes what PEFT computes with an adapter that the lab trained", async () => {
  const expected = JSON.parse(readFileSync(join(goldenFolder("tied"), "trained-expected.json"), "utf8")) as {
    readonly prompt: readonly number[];
    readonly logits: readonly number[];
  };
  const { tensors } = await readAdapter(trained);
  const sessions = createSessionCache(1, { threads: 1, fusion: "fast" });
  const policy = { ...goldenPolicy("tied", true), factors: new Map([...tensors].map(([name, { data }]) => [name, data])) };
  const { next } = await prefill(policy, sessions, expected.prompt, 1);
  await sessions.release();
  expected.logits.forEach((want, i) => {
    expect(Math.abs((next.logits?.[i] ?? Number.NaN) - want)).toBeLessThan(1e-4);
  });
});
