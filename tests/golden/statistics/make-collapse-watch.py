"""Writes collapse-watch.json: made-up responses with log-probabilities, and the figures of the collapse watch by numpy.

Made once with Python 3.11 and numpy 2.4.6:
    python make-collapse-watch.py > collapse-watch.json
"""
import json
import platform

import numpy as np

rng = np.random.default_rng(20261125)
WORDS = "the cat sat on a warm stone and the dog slept by it all day".split()


def case(n, spread):
    responses = []
    for _ in range(n):
        count = int(rng.integers(1, 20))
        own = -rng.exponential(1.1, count)
        responses.append({
            "text": " ".join(rng.choice(WORDS, int(rng.integers(1, 12)))),
            "isFinished": bool(rng.random() < 0.8),
            "ownLogps": [round(float(x), 6) for x in own],
            "firstLogps": [round(float(x), 6) for x in own - rng.normal(0.2, spread, count)],
        })
    neutral = [[round(float(x), 6) for x in -rng.exponential(2.5, int(rng.integers(3, 30)))] for _ in range(4)]
    return responses, neutral


def ngrams(texts, n):
    grams = [tuple(words[i:i + n]) for words in (t.lower().split() for t in texts) for i in range(len(words) - n + 1)]
    return len(set(grams)) / len(grams) if grams else None


def figures(responses, neutral):
    gaps = np.array([np.sum(r["ownLogps"]) - np.sum(r["firstLogps"]) for r in responses])
    own = np.concatenate([r["ownLogps"] for r in responses])
    plain = np.concatenate(neutral)
    texts = [r["text"] for r in responses]
    return {
        "responses": len(responses),
        "tokens": int(own.size),
        "meanTokens": own.size / len(responses),
        "klNats": float(gaps.mean()),
        "klStandardError": float(gaps.std(ddof=1) / np.sqrt(len(gaps))) if len(gaps) > 1 else None,
        "klNatsPerToken": float(gaps.sum() / own.size),
        "entropyNatsPerToken": float(-own.mean()),
        "distinct": [ngrams(texts, n) for n in (1, 2, 3)],
        "finishedShare": float(np.mean([r["isFinished"] for r in responses])),
        "neutralNatsPerToken": float(-plain.mean()),
        "neutralTokens": int(plain.size),
    }


cases = []
for n, spread in ((40, 0.4), (7, 1.0), (1, 0.1)):
    responses, neutral = case(n, spread)
    cases.append({"responses": responses, "neutral": neutral, "figures": figures(responses, neutral)})
print(json.dumps({"made": {"python": platform.python_version(), "numpy": np.__version__}, "cases": cases}))
