/** What each family's config.json says, in old and new spellings, and which variants are refused. */
import { describe, expect, it } from "vitest";
import { granite } from "#app/models/families/granite.ts";
import { checkpointTensors } from "#app/models/checkpoint-tensors.ts";
import { type ModelConfig, parseModelConfig } from "#app/models/model-config.ts";
import { ropeFrequencies } from "#app/models/rope-tables.kernel.ts";

const SIZES = { hidden_size: 64, intermediate_size: 96, num_hidden_layers: 6, num_attention_heads: 4, num_key_value_heads: 2, vocab_size: 100 };

function parse(modelType: string, more: Readonly<Record<string, unknown>> = {}): ModelConfig {
  return parseModelConfig({ model_type: modelType, ...SIZES, ...more }, "config.json");
}

function windowsOf(config: ModelConfig): readonly (number | null)[] {
  return config.layers.map((layer) => layer.window);
}

describe("llama", () => {
  it("has biases where its configuration says so", () => {
    expect(parse("llama").biases).toEqual([]);
    expect(parse("llama", { attention_bias: true }).biases).toEqual(["q_proj", "k_proj", "v_proj", "o_proj"]);
    expect(parse("llama", { mlp_bias: true }).biases).toEqual(["gate_proj", "up_proj", "down_proj"]);
  });
});

describe("mistral", () => {
  it("slides in all layers, in none, or in those that layer_types names", () => {
    expect(windowsOf(parse("mistral", { sliding_window: 32 }))).toEqual(Array(6).fill(32));
    expect(windowsOf(parse("mistral", { sliding_window: null }))).toEqual(Array(6).fill(null));
    const layerTypes = ["full_attention", ...Array<string>(5).fill("sliding_attention")];
    expect(windowsOf(parse("mistral", { sliding_window: 8, layer_types: layerTypes }))).toEqual([null, 8, 8, 8, 8, 8]);
  });
});

describe("smollm3", () => {
  it("leaves every fourth layer without positions, or those that are listed", () => {
    expect(parse("smollm3").layers.map((layer) => layer.rope)).toEqual([0, 0, 0, null, 0, 0]);
    expect(parse("smollm3", { no_rope_layer_interval: 2 }).layers.map((layer) => layer.rope)).toEqual([0, null, 0, null, 0, null]);
    expect(parse("smollm3", { no_rope_layers: [0, 1, 1, 1, 1, 1] }).layers.map((layer) => layer.rope)).toEqual([null, 0, 0, 0, 0, 0]);
  });

  it("has Transformers' defaults: a tied head, which Transformers 4 leaves unsaid, and its own rotary base", () => {
    expect(parse("smollm3")).toMatchObject({ isTied: true, ropes: [{ theta: 2e6, scaling: { kind: "none" } }] });
    expect(parse("smollm3", { tie_word_embeddings: false, rope_theta: 5e6 })).toMatchObject({ isTied: false, ropes: [{ theta: 5e6 }] });
  });
});

describe("qwen2", () => {
  it("slides from max_window_layers on, if at all", () => {
    expect(windowsOf(parse("qwen2", { sliding_window: 16, max_window_layers: 4 }))).toEqual(Array(6).fill(null));
    const sliding = { sliding_window: 16, max_window_layers: 4, use_sliding_window: true };
    expect(windowsOf(parse("qwen2", sliding))).toEqual([null, null, null, null, 16, 16]);
    expect(parse("qwen2").biases).toEqual(["q_proj", "k_proj", "v_proj"]);
  });
});

describe("qwen3", () => {
  it("norms heads of 128 unless told of another size", () => {
    expect(parse("qwen3").headSize).toBe(128);
    const config = parse("qwen3", { head_dim: 32 });
    expect(checkpointTensors(config).get("model.layers.5.self_attn.k_norm.weight")).toEqual([32]);
  });
});

describe("gemma3", () => {
  const gemma = (more: Readonly<Record<string, unknown>> = {}): ModelConfig => parse("gemma3_text", { head_dim: 32, sliding_window: 512, ...more });

  it("reads the older spelling: a pattern of layers and two rotary bases", () => {
    const config = gemma({
      sliding_window_pattern: 3,
      rope_theta: 1e6,
      rope_local_base_freq: 5000,
      rope_scaling: { rope_type: "linear", factor: 8 },
    });
    expect(windowsOf(config)).toEqual([512, 512, null, 512, 512, null]);
    expect(config.layers.map((layer) => layer.rope)).toEqual([1, 1, 0, 1, 1, 0]);
    expect(config.ropes).toEqual([
      { theta: 1e6, scaling: { kind: "linear", factor: 8 } },
      { theta: 5000, scaling: { kind: "none" } },
    ]);
    expect(ropeFrequencies(config).map((frequencies) => frequencies.length)).toEqual([16, 16]);
  });

  it("reads the newer spelling, and takes the same defaults as Transformers", () => {
    const config = gemma({
      rope_parameters: {
        full_attention: { rope_type: "default", rope_theta: 2e6 },
        sliding_attention: { rope_type: "default", rope_theta: 3e4 },
      },
    });
    expect(config.ropes.map((rope) => rope.theta)).toEqual([2e6, 3e4]);
    expect(windowsOf(config)).toEqual([512, 512, 512, 512, 512, null]);
    expect(config).toMatchObject({ isTied: true, embeddingScale: 8, queryScale: 1 / 16, logitSoftcap: null, maxPositions: 131_072 });
    expect(gemma().ropes.map((rope) => rope.theta)).toEqual([1e6, 1e4]);
  });
});

