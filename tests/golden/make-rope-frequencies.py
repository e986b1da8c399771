"""Writes rope-frequencies.json: the rotary frequencies that Transformers computes for configurations of released models,
and for linear scaling, as float32.

Needs torch, transformers. Run from the repository's root: python tests/golden/make-rope-frequencies.py
"""
import json
import pathlib

import torch
import transformers
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

LLAMA3 = dict(rope_type="llama3", low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=8192)
CASES = {
    "no scaling": dict(hidden_size=576, num_attention_heads=9, rope_theta=10000.0, max_position_embeddings=2048),
    "SmolLM2-135M-Instruct": dict(hidden_size=576, num_attention_heads=9, num_key_value_heads=3, rope_theta=100000, max_position_embeddings=8192),
    "linear scaling": dict(hidden_size=512, num_attention_heads=8, rope_theta=10000.0, max_position_embeddings=8192, rope_scaling=dict(rope_type="linear", factor=4.0)),
    "Llama-3.1-8B": dict(hidden_size=4096, num_attention_heads=32, num_key_value_heads=8, rope_theta=500000.0, max_position_embeddings=131072, rope_scaling=dict(LLAMA3, factor=8.0)),
    "Llama-3.2-1B": dict(hidden_size=2048, num_attention_heads=32, num_key_value_heads=8, head_dim=64, rope_theta=500000.0, max_position_embeddings=131072, rope_scaling=dict(LLAMA3, factor=32.0)),
}
made = {"versions": {"torch": torch.__version__, "transformers": transformers.__version__}, "cases": []}
for name, settings in CASES.items():
    config = LlamaConfig(**{**settings, **({"rope_scaling": dict(settings["rope_scaling"], rope_theta=settings["rope_theta"])} if "rope_scaling" in settings else {})})
    rotary = LlamaRotaryEmbedding(config)
    assert rotary.attention_scaling == 1.0
    json_config = dict(model_type="llama", intermediate_size=64, num_hidden_layers=1, vocab_size=8, **settings)
    made["cases"].append({"name": name, "config": json_config, "frequencies": [float(f"{x:.9g}") for x in rotary.inv_freq.tolist()]})
(pathlib.Path(__file__).parent / "rope-frequencies.json").write_text(json.dumps(made, indent=1) + "\n")
