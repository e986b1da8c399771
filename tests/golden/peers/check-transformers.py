"""Step 3 of 4, see README.md: what Transformers computes with the lab's merged folders, and what the gguf package reads.

python tests/golden/peers/check-transformers.py SCRATCH   (torch, transformers, gguf)
"""
import json, pathlib, sys
from importlib.metadata import version
import gguf, numpy as np, torch
from safetensors.numpy import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

SCRATCH = pathlib.Path(sys.argv[1])
versions = {**json.loads((SCRATCH / "versions.json").read_text()), "gguf": version("gguf")}
results = {}
for folder in sorted(path.parent for path in SCRATCH.glob("*/expected.json")):
    expected = json.loads((folder / "expected.json").read_text())
    model = AutoModelForCausalLM.from_pretrained(folder / "merged", attn_implementation="eager").eval()
    ids = torch.tensor([expected["prompt"]])
    with torch.no_grad():
        logits = model(ids).logits[0, -1]
        greedy = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=24, do_sample=False, eos_token_id=None, pad_token_id=0)[0][ids.shape[1]:].tolist()
    text = AutoTokenizer.from_pretrained(folder / "merged").apply_chat_template([dict(role="user", content="hi")], tokenize=False, add_generation_prompt=True)
    reader = gguf.GGUFReader(folder / "f32.gguf")
    tensors = {t.name: t.data for t in reader.tensors}
    merged = load_file(folder / "merged" / "model.safetensors")
    down = max(float(np.abs(tensors[f"blk.{i}.ffn_down.weight"] - merged[f"model.layers.{i}.mlp.down_proj.weight"]).max()) for i in range(4))
    results[folder.name] = dict(
        logitGap=float((logits - torch.tensor(expected["logits"])).abs().max()), sameGreedy=greedy == expected["greedy"],
        chatTemplate=text, ggufTensors=len(tensors), ggufGap=down)
(SCRATCH / "transformers.json").write_text(json.dumps(dict(versions=versions, results=results)))
print(json.dumps(results, indent=1))
