"""Makes splits.json: token ids under several pre-tokenizers by Hugging Face's Rust tokenizers. The vocabulary is trained
without any pre-tokenizer, so that its merges reach across digits, spaces and words: any other split gives other ids.

Run with: python tests/golden/checkpoints/make-splits.py
Versions: see "versions" in the file made.
"""

import json
import pathlib
from importlib.metadata import version

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

TEXTS = [
    "In 2024, 1234567 + 3.14 = ½ of ² and ٣٤٥ and Ⅷ and 𝟙𝟚, x² y³",
    "don't they'll I'VE it's 'tis  we'd\u0085we'd",
    "  two spaces, then\ttab\n\nnewlines\r\n end \n ",
    "a\u00a0b\u2003c\u3000d\u0085e\ufefff\u200bg\u2028h\u180ei",
    "\ufeff\ufeff .\ufeff. \u0085\u0085 .\u0085. \u2003\u2003x",
    "\ufeff.\ufeff.\ufeff.\ufeff.\ufeff. .\u0085.\u0085.\u0085.\u0085.\u0085.",
    "naïve café e\u0301, 日本語。한국어 हिन्दी ไทย 👩‍👩‍👧‍👦 😀😀",
    "x\u0000y\u0001z\u007f\u001c\u001d\u001f!",
]
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def main():
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bytes_only = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = bytes_only
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=640, min_frequency=1, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(TEXTS * 2, trainer)
    steps = {
        "bytes alone": bytes_only,
        "GPT-2's pieces": byte_level,
        "each numeral alone": pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), byte_level]),
        "numerals together": pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=False), bytes_only]),
        "Llama 3's pieces": None,
    }
    cases = []
    for name, step in steps.items():
        if step is not None:
            tokenizer.pre_tokenizer = step
            made = json.loads(tokenizer.to_str())
        else:
            made = json.loads(tokenizer.to_str())
            split = {"type": "Split", "pattern": {"Regex": LLAMA3}, "behavior": "Isolated", "invert": False}
            last = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
            made["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [split, last]}
        with_step = Tokenizer.from_str(json.dumps(made))
        cases.append({"name": name, "preTokenizer": made["pre_tokenizer"], "ids": [with_step.encode(text).ids for text in TEXTS]})
    model = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    made = {"versions": {"tokenizers": version("tokenizers")}, "texts": TEXTS, "tokens": tokens, "merges": model["merges"], "cases": cases}
    pathlib.Path(__file__).with_name("splits.json").write_text(json.dumps(made) + "\n")


main()
