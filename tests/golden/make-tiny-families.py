"""Makes tests/golden/families/*: a tiny random checkpoint of each model family, and what Transformers and PEFT compute with it.

Needs torch, transformers, peft, safetensors; their versions are written into each expected.json. Run from the repository's
root: python tests/golden/make-tiny-families.py [family ...]
"""
import json, pathlib, shutil, sys
import torch, transformers, peft
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import (Gemma3ForCausalLM, Gemma3TextConfig, GraniteConfig, GraniteForCausalLM, MistralConfig, MistralForCausalLM, Qwen2Config, Qwen2ForCausalLM,
                          Qwen3Config, Qwen3ForCausalLM, SmolLM3Config, SmolLM3ForCausalLM)

HERE = pathlib.Path(__file__).parent / "families"
SHAPE = dict(vocab_size=40, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
             max_position_embeddings=64, rms_norm_eps=1e-5, bos_token_id=1, eos_token_id=2, pad_token_id=0, attention_dropout=0.0)
FAMILIES = {
    # Every layer sees the last five positions only.
    "mistral": (MistralForCausalLM, lambda: MistralConfig(**SHAPE, head_dim=6, sliding_window=5, tie_word_embeddings=False)),
    # Layers 2 and 4 have no rotary positions.
    "smollm3": (SmolLM3ForCausalLM, lambda: SmolLM3Config(**{**SHAPE, "num_hidden_layers": 4}, no_rope_layers=[1, 0, 1, 0], tie_word_embeddings=True)),
    # Biases on queries, keys and values; the upper layer slides.
    "qwen2": (Qwen2ForCausalLM, lambda: Qwen2Config(**SHAPE, use_sliding_window=True, sliding_window=6, max_window_layers=1, tie_word_embeddings=False)),
    # Norms on the queries and keys of each head.
    "qwen3": (Qwen3ForCausalLM, lambda: Qwen3Config(**SHAPE, head_dim=6, tie_word_embeddings=True)),
    # Two rotary bases, a sliding layer below a global one, a query scale and soft-capped logits of its own.
    "gemma3": (Gemma3ForCausalLM, lambda: Gemma3TextConfig(**{**SHAPE, "num_key_value_heads": 1}, head_dim=8, sliding_window=4, layer_types=["sliding_attention", "full_attention"],
               query_pre_attn_scalar=11, final_logit_softcapping=7.5, tie_word_embeddings=True,
               rope_parameters={"sliding_attention": {"rope_type": "default", "rope_theta": 10000.0}, "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 1000000.0}})),
    # Scales of embeddings, scores, residuals and logits, and biases everywhere.
    "granite": (GraniteForCausalLM, lambda: GraniteConfig(**SHAPE, head_dim=6, attention_bias=True, mlp_bias=True, tie_word_embeddings=True,
                embedding_multiplier=0.3, attention_multiplier=0.7, residual_multiplier=1.22, logits_scaling=0.6)),
}
PAIRS = [
    dict(prompt=[1, 5, 9, 13, 4], chosen=[7, 8, 9, 2], rejected=[10, 11, 2]),
    dict(prompt=[1, 30, 31], chosen=[37, 2], rejected=[31, 32, 33, 34, 35, 12, 2]),
]
PROMPT = [1, 5, 9, 13, 4, 39, 22, 22, 8, 11]
BETA = 0.3
RANK, ALPHA, TARGETS = 3, 6, ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def logps(model, prompt, response):
    ids = torch.tensor([prompt + response])
    logp = torch.log_softmax(model(ids).logits[0].float(), -1)
    at = torch.arange(len(prompt) - 1, len(ids[0]) - 1)
    return logp[at, ids[0][at + 1]]


def rounded(values):
    return [float(f"{v:.9g}") for v in values]


def step_zero(model):
    """Mean DPO loss over the pairs with the model as its own reference, and the gradients by what requires one."""
    model.zero_grad()
    losses = []
    for p in PAIRS:
        c, r = logps(model, p["prompt"], p["chosen"]).sum(), logps(model, p["prompt"], p["rejected"]).sum()
        losses.append(-torch.nn.functional.logsigmoid(BETA * ((c - c.detach()) - (r - r.detach()))))
    loss = torch.stack(losses).mean()
    loss.backward()
    return loss.item(), {k: v.grad.clone().contiguous() for k, v in model.named_parameters() if v.requires_grad}


for name in sys.argv[1:] or FAMILIES:
    make, config = FAMILIES[name]
    torch.manual_seed(len(name))
    built = make(config()).eval()
    with torch.no_grad():
        for key, value in built.named_parameters():
            centre = 0.0 if value.dim() > 1 or "bias" in key or name == "gemma3" else 1.0
            value.copy_(torch.randn_like(value) * (0.3 if value.dim() > 1 else 0.2) + centre)
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    built.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    model = make.from_pretrained(folder, attn_implementation="eager").eval()
    with torch.no_grad():
        logits = model(torch.tensor([PROMPT])).logits[0]
        greedy = model.generate(torch.tensor([PROMPT]), max_new_tokens=24, do_sample=False, eos_token_id=None, pad_token_id=0)[0][len(PROMPT):].tolist()
        pair_logps = [{side: rounded(logps(model, p["prompt"], p[side]).tolist()) for side in ("chosen", "rejected")} for p in PAIRS]
    full_loss, full_gradients = step_zero(model)
    save_file(full_gradients, folder / "gradients.safetensors")
    lora = get_peft_model(model, LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=TARGETS, lora_dropout=0.0)).eval()
    with torch.no_grad():
        for key, value in lora.named_parameters():
            if "lora_" in key:
                value.copy_(torch.randn_like(value) * 0.1)
    lora.save_pretrained(folder / "adapter")
    (folder / "adapter" / "README.md").unlink(missing_ok=True)
    with torch.no_grad():
        adapter_logits = lora(torch.tensor([PROMPT])).logits[0, -1]
    adapter_loss, adapter_gradients = step_zero(lora)
    save_file({k.replace(".default", ""): v for k, v in adapter_gradients.items()}, folder / "adapter" / "gradients.safetensors")
    expected = dict(
        versions=dict(torch=torch.__version__, transformers=transformers.__version__, peft=peft.__version__),
        prompt=PROMPT, logits=[rounded(row) for row in logits.tolist()], greedy=greedy, pairs=PAIRS, pairLogps=pair_logps,
        adapterLogits=rounded(adapter_logits.tolist()), beta=BETA, losses=dict(full=full_loss, adapter=adapter_loss),
    )
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")
    print(name, full_loss, adapter_loss, greedy[:8], sorted(full_gradients)[:3])
