"""Makes tiny-llama-biased.gguf from tests/golden/tiny-llama-biased with the gguf package: the same weights as llama.cpp
stores them (rows of queries and keys interleaved within each head), matrices of one layer as F16, the rest as F32.

Run with: python tests/golden/checkpoints/make-tiny-gguf.py   (gguf and safetensors; their versions stand in the file's
general.description)
"""

import json
import pathlib
from importlib.metadata import version

import gguf
import numpy as np
from safetensors.numpy import load_file

HERE = pathlib.Path(__file__).parent
SOURCE = HERE.parent / "tiny-llama-biased"
NAMES = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, 2)


def interleaved(weights, heads):
    return weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:]).swapaxes(1, 2).reshape(weights.shape)


def main():
    config = json.loads((SOURCE / "config.json").read_text())
    writer = gguf.GGUFWriter(HERE / "tiny-llama-biased.gguf", "llama")
    writer.add_description(f"gguf {version('gguf')}, safetensors {version('safetensors')}")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_rope_dimension_count(config["head_dim"])
    # The weights are what matters here: a vocabulary of bytes, without merges.
    alphabet = [chr(c) for c in range(0x21, 0x21 + config["vocab_size"] - 3)]
    tokens = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *alphabet]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([3, 3, 3] + [1] * len(alphabet))
    writer.add_token_merges(["a b"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    for name, weights in load_file(SOURCE / "model.safetensors").items():
        if ".q_proj." in name:
            weights = interleaved(weights, config["num_attention_heads"])
        if ".k_proj." in name:
            weights = interleaved(weights, config["num_key_value_heads"])
        stored = NAMES.get_name(name, try_suffixes=(".weight", ".bias"))
        if weights.ndim > 1 and ".1." in name:
            weights = weights.astype(np.float16)
        writer.add_tensor(stored, np.ascontiguousarray(weights))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


main()
