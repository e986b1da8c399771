"""Makes long-lines.json: token ids of adversarial lines of 1 MB by Hugging Face's Rust tokenizers, as counts and hashes,
with the tiny model's tokenizer and with SmolLM2's, which make-smollm2.py builds from the GGUF.

Run from the repository's root, with the locked Node first in PATH: python tests/golden/checkpoints/make-long-lines.py PATH_OF_GGUF
Versions: see "versions" in the file made.
"""

import hashlib
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile
from importlib.metadata import version

import gguf
import numpy
from transformers import AutoTokenizer

HERE = pathlib.Path(__file__).parent
LINE_BYTES = 1_000_000
# Each is repeated until the line has a megabyte.
UNITS = {
    "prose": "the thing, and the standing; ",
    "one word": "thequickbrownfoxandthething",
    "one letter": "a",
    "spaces": " ",
    "newlines": "\n",
    "digits": "1234567",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈😀",
    "Chinese and Japanese": "日本語中文",
    "combining marks": "e\u0301\u0302n\u0303",
    "special tokens": "<|im_end|>",
    "almost special tokens": "<|im_end |><| im_start|>",
    "everything": " a\u0301 日本 👩‍👩‍👧 12,3½\n\n\t<|im_end|>it's <|endoftext|> \u2003x\u200b\ufeff",
}


def line(unit):
    return unit * -(-LINE_BYTES // len(unit.encode()))


def fingerprint(ids):
    return {"count": len(ids), "sha256": hashlib.sha256(numpy.array(ids, dtype="<u4").tobytes()).hexdigest()}


def smollm2(path):
    spec = importlib.util.spec_from_file_location("make_smollm2", HERE / "make-smollm2.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.rust_tokenizer(gguf.GGUFReader(path))


def main():
    large = smollm2(sys.argv[1])
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        subprocess.run(["node", HERE / "write-tiny-policy.ts", folder], check=True)
        tiny = AutoTokenizer.from_pretrained(folder / "model")
    lines = [
        {
            "name": name,
            "unit": unit,
            "tiny": fingerprint(tiny(line(unit), add_special_tokens=False).input_ids),
            "smollm2": fingerprint(large.encode(line(unit), add_special_tokens=False).ids),
        }
        for name, unit in UNITS.items()
    ]
    made = {"versions": {name: version(name) for name in ("tokenizers", "transformers")}, "lineBytes": LINE_BYTES, "lines": lines}
    (HERE / "long-lines.json").write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
