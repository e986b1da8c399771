"""Writes losses.json: losses of given token log-probabilities and their gradients by each of them.

Where TRL has a loss, its own function computes it: the trainers' methods are called with the log-probabilities in place
of a model's. The others are short formulas in PyTorch. Versions are written into the file. Run from the repository's root:
    python tests/golden/make-losses.py
"""
import collections
import json
import pathlib
import types

import torch
import trl
from torch.nn.functional import logsigmoid
from trl import DPOTrainer, KTOTrainer
from trl.experimental.cpo import CPOTrainer
from trl.experimental.orpo import ORPOTrainer

torch.set_default_dtype(torch.float64)
SHARE = 1 / 3


def near(values, seed, spread):
    generator = torch.Generator().manual_seed(seed)
    return [round(v + spread * x, 6) for v, x in zip(values, torch.rand(len(values), generator=generator).tolist())]


# References hold in float32, as the lab keeps them.
PAIRS = [
    dict(chosen=near([-1.3] * 4, 1, 0.4), rejected=near([-1.2] * 8, 2, 0.4), round=[-5.25, -8.5], first=[-6.125, -7.0], rates=[0.8, 0.3], kl=0.0),
    dict(chosen=[-9.7], rejected=near([-0.6] * 6, 3, 0.3), round=[-3.5, -6.25], first=[-2.0, -9.0], rates=[0.55, 0.45], kl=0.375),
    dict(chosen=near([-0.004] * 5, 4, 0.003), rejected=near([-0.9] * 3, 5, 0.8), round=[-0.75, -1.5], first=[-1.0, -1.0], rates=[1.0, 0.0], kl=1.5),
    dict(chosen=near([-2.0] * 12, 6, 1.0), rejected=near([-6.0] * 7, 7, 3.0), round=[-48.0, -16.0], first=[-52.5, -12.25], rates=[0.6, 0.7], kl=2.25),
]


class Accelerator:
    device = torch.device("cpu")
    gather = gather_for_metrics = staticmethod(lambda x: x)


def padded(chosen, rejected):
    """[2, longest] with zeros behind, and a mask over a one-token prompt and the response."""
    rows = torch.nn.utils.rnn.pad_sequence([chosen, rejected], batch_first=True)
    mask = torch.zeros(2, 1 + rows.shape[1], dtype=torch.long)
    mask[0, 1 : 1 + len(chosen)] = mask[1, 1 : 1 + len(rejected)] = 1
    return rows, mask


def model_giving(rows):
    zeros = torch.zeros_like(rows)
    outputs = types.SimpleNamespace(log_probs=rows, entropy=zeros, mean_logits=zeros, is_top1=zeros.bool())
    return lambda **_: outputs


def trainer(**attributes):
    common = dict(
        model=types.SimpleNamespace(training=True), accelerator=Accelerator(), aux_loss_enabled=False, precompute_ref_logps=True,
        _metrics=collections.defaultdict(lambda: collections.defaultdict(list)), _total_train_tokens=0, _tp_size=1,
    )
    return types.SimpleNamespace(**{**common, **attributes})


def dpo_trainer(loss_type, beta, label_smoothing=0.0, sft_weight=0.0):
    terms, weights = ([loss_type, "sft"], [1.0, sft_weight]) if sft_weight else ([loss_type], [1.0])

    def loss(p):
        rows, mask = padded(p.chosen, p.rejected)
        self = trainer(ld_alpha=None, f_divergence_type="reverse_kl", loss_types=terms, loss_weights=weights, beta=beta, label_smoothing=label_smoothing, use_weighting=False)
        inputs = dict(input_ids=mask, attention_mask=mask, completion_mask=mask, ref_chosen_logps=p.reference[:1], ref_rejected_logps=p.reference[1:])
        return DPOTrainer._compute_loss(self, model_giving(rows), inputs, False)
    return f"trl DPOTrainer, {' and '.join(terms)}", loss


