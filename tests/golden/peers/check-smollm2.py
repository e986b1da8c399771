"""SmolLM2, see README.md: Transformers' ids and logits with the lab's Hugging Face folder, against those of smollm2.json.

python tests/golden/peers/check-smollm2.py SCRATCH   (torch, transformers)
"""
import json, pathlib, sys
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

golden = json.loads((pathlib.Path(__file__).parent.parent / "checkpoints" / "smollm2.json").read_text())
folder = pathlib.Path(sys.argv[1]) / "hf"
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForCausalLM.from_pretrained(folder).eval()
texts = sum(tokenizer.encode(t["text"], add_special_tokens=False) == t["ids"] for t in golden["texts"])
prompts = sum(tokenizer.apply_chat_template(c["messages"], add_generation_prompt=True, return_dict=False) == c["ids"] for c in golden["chats"])
gaps = []
for chat in golden["chats"]:
    with torch.no_grad():
        logits = model(torch.tensor([chat["ids"]])).logits[0, -1]
    gaps.append(float((logits[torch.tensor(chat["topIndices"])] - torch.tensor(chat["topValues"])).abs().max()))
print(json.dumps(dict(texts=f"{texts} of {len(golden['texts'])}", prompts=f"{prompts} of {len(golden['chats'])}", logitGap=max(gaps))))
