"""Reads the files of write-dataset.ts with pyarrow, pandas and datasets, hands them to TRL, and writes what came back.

Needs pyarrow, pandas, datasets, trl, transformers. Run from the repository's root: python tests/golden/datasets/check-dataset.py
"""
import json, pathlib
import datasets, pandas, pyarrow, pyarrow.parquet, trl
from trl import data_utils

FOLDER = pathlib.Path(__file__).parent


def plain(value):
    return json.loads(json.dumps(value, default=lambda item: item.tolist()))


def with_datasets(kind, name):
    return plain(datasets.load_dataset(kind, data_files=str(FOLDER / name), split="train").to_list())


parquet = plain(pyarrow.parquet.read_table(FOLDER / "trl.parquet").to_pylist())
assert plain(pandas.read_parquet(FOLDER / "trl.parquet").to_dict("records")) == parquet
assert plain(pandas.read_json(FOLDER / "trl.jsonl", lines=True).to_dict("records")) == parquet
assert plain(pandas.read_json(FOLDER / "trl.json").to_dict("records")) == parquet
assert with_datasets("parquet", "trl.parquet") == with_datasets("json", "trl.jsonl") == with_datasets("json", "trl.json") == parquet
for row in parquet:
    assert data_utils.is_conversational(row), row
    # An explicit prompt is left as it is.
    assert data_utils.maybe_extract_prompt(row) == row
ultra = with_datasets("parquet", "ultrafeedback.parquet")
for row in ultra:
    # UltraFeedback's own prompt is a text beside chats; TRL takes such rows without that column, and finds the conversation.
    chats = {key: row[key] for key in ("chosen", "rejected")}
    assert data_utils.is_conversational(chats), row
    found = data_utils.maybe_extract_prompt(chats)
    assert found["prompt"] == row["chosen"][:-1] and found["chosen"] == row["chosen"][-1:], found
versions = {module.__name__: module.__version__ for module in (pyarrow, pandas, datasets, trl)}
(FOLDER / "read-back.json").write_text(json.dumps({"versions": versions, "trl": parquet, "ultrafeedback": ultra}, indent=1) + "\n")
print(versions)
