"""Writes alpaca-eval.json: judge preferences (numbers only) of two AlpacaEval 2.0 models and their published figures.

From tatsu-lab/alpaca_eval (Apache-2.0) at cd543a1, results/MODEL/weighted_alpaca_eval_gpt4_turbo/annotations.json
and the leaderboard of that commit. Takes a folder with annotations/MODEL.jsonl (index, output, preference) and
leaderboard.json; lengths are in characters, null where the judge's answer is missing there.
    python make-alpaca-eval.py FOLDER > alpaca-eval.json
"""
import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
published = json.loads((folder / "leaderboard.json").read_text())
models = {}
for model in ("gemma-2b-it", "alpaca-7b_verbose"):
    rows = [json.loads(line) for line in (folder / "annotations" / f"{model}.jsonl").read_text().splitlines()]
    by_index = {row["index"]: row for row in rows if row["preference"] is not None}
    models[model] = {
        "winRatePercent": published[model]["win_rate"],
        "standardErrorPercent": published[model]["standard_error"],
        "judged": int(published[model]["n_total"]),
        "meanLength": int(published[model]["avg_length"]),
        "preferences": [by_index[i]["preference"] if i in by_index else None for i in range(805)],
        "lengths": [len(by_index[i]["output"]) if i in by_index else None for i in range(805)],
    }
print(json.dumps(models))
