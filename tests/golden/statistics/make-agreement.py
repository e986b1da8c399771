"""Writes agreement.json: kappas by scikit-learn and statsmodels, alphas by the krippendorff package, of made-up ratings.

Made once with scikit-learn 1.9.1, statsmodels 0.15.0 and krippendorff 0.9.0:
    python make-agreement.py > agreement.json
"""
import json
import platform
from importlib.metadata import version

import krippendorff
import numpy as np
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import fleiss_kappa

LEVELS = ("nominal", "ordinal", "interval", "ratio")


def alphas(name, ratings):
    """ratings [raters, units], NaN where missing."""
    a = np.array(ratings, float)
    return {
        "name": name,
        "units": [[float(v) for v in column[~np.isnan(column)]] for column in a.T],
        "alphas": {level: float(krippendorff.alpha(reliability_data=a, level_of_measurement=level)) for level in LEVELS},
    }


def made_up(raters, units, values, noise, missing, seed):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, values, units)
    ratings = np.clip(truth + rng.choice([0, 1, -1], (raters, units), p=[1 - noise, noise / 2, noise / 2]), 0, values - 1).astype(float)
    ratings[rng.random((raters, units)) < missing] = np.nan
    return ratings


def two_raters(items, labels, agree, seed):
    """Pairs of labels; each rater has frequencies of its own, and with the given chance the second copies the first."""
    rng = np.random.default_rng(seed)
    first = rng.choice(labels, items, p=rng.dirichlet(np.full(labels, 3)))
    own = rng.choice(labels, items, p=rng.dirichlet(np.full(labels, 3)))
    second = np.where(rng.random(items) < agree, first, own)
    return {
        "pairs": np.column_stack([first, second]).tolist(),
        "agreement": float(np.mean(first == second)),
        "kappa": float(cohen_kappa_score(first, second)),
    }


rng = np.random.default_rng(4)
fleiss = [rng.multinomial(5, p, 30).tolist() for p in ([0.7, 0.2, 0.1], [0.4, 0.3, 0.3])]
print(json.dumps({
    "versions": {"python": platform.python_version(), **{p: version(p) for p in ("scikit-learn", "statsmodels", "krippendorff", "numpy")}},
    "cohen": [two_raters(120, 3, 0.5, 1), two_raters(60, 2, 0.9, 2), two_raters(80, 5, 0.0, 3)],
    "fleiss": [{"counts": counts, "kappa": float(fleiss_kappa(np.array(counts)))} for counts in fleiss],
    "krippendorff": [
        alphas("three raters, five values", made_up(3, 40, 5, 0.4, 0.0, 1)),
        alphas("five raters with gaps", made_up(5, 25, 4, 0.6, 0.35, 2)),
        alphas("two raters who hardly agree", made_up(2, 30, 6, 1.0, 0.1, 3)),
    ],
}))
