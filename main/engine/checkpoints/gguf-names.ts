/** llama.cpp's names of tensors beside Hugging Face's, for reading and for writing. */
import type { Family } from "#app/models/family.ts";

/** llama.cpp's module within a layer for each of Hugging Face's, where a family does not say otherwise. */
const LAYER_MODULES: Readonly<Record<string, string>> = {
  input_layernorm: "attn_norm",
  post_attention_layernorm: "ffn_norm",
  "self_attn.q_proj": "attn_q",
  "self_attn.k_proj": "attn_k",
  "self_attn.v_proj": "attn_v",
  "self_attn.o_proj": "attn_output",
  "mlp.gate_proj": "ffn_gate",
  "mlp.up_proj": "ffn_up",
  "mlp.down_proj": "ffn_down",
};

const TOP_NAMES: Readonly<Record<string, string>> = {
  "model.embed_tokens.weight": "token_embd.weight",
  "model.norm.weight": "output_norm.weight",
  "lm_head.weight": "output.weight",
};

/** Factors by which rotary frequencies are divided, one for each pair of a head. */
export const ROPE_FACTORS = "rope_freqs.weight";

/** Undefined for a tensor that the family has no name for. */
export function ggufName(family: Family, name: string): string | undefined {
  const [, layer, module, kind] = /^model\.layers\.(\d+)\.(.+)\.(weight|bias)$/.exec(name) ?? [];
  if (layer === undefined || module === undefined || kind === undefined) return TOP_NAMES[name];
  const known = { ...LAYER_MODULES, ...family.gguf.modules }[module];
  return known === undefined ? undefined : `blk.${layer}.${known}.${kind}`;
}

/** The function that turns llama.cpp's names back; undefined for what the decoder does not read. */
export function huggingFaceNames(family: Family): (name: string) => string | undefined {
  const top = new Map(Object.entries(TOP_NAMES).map(([hf, gguf]) => [gguf, hf]));
  const modules = new Map(Object.entries({ ...LAYER_MODULES, ...family.gguf.modules }).map(([hf, gguf]) => [gguf, hf]));
  return (name) => {
    const known = top.get(name);
    if (known !== undefined) return known;
    const [, layer, module, kind] = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(name) ?? [];
    const found = module === undefined ? undefined : modules.get(module);
    return layer === undefined || found === undefined || kind === undefined ? undefined : `model.layers.${layer}.${found}.${kind}`;
  };
}

/** Heads whose rows are interleaved in a tensor of llama.cpp's; null for rows in their usual order. `name` is Hugging Face's. */
export function interleavedHeadsOf(family: Family, name: string, heads: { readonly headCount: number; readonly kvHeadCount: number }): number | null {
  if (!family.gguf.interleavesHeads) return null;
  if (name.includes(".q_proj.")) return heads.headCount;
  return name.includes(".k_proj.") ? heads.kvHeadCount : null;
}

export function isNorm(name: string): boolean {
  return name.endsWith("norm.weight");
}
