"""Writes circles.json: circular triples and circles with a fourth answer by their definitions, and their intervals.

Counts by numpy and itertools (and the trace of the cube of the adjacency matrix); intervals by an ordinary least squares
fit of a constant with errors clustered by prompt, whose variance gives the effective number of cases of Wilson's interval.
Made once with Python 3.11, numpy 2.4.6 and statsmodels 0.15.0:
    python make-circles.py > circles.json
"""
import json
import platform
from itertools import combinations, permutations

import numpy as np
import statsmodels
import statsmodels.api as sm
from statsmodels.stats.proportion import proportion_confint


def count(beats):
    """beats[i][j]: +1, -1, or 0 where undecided."""
    n = len(beats)
    decided = lambda items: all(beats[i][j] != 0 for i, j in combinations(items, 2))
    is_circle = lambda items: any(beats[a][b] == beats[b][c] == beats[c][a] == 1 for a, b, c in permutations(items))
    triples = [t for t in combinations(range(n), 3) if decided(t)]
    circles = [t for t in triples if is_circle(t)]
    adjacency = (np.array(beats) == 1).astype(int)
    assert np.trace(np.linalg.matrix_power(adjacency, 3)) == 3 * len(circles)
    fourths = [(t, w) for t in circles for w in range(n) if w not in t and decided((*t, w))]
    drawn = [(t, w) for t, w in fourths if len({beats[w][x] for x in t}) == 2]
    return [len(triples), len(circles), len(fourths), len(drawn)]


def interval(pairs, confidence):
    """pairs: (cases, of the kind) a prompt."""
    kept = [(m, c) for m, c in pairs if m > 0]
    y = np.concatenate([np.r_[np.ones(c), np.zeros(m - c)] for m, c in kept])
    groups = np.concatenate([np.full(m, g) for g, (m, _) in enumerate(kept)])
    fit = sm.OLS(y, np.ones(len(y))).fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": True})
    p, variance = float(fit.params[0]), float(fit.bse[0]) ** 2
    size = min(len(y), p * (1 - p) / variance)
    low, high = proportion_confint(p * size, size, alpha=1 - confidence, method="wilson")
    return {"cases": len(y), "ofKind": int(y.sum()), "share": p, "clusters": len(kept), "low": float(low), "high": float(high)}


def draw(rng, size, kind):
    classes, scores = rng.integers(0, 3, size), rng.normal(size=size)
    shares = np.full((size, size), np.nan)
    for i, j in combinations(range(size), 2):
        if kind == "classes":
            p = 0.5 if classes[i] == classes[j] else float((classes[j] - classes[i]) % 3 == 1)
        else:
            p = 0.5 if kind == "coin" else 1 / (1 + np.exp(scores[j] - scores[i]))
        u = rng.random()
        share = 0.5 if kind == "ties" and u < 0.2 else float(rng.random() < p)
        if rng.random() < 0.05:
            continue
        shares[i, j], shares[j, i] = share, 1 - share
    return shares


def main():
    cases = []
    for seed, kind in enumerate(["coin", "scores", "ties", "classes"]):
        rng = np.random.default_rng(seed)
        prompts = [draw(rng, int(rng.integers(2, 8)), kind) for _ in range(30)]
        signs = [np.nan_to_num(np.sign(s - 0.5)).astype(int).tolist() for s in prompts]
        counts = [count(s) for s in signs]
        cases.append(
            {
                "kind": kind,
                "prompts": [[None if np.isnan(x) else float(x) for x in s.ravel()] for s in prompts],
                "counts": counts,
                "circular": interval([(c[0], c[1]) for c in counts], 0.975),
                "drawnIn": interval([(c[2], c[3]) for c in counts], 0.975),
            }
        )
    made = {"numpy": np.__version__, "statsmodels": statsmodels.__version__, "python": platform.python_version()}
    print(json.dumps({"made": made, "cases": cases}))


main()
