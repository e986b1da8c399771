"""Makes a small random checkpoint of each family with a PEFT adapter in a scratch folder, and what PEFT computes with both.

Step 1 of 4, see README.md: python tests/golden/peers/make-models.py SCRATCH [family ...]   (torch, transformers, peft)
SCRATCH/tokenizer must hold the tokenizer of a tiny model (step 0 writes it).
"""
import json, pathlib, shutil, sys
import torch, transformers, peft
from peft import LoraConfig, get_peft_model
from transformers import (Gemma3ForCausalLM, Gemma3TextConfig, GraniteConfig, GraniteForCausalLM, LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM,
                          Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM, SmolLM3Config, SmolLM3ForCausalLM)

SCRATCH = pathlib.Path(sys.argv[1])
VOCABULARY = json.loads((SCRATCH / "tokenizer" / "config.json").read_text())["vocab_size"]
SHAPE = dict(vocab_size=VOCABULARY, hidden_size=64, intermediate_size=96, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2,
             max_position_embeddings=256, rms_norm_eps=1e-5, bos_token_id=None, eos_token_id=VOCABULARY - 1, pad_token_id=None)
FAMILIES = {
    "llama": (LlamaForCausalLM, lambda: LlamaConfig(**SHAPE, tie_word_embeddings=True)),
    "llama3": (LlamaForCausalLM, lambda: LlamaConfig(**SHAPE, tie_word_embeddings=False, rope_parameters=dict(rope_type="llama3", rope_theta=500000.0,
               factor=32.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=8192))),
    "mistral": (MistralForCausalLM, lambda: MistralConfig(**SHAPE, head_dim=16, sliding_window=64, tie_word_embeddings=False)),
    "smollm3": (SmolLM3ForCausalLM, lambda: SmolLM3Config(**SHAPE, tie_word_embeddings=True)),
    "qwen2": (Qwen2ForCausalLM, lambda: Qwen2Config(**SHAPE, tie_word_embeddings=False)),
    "qwen3": (Qwen3ForCausalLM, lambda: Qwen3Config(**SHAPE, head_dim=32, tie_word_embeddings=True)),
    "gemma3": (Gemma3ForCausalLM, lambda: Gemma3TextConfig(**{**SHAPE, "num_hidden_layers": 7, "num_key_value_heads": 1}, head_dim=32, query_pre_attn_scalar=32,
               sliding_window=8, tie_word_embeddings=True)),
    "granite": (GraniteForCausalLM, lambda: GraniteConfig(**SHAPE, tie_word_embeddings=True, attention_bias=True, embedding_multiplier=1.5,
                attention_multiplier=0.4, residual_multiplier=0.7, logits_scaling=0.8)),
}
PROMPT = [84, 104, 101, 32, 113, 117, 105, 99, 107, 64, 70, 260, 80, 81, 200]
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

for name in sys.argv[2:] or FAMILIES:
    make, config = FAMILIES[name]
    torch.manual_seed(len(name))
    model = make(config()).eval()
    with torch.no_grad():
        for key, value in model.named_parameters():
            centre = 0.0 if value.dim() > 1 or "bias" in key or name == "gemma3" else 1.0
            value.copy_(torch.randn_like(value) * (0.12 if value.dim() > 1 else 0.1) + centre)
    folder = SCRATCH / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder / "base")
    (folder / "base" / "generation_config.json").unlink(missing_ok=True)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(SCRATCH / "tokenizer" / file, folder / "base" / file)
    lora = get_peft_model(make.from_pretrained(folder / "base", attn_implementation="eager").eval(),
                          LoraConfig(r=4, lora_alpha=8, target_modules=TARGETS)).eval()
    with torch.no_grad():
        for key, value in lora.named_parameters():
            if "lora_" in key:
                value.copy_(torch.randn_like(value) * 0.1)
    lora.save_pretrained(folder / "adapter")
    with torch.no_grad():
        ids = torch.tensor([PROMPT])
        logits = lora(ids).logits[0, -1]
        greedy = lora.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=24, do_sample=False, eos_token_id=None, pad_token_id=0)[0][len(PROMPT):].tolist()
    (folder / "expected.json").write_text(json.dumps(dict(prompt=PROMPT, logits=logits.tolist(), greedy=greedy)))
    print(name, greedy[:8])
(SCRATCH / "versions.json").write_text(json.dumps(dict(torch=torch.__version__, transformers=transformers.__version__, peft=peft.__version__)))
