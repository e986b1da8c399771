"""Writes games.json: equilibria of symmetric constant-sum games by scipy's linear programming.

Made once with scipy 1.17.1 and numpy 2.4.6:
    python make-games.py > games.json
"""
import json
import platform

import numpy as np
import scipy
from scipy.optimize import linprog


def game(size, entries):
    p = np.full((size, size), 0.5)
    for i, j, value in entries:
        p[i, j], p[j, i] = value, 1 - value
    return p


def solve(p):
    """Shares x that maximise v with x'(P - 1/2) >= v for every column."""
    n = len(p)
    a = p - 0.5
    c = np.r_[np.zeros(n), -1]
    result = linprog(
        c,
        A_ub=np.hstack([-a.T, np.ones((n, 1))]),
        b_ub=np.zeros(n),
        A_eq=[[1] * n + [0]],
        b_eq=[1],
        bounds=[(0, None)] * n + [(None, None)],
        method="highs",
    )
    assert result.status == 0
    return result.x[:n]


NAMED = {
    "rock, paper, scissors": game(3, [(0, 2, 1), (2, 1, 1), (1, 0, 1)]),
    "the same at .8": game(3, [(0, 2, 0.8), (2, 1, 0.8), (1, 0, 0.8)]),
    "an uneven cycle": game(3, [(0, 2, 0.9), (2, 1, 0.6), (1, 0, 0.7)]),
    "a winner of every comparison that scores miss": game(3, [(0, 1, 0.55), (0, 2, 0.55), (1, 2, 0.95)]),
    "an uneven cycle and a dud": game(4, [(0, 2, 0.9), (2, 1, 0.6), (1, 0, 0.7), (0, 3, 0.95), (1, 3, 0.95), (2, 3, 0.95)]),
    "five in a ring, each beats two": game(
        5,
        [(0, 2, 0.8), (0, 3, 0.8), (1, 0, 0.8), (1, 4, 0.8), (2, 1, 0.8), (2, 3, 0.8), (3, 4, 0.8), (3, 1, 0.8), (4, 2, 0.8), (4, 0, 0.8)],
    ),
}


def drawn(size, seed):
    rng = np.random.default_rng(seed)
    p = rng.random((size, size))
    upper = np.triu(p, 1)
    return np.round(upper + np.tril(1 - upper.T, -1) + np.eye(size) / 2, 6)


def main():
    games = [{"name": name, "preferences": p.tolist(), "shares": solve(p).tolist()} for name, p in NAMED.items()]
    for size in (2, 3, 4, 5, 6, 8, 11, 16):
        for seed in (1, 2, 3):
            p = drawn(size, 100 * size + seed)
            games.append({"name": f"{size} drawn, seed {seed}", "preferences": p.tolist(), "shares": solve(p).tolist()})
    print(json.dumps({"made": {"scipy": scipy.__version__, "numpy": np.__version__, "python": platform.python_version()}, "games": games}))


main()
