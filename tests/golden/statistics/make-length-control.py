"""Writes length-control.json: logistic fits and length-controlled win rates by scikit-learn.

Real lengths (characters) and judge preferences of AlpacaEval 2.0 models, from tatsu-lab/alpaca_eval (Apache-2.0) at
cd543a1; the difficulties and the anchor rows are made up here, as the published ones are not in that repository.
Takes the folder of make-alpaca-eval.py with prompts.jsonl (the baseline's responses) beside it.
    python make-length-control.py FOLDER > length-control.json
"""
import json
import pathlib
import platform
import sys
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

warnings.filterwarnings("ignore")
folder = pathlib.Path(sys.argv[1])
PENALTIES = np.logspace(-4, 4, 10)
FOLDS = 5


def fit(x, q, weight, c, tolerance=1e-12):
    """L1 by LIBLINEAR on rows doubled into both labels, without intercept."""
    model = LogisticRegression(C=c, l1_ratio=1.0, solver="liblinear", fit_intercept=False, tol=tolerance, max_iter=200_000, random_state=123)
    rows = len(q)
    model.fit(np.vstack([x, x]), np.r_[np.ones(rows), np.zeros(rows)], sample_weight=np.r_[weight * q, weight * (1 - q)])
    return model.coef_[0]


def fold_score(x, q, weight, b):
    p = np.clip(1 / (1 + np.exp(-x @ b)), 1e-15, 1 - 1e-15)
    return float(np.mean(weight * (q * np.log(p) + (1 - q) * np.log1p(-p))))


def cross_validate(x, q, weight, folds, tolerance=1e-12):
    scores = [
        [fold_score(x[test], q[test], weight[test], fit(x[train], q[train], weight[train], c, tolerance)) for c in PENALTIES]
        for train, test in folds
    ]
    return np.mean(scores, axis=0)


def every_fifth(rows):
    i = np.arange(rows)
    return [(i[i % FOLDS != k], i[i % FOLDS == k]) for k in range(FOLDS)]


def measure(name, difference, q, gamma=None, anchors=None):
    """difference: baseline's length minus the model's; anchors: (standardised difference, gamma, q)."""
    columns = [np.tanh(difference / np.std(difference, ddof=1))]
    if gamma is not None:
        columns.append(gamma)
    x = np.column_stack([*columns, np.ones(len(q))])
    at_zero = x.copy()
    at_zero[:, 0] = 0
    weight = np.ones(len(q))
    if anchors is not None:
        a_length, a_gamma, a_q = anchors
        x = np.vstack([np.column_stack([np.tanh(a_length), a_gamma, np.zeros(len(a_q))]), x])
        q = np.r_[a_q, q]
        weight = np.r_[np.full(len(a_q), 0.1), weight]
    scores = cross_validate(x, q, weight, every_fifth(len(q)))
    best = int(np.argmax(scores))
    path = [fit(x, q, weight, c) for c in PENALTIES]
    rate = lambda b: float(np.mean(1 / (1 + np.exp(-at_zero @ b))))
    # As AlpacaEval runs it: folds of GroupKFold, LIBLINEAR's default tolerance.
    usual_folds = list(GroupKFold(FOLDS).split(x, groups=np.arange(len(q))))
    usual = int(np.argmax(cross_validate(x, q, weight, usual_folds, 1e-4)))
    return {
        "name": name,
        "path": [b.tolist() for b in path],
        "scores": scores.tolist(),
        "chosen": best,
        "winRate": rate(path[best]),
        "usualWinRate": rate(fit(x, q, weight, PENALTIES[usual], 1e-4)),
    }


rng = np.random.default_rng(7)
prompts = [json.loads(line) for line in (folder / "prompts.jsonl").read_text().splitlines()]
baseline = {p["index"]: len(p["reference_output"]) for p in prompts}
gamma = np.round(rng.normal(0, 1, 805), 3)
ANCHORS = 600
a_prompt = np.arange(ANCHORS) % 805
a_length = np.round(rng.normal(0, 1, ANCHORS), 3)
a_q = np.round(1 / (1 + np.exp(1.6 * np.tanh(a_length) - 0.2 * gamma[a_prompt] + rng.normal(0, 1, ANCHORS))), 3)
out = {
    "versions": {"python": platform.python_version(), "numpy": np.__version__, "sklearn": sklearn.__version__},
    "penalties": PENALTIES.tolist(),
    "baselineLengths": [baseline[i] for i in range(805)],
    "difficulties": gamma.tolist(),
    "anchors": {"prompts": a_prompt.tolist(), "standardLengths": a_length.tolist(), "scores": a_q.tolist()},
    "models": {},
    "fits": [],
}
for model in ("alpaca-7b_verbose", "vicuna-7b"):
    rows = [json.loads(line) for line in (folder / "annotations" / f"{model}.jsonl").read_text().splitlines()]
    rows = {row["index"]: row for row in rows if row["preference"] is not None}
    index = sorted(rows)
    q = np.array([rows[i]["preference"] - 1 for i in index])
    length = np.array([len(rows[i]["output"]) for i in index])
    difference = np.array([baseline[i] for i in index]) - length
    out["models"][model] = {"prompts": index, "lengths": length.tolist(), "scores": np.round(q, 10).tolist()}
    anchors = (a_length, gamma[a_prompt], a_q)
    out["fits"] += [
        {"model": model, **measure("minimal", difference, q)},
        {"model": model, **measure("withoutAnchors", difference, q, gamma[index])},
        {"model": model, **measure("full", difference, q, gamma[index], anchors)},
    ]
print(json.dumps(out))