describe("granite", () => {
  it("scales by what its configuration says, and by 1 where Transformers does", () => {
    const multipliers = { embedding_multiplier: 12, attention_multiplier: 0.015625, residual_multiplier: 0.22, logits_scaling: 8 };
    expect(parse("granite", multipliers)).toMatchObject({ embeddingScale: 12, queryScale: 0.015625, residualScale: 0.22, logitScale: 0.125 });
    expect(parse("granite")).toMatchObject({ embeddingScale: 1, queryScale: 1, residualScale: 1, logitScale: 1 });
    expect(parse("granite", { attention_bias: true }).biases).toEqual(["q_proj", "k_proj", "v_proj", "o_proj"]);
    expect(parse("granite", { mlp_bias: true }).biases).toEqual(["gate_proj", "up_proj", "down_proj"]);
  });

  const fromGguf = (numbers: Readonly<Record<string, number>>, flags: Readonly<Record<string, boolean>> = {}): ModelConfig =>
    parse("granite", {
      ...granite.gguf.configFields?.(
        {
          number: (key) => numbers[key] ?? Number.NaN,
          optionalNumber: (key) => numbers[key],
          optionalText: () => undefined,
          optionalFlag: (key) => flags[key],
        },
        { layerCount: 6, headSize: 16 },
      ),
    });

  it("takes llama.cpp's scales where a GGUF leaves them out or has 0", () => {
    const usual = { embeddingScale: 1, queryScale: 0.25, residualScale: 1, logitScale: 0.125 };
    expect(fromGguf({ logit_scale: 8 })).toMatchObject(usual);
    expect(fromGguf({ logit_scale: 8, "attention.scale": 0, embedding_scale: 0, residual_scale: 0 })).toMatchObject(usual);
    expect(fromGguf({ logit_scale: 8, "attention.scale": 0.5, embedding_scale: 3, residual_scale: 0.2 })).toMatchObject({
      embeddingScale: 3,
      queryScale: 0.5,
      residualScale: 0.2,
    });
  });

  it("is refused from a GGUF whose rotary positions are switched off", () => {
    expect(fromGguf({ logit_scale: 8 }, { "rope.scaling.finetuned": true }).logitScale).toBe(0.125);
    expect(() => fromGguf({ logit_scale: 8 }, { "rope.scaling.finetuned": false })).toThrow("config.json: position_embedding_type:");
  });
});

describe("a variant that would be computed wrongly", () => {
  it.each([
    ["llama", { hidden_act: "gelu" }, "config.json: expected the activation silu, got gelu"],
    ["llama", { rope_scaling: { rope_type: "yarn", factor: 4 } }, "config.json: expected rope scaling default, linear or llama3, got yarn"],
    ["llama", { partial_rotary_factor: 0.5 }, "config.json: expected rotary positions over whole heads, got partial_rotary_factor 0.5"],
    ["llama", { quantization_config: { quant_method: "gptq" } }, "got a quantised checkpoint (quantization_config); use the original, or a GGUF"],
    ["llama", { num_key_value_heads: 3 }, "expected num_attention_heads to be a multiple of num_key_value_heads, got 4 and 3"],
    ["qwen3", { layer_types: ["linear_attention"] }, "layer_types: expected full_attention or sliding_attention for layer 0, got linear_attention"],
    ["gemma3_text", { attn_logit_softcapping: 50 }, "config.json: attn_logit_softcapping:"],
    ["gemma3_text", { use_bidirectional_attention: true }, "config.json: use_bidirectional_attention:"],
    ["gemma3_text", { hidden_activation: "silu" }, "expected the activation gelu_pytorch_tanh, got silu"],
    ["granite", { position_embedding_type: "nope" }, "config.json: position_embedding_type:"],
    ["granite", { residual_multiplier: 0 }, "config.json: residual_multiplier:"],
    ["granite", { hidden_act: "gelu" }, "config.json: expected the activation silu, got gelu"],
    ["granitemoe", {}, "config.json: expected a dense model of text, got a mixture of experts"],
    ["granitemoehybrid", {}, "config.json: expected a dense model of text, got a hybrid of attention and state-space layers"],
    ["gemma3", {}, "config.json: expected a dense model of text, got a Gemma 3 configuration without a text_config"],
    ["mixtral", {}, "expected a dense model of text, got a mixture of experts"],
    [
      "mamba",
      {},
      "expected a model of a family that the lab knows (model_type llama, mistral, smollm3, qwen2, qwen3, gemma3_text, granite), got mamba",
    ],
  ])("%s with %j is refused", (modelType, more, message) => {
    expect(() => parse(modelType, more)).toThrow(message);
  });

  it("is refused when it does not say what it is", () => {
    expect(() => parseModelConfig({ hidden_size: 8 }, "config.json")).toThrow(
      "config.json: expected a model configuration with a model_type, found none",
    );
  });
});
