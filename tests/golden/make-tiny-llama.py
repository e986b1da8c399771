"""Makes tests/golden/tiny-llama-*: tiny random Llama checkpoints, and what PyTorch, Transformers and PEFT compute with them.

Needs torch, transformers, peft, safetensors; their versions are written into each expected.json. Run from the repository's
root: python tests/golden/make-tiny-llama.py
"""
import json, math, pathlib, shutil
import torch, transformers, peft
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

HERE = pathlib.Path(__file__).parent
SHAPE = dict(vocab_size=48, hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
             max_position_embeddings=128, rms_norm_eps=1e-5, bos_token_id=1, eos_token_id=2, attention_dropout=0.0)
VARIANTS = {
    "tied": dict(tie_word_embeddings=True),
    "biased": dict(tie_word_embeddings=False, attention_bias=True, mlp_bias=True, num_key_value_heads=4),
    "scaled": dict(tie_word_embeddings=False, num_key_value_heads=1, head_dim=8,
                   rope_scaling=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32)),
}
PAIRS = [
    dict(prompt=[1, 5, 9, 13, 4], chosen=[7, 8, 9, 2], rejected=[10, 11, 2]),
    dict(prompt=[1, 30, 31], chosen=[40, 2], rejected=[41, 42, 43, 44, 45, 2]),
    dict(prompt=[1, 17, 18, 19, 20, 21, 22], chosen=[3, 3, 3, 2], rejected=[6]),
]
BETA, SFT, LR, STEPS, WARMUP, CLIP, DECAY = 0.3, 0.05, 0.02, 10, 2, 0.25, 0.01
FULL_LR, FULL_STEPS = 0.002, 10
RANK, ALPHA, TARGETS = 3, 6, ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def logps(model, prompt, response):
    ids = torch.tensor([prompt + response])
    logits = model(ids).logits[0].float()
    logp = torch.log_softmax(logits, -1)
    at = torch.arange(len(prompt) - 1, len(ids[0]) - 1)
    return logp[at, ids[0][at + 1]]


def rounded(values):
    return [float(f"{v:.9g}") for v in values]


for name, extra in VARIANTS.items():
    torch.manual_seed(len(name))
    model = LlamaForCausalLM(LlamaConfig(**{**SHAPE, **extra})).eval()
    with torch.no_grad():
        for key, value in model.named_parameters():
            value.copy_(torch.randn_like(value) * (0.25 if value.dim() > 1 else 0.1) + (1.0 if "norm" in key else 0.0))
    folder = HERE / f"tiny-llama-{name}"
    kept = folder / "trained"
    for old in folder.glob("*"):
        if old != kept and not old.name.startswith("trained"):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    prompt = [1, 5, 9, 13, 4, 40, 22, 22, 8, 11]
    with torch.no_grad():
        logits = model(torch.tensor([prompt])).logits[0]
        greedy = model.generate(torch.tensor([prompt]), max_new_tokens=24, do_sample=False, eos_token_id=None, pad_token_id=0)[0][len(prompt):].tolist()
        base_logps = [dict(chosen=rounded(logps(model, p["prompt"], p["chosen"]).tolist()), rejected=rounded(logps(model, p["prompt"], p["rejected"]).tolist())) for p in PAIRS]
    full = LlamaForCausalLM.from_pretrained(folder).eval()
    with torch.no_grad():
        full_reference = [(logps(full, p["prompt"], p["chosen"]).sum(), logps(full, p["prompt"], p["rejected"]).sum()) for p in PAIRS]
    full_optimizer = torch.optim.AdamW(full.parameters(), lr=FULL_LR, betas=(0.9, 0.999), eps=1e-8, weight_decay=DECAY)
    full_steps = []
    for step in range(FULL_STEPS):
        full_optimizer.zero_grad()
        losses = []
        for p, (rc, rr) in zip(PAIRS, full_reference):
            c, r = logps(full, p["prompt"], p["chosen"]).sum(), logps(full, p["prompt"], p["rejected"]).sum()
            losses.append(-torch.nn.functional.logsigmoid(BETA * ((c - rc) - (r - rr))))
        loss = torch.stack(losses).mean()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(full.parameters(), CLIP)
        full_steps.append(dict(loss=float(f"{loss.item():.9g}"), grad_norm=float(f"{norm.item():.9g}")))
        full_optimizer.step()
    lora = get_peft_model(model, LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=TARGETS, lora_dropout=0.0)).eval()
    with torch.no_grad():
        for key, value in lora.named_parameters():
            if "lora_" in key:
                value.copy_(torch.randn_like(value) * 0.1)
    lora.save_pretrained(folder / "adapter")
    (folder / "adapter" / "README.md").unlink(missing_ok=True)
    with torch.no_grad():
        adapter_logits = lora(torch.tensor([prompt])).logits[0]
        reference = [(logps(lora, p["prompt"], p["chosen"]).sum(), logps(lora, p["prompt"], p["rejected"]).sum()) for p in PAIRS]
    trained = {k: v for k, v in lora.named_parameters() if v.requires_grad}
    optimizer = torch.optim.AdamW(trained.values(), lr=LR, betas=(0.9, 0.999), eps=1e-8, weight_decay=DECAY)
    scheduler = transformers.get_linear_schedule_with_warmup(optimizer, WARMUP, STEPS)
    steps, first_gradients = [], None
    for step in range(STEPS):
        optimizer.zero_grad()
        losses, nll = [], []
        for p, (rc, rr) in zip(PAIRS, reference):
            c, r = logps(lora, p["prompt"], p["chosen"]), logps(lora, p["prompt"], p["rejected"])
            losses.append(-torch.nn.functional.logsigmoid(BETA * ((c.sum() - rc) - (r.sum() - rr))))
            nll.append(-c.mean())
        loss = torch.stack(losses).mean() + SFT * torch.stack(nll).mean()
        loss.backward()
        if step == 0:
            first_gradients = {k.replace(".default", ""): rounded(v.grad.flatten().tolist()) for k, v in trained.items() if "layers.0" in k}
        norm = torch.nn.utils.clip_grad_norm_(trained.values(), CLIP)
        steps.append(dict(loss=float(f"{loss.item():.9g}"), grad_norm=float(f"{norm.item():.9g}"), learning_rate=scheduler.get_last_lr()[0]))
        optimizer.step()
        scheduler.step()
    with torch.no_grad():
        final_logits = lora(torch.tensor([prompt])).logits[0, -1]
    full_training = dict(learningRate=FULL_LR, steps=full_steps)
    expected = dict(
        versions=dict(torch=torch.__version__, transformers=transformers.__version__, peft=peft.__version__),
        prompt=prompt, logits=[rounded(row) for row in logits.tolist()], greedy=greedy, pairs=PAIRS, pairLogps=base_logps,
        fullTraining=full_training,
        adapterLogits=rounded(adapter_logits[-1].tolist()),
        training=dict(beta=BETA, sftWeight=SFT, learningRate=LR, warmupSteps=WARMUP, maxGradNorm=CLIP, weightDecay=DECAY, steps=steps,
                      firstGradients=first_gradients, finalLogits=rounded(final_logits.tolist())),
    )
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")
    print(name, steps[0]["loss"], steps[-1]["loss"], greedy[:8])
