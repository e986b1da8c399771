/** Merging and exporting through the whole lab with its real engine process. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { openRealLab } from "#tests/support/real-lab.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { writeTinyPolicy } from "#tests/support/tiny-adapter.ts";

it("merges an adapter into a policy of its own and writes it as a folder and as a GGUF file", async () => {
  const home = tempFolder();
  await writeTinyPolicy(home, "tiny-model");
  const { client, close } = await openRealLab(home, { training: 1, validation: 1 });
  onTestFinished(close);
  await client.policies.add({ path: join(home, "adapter"), name: "tuned" });
  const merged = await client.policies.merge({ policy: "tuned" });
  expect(merged).toMatchObject({ name: "tuned-merged", parent: "tuned", adapterHash: null, family: "llama" });

  const folder = join(home, "whole");
  const { files } = await client.policies.export({ policy: "tuned", path: folder, as: "hf" });
  expect(files).toEqual(["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]);
  expect(readdirSync(folder).sort()).toEqual(files);
  // The same weights either way: what was merged and what was written have one content.
  expect((await openCheckpoint(folder, { cacheDir: join(home, "cache") })).record.hash).toBe(merged.checkpointHash);

  const path = join(home, "tuned.gguf");
  expect(await client.policies.export({ policy: "tuned", path, as: "gguf", precision: "f32" })).toEqual({ path, files: ["tuned.gguf"] });
  const again = await client.policies.add({ path, name: "back" });
  expect(again.parameterCount).toBe(merged.parameterCount);

  await expect(client.policies.export({ policy: "tuned", path: join(home, "no"), as: "hf", precision: "q8_0" })).rejects.toThrow(
    "expected f32, f16 or bf16 for a Hugging Face folder, got q8_0",
  );
  const controller = new AbortController();
  controller.abort();
  await expect(
    client.policies.export({ policy: "tuned", path: join(home, "stopped.gguf"), as: "gguf" }, { signal: controller.signal }),
  ).rejects.toThrow();
  expect(readdirSync(home).filter((name) => name.includes("partial") || name.startsWith("stopped") || name === "no")).toEqual([]);
});
