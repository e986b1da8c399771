"""Samples with Transformers' generate, all prompts as one padded batch, and prints, as JSON, what that took."""

import json
import resource
import sys
import time

import torch
import transformers

job = json.loads(sys.argv[1])
torch.set_num_threads(job["threads"])
transformers.logging.set_verbosity_error()
model = transformers.AutoModelForCausalLM.from_pretrained(job["model"], dtype=torch.float32).eval()
tokenizer = transformers.AutoTokenizer.from_pretrained(job["model"])
torch.manual_seed(1)


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def sample(prompts, new_tokens):
    longest = max(map(len, prompts))
    pads = [longest - len(prompt) for prompt in prompts]
    with torch.inference_mode():
        ids = model.generate(
            torch.tensor([[0] * pad + prompt for pad, prompt in zip(pads, prompts)]),
            attention_mask=torch.tensor([[0] * pad + [1] * (longest - pad) for pad in pads]),
            do_sample=True,
            temperature=job["temperature"],
            top_k=job["topK"],
            top_p=job["topP"],
            max_new_tokens=new_tokens,
            min_new_tokens=new_tokens,
            pad_token_id=0,
        )
    if ids.shape != (len(prompts), longest + new_tokens):
        raise ValueError(f"expected {new_tokens} new tokens a row, got {ids.shape}")
    if not any(tokenizer.batch_decode(ids[:, longest:], skip_special_tokens=True)):
        raise ValueError("expected some text")


runs = []
for rows in job["rows"]:
    for repeat in range(-1, job["repeats"]):
        for new_tokens in job["newTokens"]:
            started, cpu_before = time.perf_counter(), cpu_seconds()
            sample(job["promptIds"][:rows], new_tokens)
            if repeat >= 0:
                seconds = time.perf_counter() - started
                runs.append({"rows": rows, "newTokens": new_tokens, "seconds": seconds, "cpuSeconds": cpu_seconds() - cpu_before})
versions = {module.__name__: module.__version__ for module in (torch, transformers)}
print(json.dumps({"versions": versions, "flags": f"attention {model.config._attn_implementation}, float32", "runs": runs}))
