/** A tiny model of seeded random weights, all inputs of its graphs: what a device is tried with, needing no file. */
import { rngFor } from "#app/base/random.ts";
import { elementCount } from "#app/graph/shapes.ts";
import { checkpointTensors } from "#app/models/checkpoint-tensors.ts";
import { weightsFromInputs } from "#app/models/decoder.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import { ropeFrequencies } from "#app/models/rope-tables.kernel.ts";
import { engineWords } from "#app/text/engine.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";

const CONFIG = {
  model_type: "llama",
  hidden_size: 32,
  intermediate_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  hidden_act: "silu",
  max_position_embeddings: 256,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  tie_word_embeddings: true,
  vocab_size: 160,
};

/** Token ids that it knows, as many as are wanted. */
export function probeTokens(count: number, seed: number): readonly number[] {
  const rng = rngFor(seed, "probe");
  return Array.from({ length: count }, () => rng.below(CONFIG.vocab_size));
}

export function probePolicy(): PolicyModel {
  const config = parseModelConfig(CONFIG, engineWords.probeModel);
  const factors = [...checkpointTensors(config)].map(([name, shape]) => {
    const rng = rngFor(1, name);
    const isNorm = name.includes("norm");
    return [name, Float32Array.from({ length: elementCount(shape) }, () => (isNorm ? 1 : 0.4 * (rng.next() - 0.5)))] as const;
  });
  return {
    key: "probe",
    model: { config, weights: weightsFromInputs, adapter: null },
    factors: new Map(factors),
    frequencies: ropeFrequencies(config),
  };
}
