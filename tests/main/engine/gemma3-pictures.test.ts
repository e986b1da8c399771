/** The text part of a tiny Gemma 3 that also sees pictures, in Hugging Face's layout, against Transformers (make-tiny-gemma3-pictures.py in tests/golden). */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { afterAll, expect, test } from "vitest";
import { weightsFromFiles } from "#app/models/decoder.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import { ropeFrequencies } from "#app/models/rope-tables.kernel.ts";
import { textPartOf } from "#app/models/text-part.ts";
import { openCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { readAdapter } from "#main/engine/checkpoints/peft-adapter.ts";
import { readSafetensorsHeader } from "#main/engine/checkpoints/safetensors.ts";
import { createLoadedPolicies } from "#main/engine/process/loaded-policies.ts";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import { prefill } from "#main/engine/sampling/prefill.ts";
import { traineeOf } from "#main/engine/training/trainee.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

/** Float32 against float32 by other kernels. */
const LOGIT_TOLERANCE = 1e-4;
const FOLDER = join(import.meta.dirname, "..", "..", "golden", "gemma3-pictures");

const sessions = createSessionCache(16, { threads: 1, fusion: "fast" });
afterAll(async () => {
  await sessions.release();
});

const expected = z
  .object({ prompt: z.array(z.number()), logits: z.array(z.array(z.number())), adapterLogits: z.array(z.number()) })
  .parse(JSON.parse(readFileSync(join(FOLDER, "expected.json"), "utf8")));

async function logitsOf(folder: string): Promise<readonly (readonly number[])[]> {
  const { config: json, tensors } = await openCheckpoint(folder, { cacheDir: tempFolder() });
  const config = parseModelConfig(json, folder);
  const policy = {
    key: folder,
    model: { config, weights: weightsFromFiles(tensors), adapter: null },
    factors: new Map(),
    frequencies: ropeFrequencies(config),
  };
  const rows: number[][] = [];
  for (let length = 1; length <= expected.prompt.length; length++)
    rows.push([...((await prefill(policy, sessions, expected.prompt.slice(0, length), 1)).next.logits ?? [])]);
  return rows;
}

function expectLogits(rows: readonly (readonly number[])[]): void {
  expect(rows.length).toBe(expected.logits.length);
  const furthest = rows.flatMap((row, i) => row.map((value, j) => Math.abs(value - (expected.logits[i]?.[j] ?? Number.NaN))));
  expect(Math.max(...furthest)).toBeLessThanOrEqual(LOGIT_TOLERANCE);
}

test("its text part gives Transformers' logits at every prompt length", async () => {
  expectLogits(await logitsOf(FOLDER));
});

test("so it does with the names that other versions of Transformers write", async () => {
  const folder = tempFolder();
  cpSync(join(FOLDER, "config.json"), join(folder, "config.json"));
  // Only the names in the header change: by as many bytes, so the data stay where they are.
  const bytes = readFileSync(join(FOLDER, "model.safetensors"));
  const renamed = bytes.toString("latin1").replaceAll('"language_model.model.', '"model.language_model.');
  writeFileSync(join(folder, "model.safetensors"), renamed, "latin1");
  expectLogits(await logitsOf(folder));
});

test("an adapter that PEFT trained on the whole model is read, and gives PEFT's logits", async () => {
  const { config: json, tensors } = await openCheckpoint(FOLDER, { cacheDir: tempFolder() });
  const config = parseModelConfig(json, FOLDER);
  const adapter = await readAdapter(join(FOLDER, "adapter"));
  const policy = {
    key: "with adapter",
    model: { config, weights: weightsFromFiles(tensors), adapter: { rank: adapter.rank, alpha: adapter.alpha, targets: adapter.targets } },
    factors: new Map([...adapter.tensors].map(([name, { data }]) => [name, data])),
    frequencies: ropeFrequencies(config),
  };
  const logits = (await prefill(policy, sessions, expected.prompt, 1)).next.logits ?? [];
  expect(Math.max(...expected.adapterLogits.map((wanted, i) => Math.abs(wanted - (logits[i] ?? Number.NaN))))).toBeLessThanOrEqual(LOGIT_TOLERANCE);
});

test("an adapter that the lab trained on its text part has the names by which PEFT finds the whole model's modules", async () => {
  const home = tempFolder();
  const base = join(home, "base");
  for (const name of ["config.json", "model.safetensors"]) cpSync(join(FOLDER, name), join(base, name));
  const model = { type: "BPE", unk_token: null, byte_fallback: false, ignore_merges: false, vocab: { a: 0, b: 1, "<eos>": 2 }, merges: [] };
  const tokenizer = { version: "1.0", added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, model };
  writeFileSync(join(base, "tokenizer.json"), JSON.stringify(tokenizer));
  writeFileSync(join(base, "tokenizer_config.json"), JSON.stringify({ eos_token: "<eos>" }));
  const policies = createLoadedPolicies(join(home, "cache"));
  const { record } = await policies.open(base, {});
  const { rank, alpha, targets } = await readAdapter(join(FOLDER, "adapter"));
  const trainee = await traineeOf(policies, {
    policy: { checkpointPath: base, checkpointHash: record.hash, adapterPath: null },
    settings: { trains: "adapter", adapter: { rank, alpha, targets: [...targets] } },
    seed: 1,
    baseModelName: base,
  });
  const { folder } = await trainee.write(trainee.policy.factors, home);
  const [ours, theirs] = [folder, join(FOLDER, "adapter")];
  const namesIn = async (place: string): Promise<readonly string[]> => [
    ...(await readSafetensorsHeader(join(place, "adapter_model.safetensors"))).tensors.keys(),
  ];
  expect(await namesIn(ours)).toEqual(await namesIn(theirs));
  const targetsIn = (place: string): unknown =>
    (JSON.parse(readFileSync(join(place, "adapter_config.json"), "utf8")) as { readonly target_modules: unknown }).target_modules;
  expect(targetsIn(ours)).toEqual(targetsIn(theirs));
  // The next round goes on from it.
  expect((await policies.adapterOf({ checkpointPath: base, checkpointHash: record.hash, adapterPath: folder }))?.factors).toEqual(
    trainee.policy.factors,
  );
});

test("a part that is left out of the published configurations has Transformers' defaults", () => {
  // As in the configuration of the published 4B.
  const part = textPartOf({
    model_type: "gemma3",
    eos_token_id: [1, 106],
    text_config: {
      model_type: "gemma3_text",
      hidden_size: 2560,
      intermediate_size: 10240,
      num_hidden_layers: 34,
      rope_scaling: { factor: 8, rope_type: "linear" },
      sliding_window: 1024,
    },
    vision_config: {},
  });
  const config = parseModelConfig(part?.config, "config.json");
  expect(config).toMatchObject({
    hiddenSize: 2560,
    layerCount: 34,
    headCount: 8,
    kvHeadCount: 4,
    headSize: 256,
    vocabularySize: 262_208,
    isTied: true,
    maxPositions: 131_072,
  });
  expect(config.ropes).toEqual([
    { theta: 1e6, scaling: { kind: "linear", factor: 8 } },
    { theta: 1e4, scaling: { kind: "none" } },
  ]);
  expect(config.layers.filter((layer) => layer.window === null)).toHaveLength(5);
  expect(part?.config).toMatchObject({ eos_token_id: [1, 106], architectures: ["Gemma3ForCausalLM"] });
  expect(part?.nameOf("vision_tower.head.probe")).toBeUndefined();
  expect(part?.nameOf("multi_modal_projector.mm_soft_emb_norm.weight")).toBeUndefined();
  expect(part?.nameOf("model.vision_tower.head.probe")).toBeUndefined();
});

test("a text checkpoint has no other part", () => {
  expect(textPartOf({ model_type: "gemma3_text" })).toBeNull();
  expect(textPartOf(null)).toBeNull();
});
