"""Makes smollm2.json from the GGUF of SmolLM2-135M-Instruct: hashes of all tensors as Transformers loads them, token ids
by Hugging Face's Rust tokenizers, the chat template rendered by Python's Jinja, greedy replies and logits in float32.

Run with: python tests/golden/checkpoints/make-smollm2.py PATH_OF_GGUF
Versions: see "versions" in the file made.
"""

import hashlib
import json
import pathlib
import sys
from importlib.metadata import version

import gguf
import jinja2
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoModelForCausalLM

PATH = pathlib.Path(sys.argv[1])
TEXTS = [
    "",
    " ",
    "Hello, world!",
    "  two spaces, then\ttab\n\nnewlines\r\n end ",
    "don't they'll I'VE it's",
    "In 2024, 1234567890 + 3.14 = ½ of ² and ٣٤ and Ⅷ",
    "naïve café e\u0301 ﬁ",
    "日本語のテキスト、中文字符。한국어",
    "👩‍👩‍👧‍👦 🏳️‍🌈 😀😀",
    "עברית العربية हिन्दी ไทย",
    "<|im_start|>user\nlook<|im_end|> <|im_end |> <|endoftext|>x< |im_start|>",
    "a\u00a0b\u2003c\u3000d\u0085e\ufefff\u200bg\u2028h",
    "x\u0000y\u0001z\u007f",
    "\u0004\u0016\U000f0000 bytes that the vocabulary lacks",
    "function f(x) {\n    return x ** 2;  // comment\n}\n",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "   leading and trailing   ",
]
CHATS = [
    [{"role": "user", "content": "What is the capital of France?"}],
    [{"role": "system", "content": "Be brief."}, {"role": "user", "content": " 2+2? \n"}],
    [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello!"}, {"role": "user", "content": "Write a haiku about rain."}],
]
NEW_TOKENS = 40


def text_of(reader, key):
    return reader.fields[key].contents()


def rust_tokenizer(reader):
    tokens = text_of(reader, "tokenizer.ggml.tokens")
    merges = [tuple(merge.split(" ")) for merge in text_of(reader, "tokenizer.ggml.merges")]
    tokenizer = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    kinds = text_of(reader, "tokenizer.ggml.token_type")
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token, kind in zip(tokens, kinds) if kind == 3])
    return tokenizer


def main():
    reader = gguf.GGUFReader(PATH)
    tokenizer = rust_tokenizer(reader)
    encode = lambda text: tokenizer.encode(text, add_special_tokens=False).ids
    template = jinja2.Environment(trim_blocks=True, lstrip_blocks=True).from_string(text_of(reader, "tokenizer.chat_template"))
    model = AutoModelForCausalLM.from_pretrained(PATH.parent, gguf_file=PATH.name, dtype=torch.float32, attn_implementation="eager").eval()
    hashes = {name: hashlib.sha256(value.contiguous().numpy().tobytes()).hexdigest()[:16] for name, value in sorted(model.state_dict().items()) if name != "lm_head.weight"}
    chats = []
    for messages in CHATS:
        rendered = template.render(messages=messages, add_generation_prompt=True)
        ids = encode(rendered)
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0, -1]
            made = model.generate(torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long), max_new_tokens=NEW_TOKENS, do_sample=False, eos_token_id=2, pad_token_id=2)[0, len(ids):].tolist()
        top = torch.topk(logits, 8)
        chats.append({
            "messages": messages,
            "rendered": rendered,
            "ids": ids,
            "topIndices": top.indices.tolist(),
            "topValues": [float(f"{v:.9g}") for v in top.values.tolist()],
            "logSumExp": float(f"{torch.logsumexp(logits.double(), 0).item():.9g}"),
            "greedyIds": made,
            "greedyText": tokenizer.decode(made, skip_special_tokens=True),
        })
    texts = [{"text": text, "ids": encode(text), "decoded": tokenizer.decode(encode(text), skip_special_tokens=False)} for text in TEXTS]
    packages = ("gguf", "jinja2", "tokenizers", "torch", "transformers")
    made = {
        "versions": {name: version(name) for name in packages},
        "file": {"name": PATH.name, "sha256": hashlib.sha256(PATH.read_bytes()).hexdigest()},
        "texts": texts,
        "chats": chats,
        "tensorHashes": hashes,
    }
    pathlib.Path(__file__).with_name("smollm2.json").write_text(json.dumps(made, indent=1, ensure_ascii=True) + "\n")


main()