def kto_trainer(beta, desirable, undesirable):
    def loss(p):
        rows, mask = padded(p.chosen, p.rejected)
        self = trainer(calculate_KL=True, loss_type="kto", beta=beta, desirable_weight=desirable, undesirable_weight=undesirable, _compute_kl_logps=lambda *_: torch.full((2,), p.kl))
        inputs = dict(input_ids=mask, attention_mask=mask, completion_mask=mask, label=torch.tensor([True, False]), ref_logps=p.reference, ref_KL_logps=torch.zeros(2))
        return KTOTrainer._compute_loss(self, model_giving(rows), inputs, False)
    return "trl KTOTrainer", loss


def cpo_loss(loss_type, beta, label_smoothing=0.0, gamma=0.0):
    return lambda chosen, rejected: CPOTrainer.cpo_loss(trainer(alpha=0.0, loss_type=loss_type, beta=beta, label_smoothing=label_smoothing, simpo_gamma=gamma), chosen, rejected)[0]


def on_ratios(loss_type, beta, label_smoothing=0.0):
    """CPO's formulas on log-ratios in place of log-probabilities."""
    loss = cpo_loss(loss_type, beta, label_smoothing)
    return f"trl CPOTrainer.cpo_loss on log-ratios, {loss_type}", lambda p: loss(p.chosen.sum() - p.reference[0], p.rejected.sum() - p.reference[1])


def simpo(beta, ratio):
    loss = cpo_loss("simpo", beta, gamma=beta * ratio)
    return "trl CPOTrainer.cpo_loss, simpo", lambda p: loss(p.chosen.mean(), p.rejected.mean())


def orpo(beta):
    def loss(p):
        odds = ORPOTrainer.odds_ratio_loss(trainer(beta=beta), p.chosen.mean()[None], p.rejected.mean()[None])[0]
        return -p.chosen.mean() - odds.mean()
    return "trl ORPOTrainer.odds_ratio_loss, and the response's likelihood", loss


def soft_dno(beta, scale):
    def loss(p):
        gap = (p.chosen.sum() - p.reference[0]) - (p.rejected.sum() - p.reference[1])
        z = torch.sigmoid(torch.tensor(scale * (p.rates[0] - p.rates[1])))
        return -z * logsigmoid(beta * gap) - (1 - z) * logsigmoid(-beta * gap)
    return "formula", loss


def soft_sppo(beta):
    def loss(p):
        a, b = p.chosen.sum() - p.reference[0], p.rejected.sum() - p.reference[1]
        return 0.5 * ((a - (p.rates[0] - 0.5) / beta) ** 2 + (b - (p.rates[1] - 0.5) / beta) ** 2)
    return "formula", loss


def inpo(beta, share):
    def loss(p):
        tau = share * beta
        h = (p.chosen.sum() - p.rejected.sum()) - tau / beta * (p.first[0] - p.first[1]) - (1 - tau / beta) * (p.round[0] - p.round[1])
        return (h - 1 / (2 * beta)) ** 2
    return "formula", loss


