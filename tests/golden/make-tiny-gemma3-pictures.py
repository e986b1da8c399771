"""Makes tests/golden/gemma3-pictures: a tiny random Gemma 3 that also sees pictures, as Transformers writes it, and what it makes of a text,
alone and with an adapter on its text part that PEFT writes.

Needs torch, transformers, peft, safetensors; their versions are written into expected.json. Run from the repository's root:
python tests/golden/make-tiny-gemma3-pictures.py
"""
import json, pathlib, shutil
import torch, transformers, peft
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import Gemma3Config, Gemma3ForConditionalGeneration, Gemma3TextConfig, SiglipVisionConfig

FOLDER = pathlib.Path(__file__).parent / "gemma3-pictures"
PROMPT = [1, 5, 9, 13, 4, 31, 22, 22, 8, 11]

text = Gemma3TextConfig(vocab_size=40, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=1,
                        head_dim=8, max_position_embeddings=64, rms_norm_eps=1e-5, bos_token_id=1, eos_token_id=2, pad_token_id=0,
                        sliding_window=4, layer_types=["sliding_attention", "full_attention"], query_pre_attn_scalar=11)
vision = SiglipVisionConfig(hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2, image_size=8, patch_size=4)
torch.manual_seed(3)
# The ids of picture tokens are words of the vocabulary, which the prompt leaves out.
model = Gemma3ForConditionalGeneration(Gemma3Config(text_config=text, vision_config=vision, mm_tokens_per_image=4, boi_token_index=37, eoi_token_index=38, image_token_index=39)).eval()
with torch.no_grad():
    for value in model.parameters():
        value.copy_(torch.randn_like(value) * 0.3)
shutil.rmtree(FOLDER, ignore_errors=True)
model.save_pretrained(FOLDER)
(FOLDER / "generation_config.json").unlink(missing_ok=True)
model = Gemma3ForConditionalGeneration.from_pretrained(FOLDER, attn_implementation="eager").eval()
with torch.no_grad():
    logits = model(input_ids=torch.tensor([PROMPT])).logits[0]
# The vision tower has a q_proj too: a list of names would mean both.
lora = get_peft_model(model, LoraConfig(r=2, lora_alpha=6, target_modules=r".*\.language_model\..*\.(down_proj|q_proj)", lora_dropout=0.0)).eval()
with torch.no_grad():
    for key, value in lora.named_parameters():
        if "lora_" in key:
            value.copy_(torch.randn_like(value) * 0.1)
lora.save_pretrained(FOLDER / "adapter")
adapter_config = FOLDER / "adapter" / "adapter_config.json"
# Not where it lay when this ran.
adapter_config.write_text(json.dumps({**json.loads(adapter_config.read_text()), "base_model_name_or_path": None}, indent=2, sort_keys=True))
(FOLDER / "adapter" / "README.md").unlink(missing_ok=True)
model = PeftModel.from_pretrained(Gemma3ForConditionalGeneration.from_pretrained(FOLDER, attn_implementation="eager"), FOLDER / "adapter").eval()
with torch.no_grad():
    adapter_logits = model(input_ids=torch.tensor([PROMPT])).logits[0, -1]
expected = dict(versions=dict(torch=torch.__version__, transformers=transformers.__version__, peft=peft.__version__), prompt=PROMPT,
                logits=[[float(f"{v:.9g}") for v in row] for row in logits.tolist()], adapterLogits=[float(f"{v:.9g}") for v in adapter_logits.tolist()])
(FOLDER / "expected.json").write_text(json.dumps(expected) + "\n")
