"""Reads tests/golden/tiny-llama-tied/trained, an adapter that the lab trained and wrote, with PEFT and writes its logits.

Needs torch, transformers, peft. Run from the repository's root: python tests/golden/read-trained-adapter.py
"""
import json, pathlib
import torch, transformers, peft
from peft import PeftModel
from transformers import LlamaForCausalLM

FOLDER = pathlib.Path(__file__).parent / "tiny-llama-tied"
prompt = json.loads((FOLDER / "expected.json").read_text())["prompt"]
model = PeftModel.from_pretrained(LlamaForCausalLM.from_pretrained(FOLDER), FOLDER / "trained").eval()
with torch.no_grad():
    logits = model(torch.tensor([prompt])).logits[0, -1].tolist()
versions = dict(torch=torch.__version__, transformers=transformers.__version__, peft=peft.__version__)
(FOLDER / "trained-expected.json").write_text(json.dumps(dict(versions=versions, prompt=prompt, logits=[float(f"{x:.9g}") for x in logits])) + "\n")
print(logits[:4])
