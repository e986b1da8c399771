"""Makes stories.json: what Transformers makes of the embedded model in resources/embedded-model. Token ids of a prompt by
apply_chat_template and of a story, and log-probabilities of the story's tokens.

Run from the repository's root: python tests/golden/embedded-model/make-stories.py
Versions: see "versions" in the file made.
"""

import hashlib
import json
import pathlib
from importlib.metadata import version

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

HERE = pathlib.Path(__file__).parent
FOLDER = pathlib.Path("resources/embedded-model")
PROMPT = "An owl, a library, a snowy day."
STORY = "The owl went to the snowy library. The owl found a book, and she read for hours. The owl smiled, and everyone danced until the morning."


def main():
    tokenizer = AutoTokenizer.from_pretrained(FOLDER)
    model = AutoModelForCausalLM.from_pretrained(FOLDER, dtype=torch.float32).eval()
    prompt = tokenizer.apply_chat_template([{"role": "user", "content": PROMPT}], add_generation_prompt=True, tokenize=True, return_dict=False)
    story = tokenizer(STORY, add_special_tokens=False).input_ids + [tokenizer.eos_token_id]
    with torch.no_grad():
        logps = model(torch.tensor([prompt + story])).logits[0].double().log_softmax(-1)
    token_logps = [float(f"{logps[len(prompt) - 1 + i, token]:.9g}") for i, token in enumerate(story)]
    made = {
        "versions": {name: version(name) for name in ("tokenizers", "torch", "transformers")},
        "weightsSha256": hashlib.sha256((FOLDER / "model.safetensors").read_bytes()).hexdigest(),
        "parameters": sum(p.numel() for p in model.parameters()),
        "prompt": PROMPT,
        "story": STORY,
        "promptIds": list(prompt),
        "storyIds": story,
        "tokenLogps": token_logps,
    }
    (HERE / "stories.json").write_text(json.dumps(made, indent=1) + "\n")


main()
