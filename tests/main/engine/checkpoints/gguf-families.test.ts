/** GGUF files of each family, made by the gguf package: the weights and the configuration of the folder beside them. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type LayerConfig, type ModelConfig, parseModelConfig } from "#app/models/model-config.ts";
import { openCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { ropeFactors, scalingOfFactors } from "#main/engine/checkpoints/rope-factors.ts";
import { readSafetensors } from "#main/engine/checkpoints/safetensors.ts";
import { GOLDEN_FAMILIES, type GoldenFamily, goldenFolder } from "#tests/support/golden-llama.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { numbersAt } from "./stored-weights.ts";

const plainLayers = (count: number): readonly LayerConfig[] => Array.from({ length: count }, () => ({ window: null, rope: 0 }));

/** What a family's file does not say and llama.cpp's code does; a family that is not here gives all of its configuration. */
const FROM_LLAMA_CPP: { readonly [F in GoldenFamily]?: Partial<ModelConfig> } = {
  // The file is one of a Llama without a window.
  mistral: { family: "llama", layers: plainLayers(2) },
  smollm3: { layers: [0, 1, 2, 3].map((layer) => ({ window: null, rope: layer === 3 ? null : 0 })) },
  qwen2: { layers: plainLayers(2) },
  gemma3: { queryScale: 1 / Math.sqrt(8), layers: Array.from({ length: 2 }, () => ({ window: 4, rope: 1 })) },
};

describe.each(GOLDEN_FAMILIES)("a GGUF file of %s", (family) => {
  it("gives the weights of its Hugging Face folder", async () => {
    const { tensors } = await openCheckpoint(join(goldenFolder(family), "model.gguf"), { cacheDir: tempFolder() });
    const original = await readSafetensors(join(goldenFolder(family), "model.safetensors"));
    expect([...tensors.keys()].sort()).toEqual([...original.keys()].sort());
    for (const [name, location] of tensors) {
      const data = original.get(name)?.data ?? new Float32Array();
      // The file holds 1 + w of Gemma's norms, rounded; what comes back is the w that gives the same sum.
      const isOffset = family === "gemma3" && name.endsWith("norm.weight");
      expect([...numbersAt(location)], name).toEqual(Array.from(data, (x) => (isOffset ? Math.fround(Math.fround(x + 1) - 1) : x)));
    }
  });

  it("gives the configuration of its Hugging Face folder, but for what llama.cpp does not store", async () => {
    const cacheDir = tempFolder();
    const fromFile = parseModelConfig((await openCheckpoint(join(goldenFolder(family), "model.gguf"), { cacheDir })).config, "file");
    const fromFolder = parseModelConfig((await openCheckpoint(goldenFolder(family), { cacheDir })).config, "folder");
    expect(fromFile).toEqual({ ...fromFolder, ...FROM_LLAMA_CPP[family] });
  });
});

describe("rotary factors", () => {
  const config = parseModelConfig(
    { model_type: "llama", hidden_size: 64, intermediate_size: 8, num_hidden_layers: 1, num_attention_heads: 1, vocab_size: 8, rope_theta: 5e5 },
    "test",
  );

  it("give back the scaling that Llama 3 was published with, and no other", () => {
    const published = { kind: "llama3", factor: 32, lowFreqFactor: 1, highFreqFactor: 4, originalMaxPositions: 8192 } as const;
    const factors = ropeFactors(config, published);
    expect([factors[0], factors.at(-1)]).toEqual([1, 32]);
    expect(scalingOfFactors(config, factors)).toEqual(published);
    expect(scalingOfFactors(config, ropeFactors(config, { ...published, highFreqFactor: 8 }))).toBeUndefined();
    expect(scalingOfFactors(config, factors.subarray(1))).toBeUndefined();
  });
});
