"""Writes ratings.json: Bradley-Terry strengths by scikit-learn and bootstrap intervals by numpy.

Made once with scikit-learn 1.9.1 and numpy 2.4.6:
    python make-ratings.py > ratings.json
"""
import json
import platform

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

RESAMPLES = 1500


def fit(rows, size, ridge):
    """rows [n, 3] of first, second, score. Without a ridge the first player is the zero, centred afterwards."""
    rows = np.asarray(rows)
    x = np.zeros((len(rows), size))
    x[np.arange(len(rows)), rows[:, 0].astype(int)] = 1
    x[np.arange(len(rows)), rows[:, 1].astype(int)] = -1
    q = rows[:, 2]
    doubled = np.vstack([x, x])
    y = np.r_[np.ones(len(q)), np.zeros(len(q))]
    w = np.r_[q, 1 - q]
    penalty = 1 / ridge if ridge > 0 else np.inf
    model = LogisticRegression(C=penalty, fit_intercept=False, solver="newton-cholesky", tol=1e-12, max_iter=1000)
    columns = doubled if ridge > 0 else doubled[:, 1:]
    b = model.fit(columns, y, sample_weight=w).coef_[0]
    theta = b if ridge > 0 else np.r_[0, b]
    return theta - theta.mean()


def tournament(name, theta, prompts, share, ties, seed):
    """Each prompt compares each pair with the given chance; a tie with the given chance, else by Bradley-Terry."""
    rng = np.random.default_rng(seed)
    size = len(theta)
    rows = []
    for prompt in range(prompts):
        for i in range(size):
            for j in range(i + 1, size):
                if rng.random() < share:
                    won = rng.random() < 1 / (1 + np.exp(theta[j] - theta[i]))
                    rows.append([i, j, 0.5 if rng.random() < ties else float(won), prompt])
    return name, size, rows


def measure(name, size, rows):
    a = np.array(rows)
    rng = np.random.default_rng(1)
    groups = [a[a[:, 3] == p] for p in np.unique(a[:, 3])]
    draws = [
        fit(np.vstack([groups[k] for k in rng.integers(0, len(groups), len(groups))])[:, :3], size, 0.1) for _ in range(RESAMPLES)
    ]
    return {
        "name": name,
        "size": size,
        "rows": rows,
        "strengths": {str(r): fit(a[:, :3], size, r).tolist() for r in (0, 0.1, 2)},
        "low": np.quantile(draws, 0.025, axis=0).tolist(),
        "high": np.quantile(draws, 0.975, axis=0).tolist(),
    }


tournaments = [
    tournament("four policies, ties", [0.8, 0.1, -0.2, -0.7], 40, 0.6, 0.2, 1),
    tournament("six policies, each prompt a few pairs", [1.5, 0.6, 0.2, 0, -0.9, -1.4], 90, 0.2, 0.1, 2),
]
print(json.dumps({
    "versions": {"python": platform.python_version(), "numpy": np.__version__, "sklearn": sklearn.__version__},
    "resamples": RESAMPLES,
    "tournaments": [measure(*t) for t in tournaments],
}))
