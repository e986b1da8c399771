"""Writes intervals.json: normal quantiles, Wilson intervals, standard errors and max-T critical values.

Made once with Python 3.11, numpy 2.4.6, scipy 1.17.1 and statsmodels 0.15.0:
    python make-intervals.py > intervals.json
"""
import json
import platform

import numpy as np
import scipy
import statsmodels
from scipy.stats import norm, sem
from statsmodels.stats.proportion import proportion_confint

RESAMPLES = 100_000


def max_t(scores, confidence, seed):
    """Studentised max-T by prompts, in numpy: scores [opponents, prompts], NaN where missing."""
    rng = np.random.default_rng(seed)
    means = np.nanmean(scores, axis=1)
    largest = np.empty(RESAMPLES)
    for s in range(RESAMPLES):
        drawn = scores[:, rng.integers(0, scores.shape[1], scores.shape[1])]
        count = np.sum(~np.isnan(drawn), axis=1)
        errors = np.nanstd(drawn, axis=1, ddof=1) / np.sqrt(count)
        largest[s] = np.max(np.abs(np.nanmean(drawn, axis=1) - means) / errors)
    return float(np.quantile(largest, confidence))


def evaluation(name, prompts, rates, ties, shared, missing, seed, confidence=0.95):
    """Scores of several opponents on the same prompts; `shared` is the chance that opponents share their draw."""
    rng = np.random.default_rng(seed)
    common = rng.random(prompts)
    rows = []
    for rate in rates:
        draw = np.where(rng.random(prompts) < shared, common, rng.random(prompts))
        row = np.where(draw < rate - ties / 2, 1.0, np.where(draw < rate + ties / 2, 0.5, 0.0))
        row[rng.random(prompts) < missing] = np.nan
        rows.append(row)
    scores = np.array(rows)
    return {
        "name": name,
        "confidence": confidence,
        "scores": [[None if np.isnan(x) else float(x) for x in row] for row in scores],
        "means": np.nanmean(scores, axis=1).tolist(),
        "standardErrors": sem(scores, axis=1, ddof=1, nan_policy="omit").tolist(),
        "maxT": max_t(scores, confidence, seed + 1),
        "single": [max_t(row[None], confidence, seed + 2) for row in scores],
    }


probabilities = [1e-300, 1e-12, 1e-4, 0.01, 0.025, 0.2, 0.3, 0.5, 0.6, 0.975, 0.995, 0.9999]
tails = [-8.0, -3.0, -0.5, 0.0, 0.1, 1.0, 2.5, 2.999, 3.0, 3.001, 5.0, 12.0, 37.0]
wilson = [(20, 30), (0, 10), (10, 10), (1, 1), (0.5, 1), (7.5, 12), (10, 20), (433.5, 805)]
print(json.dumps({
    "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
    "quantiles": [[p, float(norm.ppf(p))] for p in probabilities],
    "upperTails": [[x, float(norm.sf(x))] for x in tails],
    "wilson": [
        {"points": k, "n": n, "confidence": c, "interval": [float(x) for x in proportion_confint(k, n, 1 - c, "wilson")]}
        for k, n in wilson for c in (0.9, 0.95, 0.975)
    ],
    "resamples": RESAMPLES,
    "evaluations": [
        evaluation("two opponents, alike", 60, [0.55, 0.6], 0.2, 0.9, 0.0, 1),
        evaluation("two opponents, unlike, some missing", 80, [0.5, 0.7], 0.3, 0.0, 0.1, 2),
        evaluation("three opponents at 90 %", 120, [0.45, 0.5, 0.6], 0.1, 0.5, 0.05, 3, 0.9),
    ],
}))
