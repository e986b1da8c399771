"""Samples with llama.cpp, all rows in one batch a step as its server batches them, and prints, as JSON, what that took.

By its library itself: node-llama-cpp 3.22.1, which batches as well, takes 1.6 times the processor's time of this script
for 24 tokens of 32 rows.
"""

import ctypes
import importlib.metadata
import json
import resource
import sys
import time

import llama_cpp as llama

job = json.loads(sys.argv[1])
# As its server does by default.
MOST_BATCH_TOKENS = 2048
room = max(map(len, job["promptIds"])) + max(job["newTokens"]) + 1

silence = llama.llama_log_callback(lambda *_: None)  # held: the library keeps its address alone
llama.llama_log_set(silence, ctypes.c_void_p())
llama.llama_backend_init()
model = llama.llama_model_load_from_file(job["model"].encode(), llama.llama_model_default_params())
if not model:
    raise ValueError(f"llama.cpp cannot open {job['model']}")
vocabulary = llama.llama_model_get_vocab(model)


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def make_context(rows):
    params = llama.llama_context_default_params()
    params.n_ctx = rows * room
    params.n_batch = MOST_BATCH_TOKENS
    params.n_seq_max = rows
    params.n_threads = params.n_threads_batch = job["threads"]
    # A cache for each row: in one for all, attention goes over the tokens of all rows.
    params.kv_unified = False
    return llama.llama_init_from_model(model, params)


def make_sampler(seed):
    chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
    for sampler in (
        llama.llama_sampler_init_top_k(job["topK"]),
        llama.llama_sampler_init_top_p(job["topP"], 1),
        llama.llama_sampler_init_temp(job["temperature"]),
        llama.llama_sampler_init_dist(seed),
    ):
        llama.llama_sampler_chain_add(chain, sampler)
    return chain


def fill(batch, entries):
    batch.n_tokens = len(entries)
    for i, (token, position, row, wants_logits) in enumerate(entries):
        batch.token[i], batch.pos[i], batch.n_seq_id[i], batch.logits[i] = token, position, 1, wants_logits
        batch.seq_id[i][0] = row


def decode(context, batch, entries):
    fill(batch, entries)
    status = llama.llama_decode(context, batch)
    if status != 0:
        raise ValueError(f"llama_decode returned {status} for {len(entries)} tokens")


def text_of(tokens):
    buffer = ctypes.create_string_buffer(256)
    pieces = (buffer.raw[: llama.llama_token_to_piece(vocabulary, token, buffer, 256, 0, True)] for token in tokens)
    return b"".join(pieces).decode("utf-8", "replace")


def sample(context, batch, prompts, new_tokens):
    llama.llama_memory_clear(llama.llama_get_memory(context), False)
    samplers = [make_sampler(seed) for seed in range(len(prompts))]
    rows = [[] for _ in prompts]
    entries = [(token, i, row, i == len(prompt) - 1) for row, prompt in enumerate(prompts) for i, token in enumerate(prompt)]
    for start in range(0, len(entries), MOST_BATCH_TOKENS):
        part = entries[start : start + MOST_BATCH_TOKENS]
        decode(context, batch, part)
        for i, (_, _, row, is_last) in enumerate(part):
            if is_last:
                rows[row].append(llama.llama_sampler_sample(samplers[row], context, i))
    for step in range(1, new_tokens):
        decode(context, batch, [(tokens[-1], len(prompt) + step - 1, row, True) for row, (prompt, tokens) in enumerate(zip(prompts, rows))])
        for row, tokens in enumerate(rows):
            tokens.append(llama.llama_sampler_sample(samplers[row], context, row))
    texts = [text_of(tokens) for tokens in rows]
    for sampler in samplers:
        llama.llama_sampler_free(sampler)
    if any(len(tokens) != new_tokens for tokens in rows) or not any(texts):
        raise ValueError(f"expected {new_tokens} new tokens a row and some text")


runs = []
for rows in job["rows"]:
    context = make_context(rows)
    batch = llama.llama_batch_init(MOST_BATCH_TOKENS, 0, 1)
    for repeat in range(-1, job["repeats"]):
        for new_tokens in job["newTokens"]:
            started, cpu_before = time.perf_counter(), cpu_seconds()
            sample(context, batch, job["promptIds"][:rows], new_tokens)
            if repeat >= 0:
                seconds = time.perf_counter() - started
                runs.append({"rows": rows, "newTokens": new_tokens, "seconds": seconds, "cpuSeconds": cpu_seconds() - cpu_before})
    llama.llama_batch_free(batch)
    llama.llama_free(context)
versions = {"llama-cpp-python": importlib.metadata.version("llama-cpp-python")}
flags = f"all rows in one batch a step, a cache for each row, top-k, top-p and temperature in its own order, {job['threads']} threads"
print(json.dumps({"versions": versions, "flags": flags, "runs": runs}))
