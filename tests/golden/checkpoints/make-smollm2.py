"""Makes smollm2.json from the GGUF of SmolLM2-135M-Instruct: hashes of all tensors as Transformers loads them, token ids
by Hugging Face's Rust tokenizers, the chat template rendered by Python's Jinja, greedy replies in float32, and in float64
logits and the log-probabilities of responses. The chats are three of our own and the first prompts of resources/prompts.

Run from the repository's root: python tests/golden/checkpoints/make-smollm2.py PATH_OF_GGUF
Versions: see "versions" in the file made.
"""

import copy
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
PROMPTS = pathlib.Path(__file__).parents[3] / "resources" / "prompts" / "everyday.jsonl"
CHAT_COUNT = 20
NEW_TOKENS = 40
# Logits of the whole vocabulary would be 1 MB a chat; these are spread over it.
SOME_TOKENS = range(0, 49152, 769)


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


def rounded(values):
    return [float(f"{v:.9g}") for v in values]


def response_logits(model, prompt, response):
    with torch.no_grad():
        return model(torch.tensor([prompt + response])).logits[0, len(prompt) - 1 : -1]


def logps(model, prompt, response):
    return torch.log_softmax(response_logits(model, prompt, response), -1).gather(1, torch.tensor(response)[:, None])[:, 0]


def narrowest_choice(model, prompt, response):
    first, second = torch.topk(response_logits(model, prompt, response), 2).values.T
    return (first - second).min().item()


def main():
    path = pathlib.Path(sys.argv[1])
    reader = gguf.GGUFReader(path)
    tokenizer = rust_tokenizer(reader)
    encode = lambda text: tokenizer.encode(text, add_special_tokens=False).ids
    template = jinja2.Environment(trim_blocks=True, lstrip_blocks=True).from_string(text_of(reader, "tokenizer.chat_template"))
    model = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32, attn_implementation="eager").eval()
    exact = copy.deepcopy(model).double()
    hashes = {name: hashlib.sha256(value.contiguous().numpy().tobytes()).hexdigest()[:16] for name, value in sorted(model.state_dict().items()) if name != "lm_head.weight"}
    lines = PROMPTS.read_text().splitlines()[: CHAT_COUNT - len(CHATS)]
    chats, narrowest = [], 1e9
    for messages in CHATS + [[{"role": "user", "content": json.loads(line)["prompt"]}] for line in lines]:
        rendered = template.render(messages=messages, add_generation_prompt=True)
        ids = encode(rendered)
        with torch.no_grad():
            logits = exact(torch.tensor([ids])).logits[0, -1]
            made = model.generate(torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long), max_new_tokens=NEW_TOKENS, do_sample=False, eos_token_id=2, pad_token_id=2)[0, len(ids):].tolist()
        narrowest = min(narrowest, narrowest_choice(exact, ids, made))
        top = torch.topk(logits, 8)
        # The reply itself, and the one to the chat before, which here is not to the point.
        responses = [made] + ([chats[-1]["greedyIds"]] if chats else [])
        chats.append({
            "messages": messages,
            "rendered": rendered,
            "ids": ids,
            "topIndices": top.indices.tolist(),
            "topValues": rounded(top.values.tolist()),
            "someLogits": rounded(logits[list(SOME_TOKENS)].tolist()),
            "logSumExp": float(f"{torch.logsumexp(logits, 0).item():.9g}"),
            "greedyIds": made,
            "greedyText": tokenizer.decode(made, skip_special_tokens=True),
            "responses": [{"ids": response, "tokenLogps": rounded(logps(exact, ids, response).tolist())} for response in responses],
        })
    print("narrowest lead of a greedy choice:", narrowest)
    texts = [{"text": text, "ids": encode(text), "decoded": tokenizer.decode(encode(text), skip_special_tokens=False)} for text in TEXTS]
    packages = ("gguf", "jinja2", "tokenizers", "torch", "transformers")
    made = {
        "versions": {name: version(name) for name in packages},
        "someTokens": {"step": SOME_TOKENS.step, "count": len(SOME_TOKENS)},
        "file": {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()},
        "texts": texts,
        "chats": chats,
        "tensorHashes": hashes,
    }
    pathlib.Path(__file__).with_name("smollm2.json").write_text(json.dumps(made, indent=1, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
