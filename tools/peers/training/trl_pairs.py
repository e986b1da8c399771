"""Trains a LoRA adapter with TRL's DPOTrainer on pairs of given tokens and prints, as JSON, what that took."""

import contextlib
import json
import resource
import sys
import time

import datasets
import peft
import torch
import transformers
import trl

job = json.loads(sys.argv[1])
torch.set_num_threads(job["threads"])
datasets.disable_progress_bars()
transformers.logging.set_verbosity_error()


spent = {"seconds": 0.0, "cpuSeconds": 0.0}


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


@contextlib.contextmanager
def timed():
    started, cpu_before = time.perf_counter(), cpu_seconds()
    yield
    spent["seconds"] += time.perf_counter() - started
    spent["cpuSeconds"] += cpu_seconds() - cpu_before


class TokenTrainer(trl.DPOTrainer):
    """Its data set holds token ids already: both sides train on the same tokens, whatever their tokenizers do."""

    def _prepare_dataset(self, dataset, *_args):
        return dataset

    def _precompute_ref_logps(self, *args):
        # Called by the constructor, before `train`.
        with timed():
            return super()._precompute_ref_logps(*args)


# `defaults`: as DPOConfig comes. `best`: what its documentation offers for speed, in float32. `bf16`: the same in bfloat16.
SETTINGS = {
    "defaults": {},
    "best": {"precompute_ref_log_probs": True, "gradient_checkpointing": False, "bf16": False, "per_device_train_batch_size": 1},
    "bf16": {"precompute_ref_log_probs": True, "gradient_checkpointing": False, "bf16": True, "per_device_train_batch_size": 1},
}

if job["setting"] == "prepare":
    # As a folder of float32: what was read from GGUF is not let train. In a process of its own, as it takes memory twice.
    folder, name = job["gguf"].rsplit("/", 1)
    read = transformers.AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
    plain = {key: value for key, value in read.config.to_dict().items() if key != "quantization_config"}
    model = transformers.AutoModelForCausalLM.from_config(transformers.LlamaConfig(**plain))
    model.load_state_dict(read.state_dict())
    model.save_pretrained(job["model"])
    transformers.AutoTokenizer.from_pretrained(folder, gguf_file=name).save_pretrained(job["model"])
    sys.exit(0)

dtype = torch.bfloat16 if job["setting"] == "bf16" else torch.float32
model = transformers.AutoModelForCausalLM.from_pretrained(job["model"], dtype=dtype)
tokenizer = transformers.AutoTokenizer.from_pretrained(job["model"])
tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
config = trl.DPOConfig(
    output_dir=job["scratch"],
    use_cpu=True,
    report_to=[],
    save_strategy="no",
    logging_strategy="no",
    disable_tqdm=True,
    num_train_epochs=1,
    beta=0.1,
    **SETTINGS[job["setting"]],
)
trainer = TokenTrainer(
    model=model,
    args=config,
    train_dataset=datasets.Dataset.from_list(job["pairs"]),
    processing_class=tokenizer,
    peft_config=peft.LoraConfig(
        r=16,
        lora_alpha=32,
        target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
        task_type="CAUSAL_LM",
    ),
)
if config.precompute_ref_log_probs != (spent["seconds"] > 0):
    raise ValueError(f"expected reference log-probabilities before training: {config.precompute_ref_log_probs}; they took {spent['seconds']} s")
with timed():
    trainer.train()
print(
    json.dumps(
        {
            **spent,
            "peakBytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            "versions": {module.__name__: module.__version__ for module in (torch, transformers, trl, peft)},
            "flags": {
                key: getattr(config, key)
                for key in ("per_device_train_batch_size", "gradient_checkpointing", "bf16", "precompute_ref_log_probs")
            },
        }
    )
)
