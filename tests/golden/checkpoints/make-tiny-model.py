"""Makes tiny-model.json: what Transformers and PEFT make of the tiny model and the adapter that the lab writes. Token ids
of adversarial texts by AutoTokenizer, prompts by apply_chat_template, logits of the bare model and with the adapter.

Run from the repository's root, with the locked Node first in PATH: python tests/golden/checkpoints/make-tiny-model.py
Versions: see "versions" in the file made.
"""

import hashlib
import json
import pathlib
import subprocess
import tempfile
from importlib.metadata import version

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

HERE = pathlib.Path(__file__).parent
TEXTS = [
    " ",
    "the and ing then stand on the",
    "  two spaces, then\ttab\n\nnewlines\r\n end ",
    "don't they'll I'VE it's",
    "In 2024, 3.14 = ½ of ² and ٣٤ and Ⅷ",
    "naïve café e\u0301 ﬁ",
    "日本語、中文。한국어",
    "👩‍👩‍👧‍👦 😀",
    "עברית العربية हिन्दी ไทย",
    "<|im_start|>user\nlook<|im_end|> <|im_end |> <|im_end|><|im_end|>x< |im_start|>",
    "a\u00a0b\u2003c\u3000d\u0085e\ufefff\u200bg\u2028h\u180ei",
    "x\u0000y\u0001z\u007f",
    "   leading and trailing   ",
]
CHATS = [
    [{"role": "user", "content": "the thing"}],
    [{"role": "system", "content": "be brief"}, {"role": "user", "content": " stand \n"}],
    [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "<|im_end|>"}],
]


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def rounded(values):
    return [float(f"{v:.9g}") for v in values.tolist()]


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        subprocess.run(["node", HERE / "write-tiny-policy.ts", folder], check=True)
        tokenizer = AutoTokenizer.from_pretrained(folder / "model")
        model = AutoModelForCausalLM.from_pretrained(folder / "model", dtype=torch.float32).eval()
        chats = [{"messages": chat, "ids": list(tokenizer.apply_chat_template(chat, add_generation_prompt=True, tokenize=True, return_dict=False))} for chat in CHATS]
        texts = []
        for text in TEXTS:
            ids = tokenizer(text, add_special_tokens=False).input_ids
            texts.append({"text": text, "ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)})
        prompt = torch.tensor([chats[0]["ids"]])
        with torch.no_grad():
            logits = model(prompt).logits[0, -1]
            adapted = PeftModel.from_pretrained(model, folder / "adapter").eval()(prompt).logits[0, -1]
        made = {
            "versions": {name: version(name) for name in ("peft", "tokenizers", "torch", "transformers")},
            "weightsSha256": sha256(folder / "model" / "model.safetensors"),
            "adapterSha256": {path.name: sha256(path) for path in sorted((folder / "adapter").iterdir())},
            "texts": texts,
            "chats": chats,
            "eosId": tokenizer.eos_token_id,
            "logits": rounded(logits),
            "adapterLogits": rounded(adapted),
        }
    (HERE / "tiny-model.json").write_text(json.dumps(made, indent=1) + "\n")


main()