# Settings, reference (round, first, mixed by SHARE or none), where the numbers come from.
CASES = [
    (dict(kind="dno-prct", beta=0.1), "round", dpo_trainer("sigmoid", 0.1)),
    (dict(kind="spin", beta=0.5), "round", dpo_trainer("sigmoid", 0.5)),
    (dict(kind="dpo", beta=0.1), "first", dpo_trainer("sigmoid", 0.1)),
    (dict(kind="hinge", beta=0.1), "first", dpo_trainer("hinge", 0.1)),
    (dict(kind="ipo-token-averaged", beta=0.1), "first", dpo_trainer("ipo", 0.1)),
    (dict(kind="ipo-summed", beta=0.1), "first", on_ratios("ipo", 0.1)),
    (dict(kind="cdpo", beta=0.1, labelNoise=0.2), "first", on_ratios("sigmoid", 0.1, 0.2)),
    (dict(kind="robust", beta=0.1, labelNoise=0.1), "first", dpo_trainer("robust", 0.1, 0.1)),
    (dict(kind="length-normalised", beta=5), "first", dpo_trainer("sigmoid_norm", 5)),
    (dict(kind="sppo-hard", beta=0.001), "round", dpo_trainer("sppo_hard", 0.001)),
    (dict(kind="sppo-hard", beta=0.1), "round", dpo_trainer("sppo_hard", 0.1)),
    (dict(kind="sppo", beta=0.1), "round", soft_sppo(0.1)),
    (dict(kind="inpo", beta=0.1, firstPolicyShare=SHARE), "mixed", inpo(0.1, SHARE)),
    (dict(kind="kto", beta=0.1, desirableWeight=1, undesirableWeight=1), "first", kto_trainer(0.1, 1.0, 1.0)),
    (dict(kind="kto", beta=0.5, desirableWeight=1.25, undesirableWeight=0.75), "first", kto_trainer(0.5, 1.25, 0.75)),
    (dict(kind="simpo", beta=2.5, gammaRatio=0.55), "none", simpo(2.5, 0.55)),
    (dict(kind="orpo", beta=0.1), "none", orpo(0.1)),
    (dict(kind="sft"), "none", dpo_trainer("sft", 0.1)),
    (dict(kind="dno", beta=0.1, rewardScale=1), "round", soft_dno(0.1, 1)),
    (dict(kind="dno", beta=0.5, rewardScale=4), "round", soft_dno(0.5, 4)),
    (dict(kind="regularised-dno-1", beta=0.1, rewardScale=1, firstPolicyShare=SHARE), "mixed", soft_dno(0.1, 1)),
    (dict(kind="regularised-dno-2", beta=0.2, rewardScale=2, firstPolicyShare=SHARE), "mixed", soft_dno(0.2, 2)),
]


def result(pair, reference, loss):
    round_, first = torch.tensor(pair["round"]), torch.tensor(pair["first"])
    references = {"round": round_, "first": first, "mixed": (1 - SHARE) * round_ + SHARE * first, "none": torch.zeros(2)}
    chosen, rejected = (torch.tensor(pair[side], requires_grad=True) for side in ("chosen", "rejected"))
    p = types.SimpleNamespace(chosen=chosen, rejected=rejected, reference=references[reference], round=round_, first=first, rates=pair["rates"], kl=pair["kl"])
    value = loss(p).reshape(())
    grads = torch.autograd.grad(value, (chosen, rejected), allow_unused=True)
    rounded = [[float(f"{g:.10g}") for g in (torch.zeros_like(t) if grad is None else grad).tolist()] for t, grad in zip((chosen, rejected), grads)]
    return dict(loss=float(f"{value.item():.10g}"), byChosenTokens=rounded[0], byRejectedTokens=rounded[1])


# With training.sftWeight beside the loss.
WITH_SFT = [
    (dict(kind="dno-prct", beta=0.1), 0.005, "round", dpo_trainer("sigmoid", 0.1, sft_weight=0.005)),
    (dict(kind="ipo-token-averaged", beta=0.5), 1.0, "first", dpo_trainer("ipo", 0.5, sft_weight=1.0)),
]


def main():
    every = [(settings, 0, reference, loss) for settings, reference, loss in CASES] + WITH_SFT
    golden = dict(
        versions=dict(torch=torch.__version__, trl=trl.__version__),
        pairs=PAIRS,
        cases=[
            dict(settings=settings, sftWeight=sft_weight, source=source, results=[result(pair, reference, loss) for pair in PAIRS])
            for settings, sft_weight, reference, (source, loss) in every
        ],
    )
    path = pathlib.Path(__file__).parent / "losses.json"
    path.write_text(json.dumps(golden, indent=1) + "\n")
    print(len(golden["cases"]), golden["versions"])


if __name__ == "__main__":
    main()
