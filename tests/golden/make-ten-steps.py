"""Writes ten-steps.json: the losses of ten steps of PyTorch's AdamW on tiny-llama-tied, for every loss of losses.json,
over an adapter's factors and over all weights. The losses are those of make-losses.py: TRL's own where it has them.

Needs torch, transformers, peft, trl. Run from the repository's root: python tests/golden/make-ten-steps.py
"""
import importlib.util
import json
import pathlib
import types

import peft
import torch
import transformers
import trl
from peft import PeftModel
from transformers import LlamaForCausalLM

HERE = pathlib.Path(__file__).parent
FOLDER = HERE / "tiny-llama-tied"
spec = importlib.util.spec_from_file_location("make_losses", HERE / "make-losses.py")
golden_losses = importlib.util.module_from_spec(spec)
spec.loader.exec_module(golden_losses)
torch.set_default_dtype(torch.float32)

STEPS, CLIP, DECAY = 10, 0.25, 0.01
RATES = {"adapter": 0.02, "allWeights": 0.002}
WIN_RATES = [[0.8, 0.3], [0.6, 0.45], [0.9, 0.1]]
PAIRS = json.loads((FOLDER / "expected.json").read_text())["pairs"]


def bare():
    return LlamaForCausalLM.from_pretrained(FOLDER, dtype=torch.float32).eval()


def adapted():
    return PeftModel.from_pretrained(bare(), FOLDER / "adapter", is_trainable=True).eval()


def logps(model, prompt, response):
    ids = torch.tensor([prompt + response])
    logp = torch.log_softmax(model(ids).logits[0], -1)
    at = torch.arange(len(prompt) - 1, len(ids[0]) - 1)
    return logp[at, ids[0][at + 1]]


def mismatched():
    """Each prompt with the responses of the next pair, cut so that nothing becomes longer than the longest pair."""
    longest = max(len(p["prompt"]) + max(len(p["chosen"]), len(p["rejected"])) for p in PAIRS)
    for i, pair in enumerate(PAIRS):
        other = PAIRS[(i + 1) % len(PAIRS)]
        for side in ("chosen", "rejected"):
            yield pair["prompt"], other[side][: longest - len(pair["prompt"])]


def sums(model):
    with torch.no_grad():
        return [torch.stack([logps(model, p["prompt"], p[side]).sum() for side in ("chosen", "rejected")]) for p in PAIRS]


def moved(model, reference):
    with torch.no_grad():
        ratios = [logps(model, *one).sum() - logps(reference, *one).sum() for one in mismatched()]
        return max(0.0, torch.stack(ratios).mean().item())


def run(trained, reference_name, loss):
    """The policy of the round is what training starts from; the first policy is the checkpoint with the other set of weights."""
    model, first_model = (adapted(), bare()) if trained == "adapter" else (bare(), adapted())
    round_, first = sums(model), sums(first_model)
    share = golden_losses.SHARE
    references = {
        "round": round_, "first": first, "none": [torch.zeros(2)] * len(PAIRS), "mixed": [(1 - share) * r + share * f for r, f in zip(round_, first)],
    }[reference_name]
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=RATES[trained], betas=(0.9, 0.999), eps=1e-8, weight_decay=DECAY)
    values = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        kl = moved(model, first_model)
        losses = []
        for pair, reference, round_pair, first_pair, rates in zip(PAIRS, references, round_, first, WIN_RATES):
            chosen, rejected = (logps(model, pair["prompt"], pair[side]) for side in ("chosen", "rejected"))
            losses.append(loss(types.SimpleNamespace(chosen=chosen, rejected=rejected, reference=reference, round=round_pair, first=first_pair, rates=rates, kl=kl)).reshape(()))
        total = torch.stack(losses).mean()
        total.backward()
        torch.nn.utils.clip_grad_norm_(parameters, CLIP)
        optimizer.step()
        values.append(float(f"{total.item():.9g}"))
    return values


def main():
    cases, seen = [], set()
    every = [(settings, 0, reference, loss) for settings, reference, loss in golden_losses.CASES] + golden_losses.WITH_SFT
    for settings, sft_weight, reference, (source, loss) in every:
        if (settings["kind"], sft_weight) in seen:
            continue
        seen.add((settings["kind"], sft_weight))
        losses = {trained: run(trained, reference, loss) for trained in RATES}
        cases.append(dict(settings=settings, sftWeight=sft_weight, source=source, losses=losses))
        print(settings["kind"], {trained: (values[0], values[-1]) for trained, values in losses.items()}, flush=True)
    made = dict(
        versions=dict(torch=torch.__version__, transformers=transformers.__version__, peft=peft.__version__, trl=trl.__version__),
        learningRates=RATES, maxGradNorm=CLIP, weightDecay=DECAY, winRates=WIN_RATES, cases=cases,
    )
    (HERE / "ten-steps.json").write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
