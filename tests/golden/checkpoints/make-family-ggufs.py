"""Makes tests/golden/families/*/model.gguf with the gguf package: the weights of model.safetensors under llama.cpp's names,
as its converter stores them (Llama's queries and keys interleaved within each head, 1 added to Gemma's norms).

Run after make-tiny-families.py: python tests/golden/checkpoints/make-family-ggufs.py [family ...]   (gguf, safetensors; their
versions stand in the files' general.description)
"""

import json
import pathlib
import sys
from importlib.metadata import version

import gguf
import numpy as np
from safetensors.numpy import load_file

FAMILIES = pathlib.Path(__file__).parent.parent / "families"


def gemma3_metadata(writer, config):
    writer.add_sliding_window(config["sliding_window"])
    writer.add_final_logit_softcapping(config["final_logit_softcapping"])


def granite_metadata(writer, config):
    writer.add_embedding_scale(config["embedding_multiplier"])
    writer.add_attention_scale(config["attention_multiplier"])
    writer.add_residual_scale(config["residual_multiplier"])
    writer.add_logit_scale(config["logits_scaling"])


# Of each family: llama.cpp's architecture, whether its converter interleaves queries and keys, what it adds to norms, and
# the metadata that it writes beyond those of all families.
NO_METADATA = lambda writer, config: None
FORMS = {
    "mistral": (gguf.MODEL_ARCH.LLAMA, True, 0, NO_METADATA),
    "smollm3": (gguf.MODEL_ARCH.SMOLLM3, True, 0, NO_METADATA),
    "qwen2": (gguf.MODEL_ARCH.QWEN2, False, 0, NO_METADATA),
    "qwen3": (gguf.MODEL_ARCH.QWEN3, False, 0, NO_METADATA),
    "gemma3": (gguf.MODEL_ARCH.GEMMA3, False, 1, gemma3_metadata),
    "granite": (gguf.MODEL_ARCH.GRANITE, True, 0, granite_metadata),
}


def interleaved(weights, heads):
    return weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:]).swapaxes(1, 2).reshape(weights.shape)


for family in sys.argv[1:] or FORMS:
    architecture, interleaves, norm_offset, add_metadata = FORMS[family]
    folder = FAMILIES / family
    config = json.loads((folder / "config.json").read_text())
    head_size = config.get("head_dim", config["hidden_size"] // config["num_attention_heads"])
    names = gguf.get_tensor_name_map(architecture, config["num_hidden_layers"])
    writer = gguf.GGUFWriter(folder / "model.gguf", gguf.MODEL_ARCH_NAMES[architecture])
    writer.add_description(f"gguf {version('gguf')}, safetensors {version('safetensors')}")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_key_length(head_size)
    writer.add_value_length(head_size)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    rope = config["rope_parameters"]
    rope = rope.get("full_attention", rope)
    writer.add_rope_freq_base(rope["rope_theta"])
    if rope["rope_type"] == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rope["factor"])
    add_metadata(writer, config)
    # The weights are what matters here: a vocabulary of bytes, without merges.
    alphabet = [chr(c) for c in range(0x21, 0x21 + config["vocab_size"] - 3)]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(["<|endoftext|>", "<|im_start|>", "<|im_end|>", *alphabet])
    writer.add_token_types([3, 3, 3] + [1] * len(alphabet))
    writer.add_token_merges(["a b"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    for name, weights in load_file(folder / "model.safetensors").items():
        if interleaves:
            if ".q_proj." in name:
                weights = interleaved(weights, config["num_attention_heads"])
            if ".k_proj." in name:
                weights = interleaved(weights, config["num_key_value_heads"])
        if name.endswith("norm.weight"):
            weights = weights + np.float32(norm_offset)
        writer.add_tensor(names.get_name(name, try_suffixes=(".weight", ".bias")), np.ascontiguousarray(weights))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(family, (folder / "model.gguf").stat().st_size)
