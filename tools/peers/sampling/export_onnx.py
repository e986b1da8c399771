"""Writes a Hugging Face folder as transformers.js reads models: ONNX in float32 and in its 8 bits, checked against Transformers.

python export_onnx.py HUGGING_FACE_FOLDER NEW_FOLDER. The steps are those of transformers.js's own conversion: export by
Optimum, slimming, dynamic quantisation of a Llama (one scale a tensor, int8 weights).
"""

import importlib.metadata
import json
import pathlib
import sys

import numpy
import onnx
import onnxruntime
import onnxslim
import torch
import transformers
from onnxruntime.quantization import QuantType, quantize_dynamic
from optimum.exporters.onnx import main_export

MOST_LOGIT_GAP = 1e-3
TEXTS = ("The sky turns red at sunset because its light takes a long way through the air", "Rain on a tin roof sounds")
PACKAGES = ("optimum-onnx", "transformers", "torch", "onnx", "onnxslim", "onnxruntime")

source, target = sys.argv[1], pathlib.Path(sys.argv[2])
plain, quantised = target / "onnx" / "model.onnx", target / "onnx" / "model_quantized.onnx"


def write_models():
    main_export(source, output=target, task="text-generation-with-past", library_name="transformers", do_validation=False)
    plain.parent.mkdir()
    onnx.save(onnxslim.slim(str(target / "model.onnx")), plain)
    (target / "model.onnx").unlink()
    quantize_dynamic(
        plain,
        quantised,
        per_channel=False,
        reduce_range=False,
        weight_type=QuantType.QInt8,
        extra_options={"EnableSubgraph": True, "MatMulConstBOnly": True},
    )


def padded_rows():
    """Token ids of two texts, the shorter one padded left, and which of them are read."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(source)
    rows = [tokenizer.encode(text, add_special_tokens=False) for text in TEXTS]
    longest = max(map(len, rows))
    pads = [longest - len(row) for row in rows]
    ids = numpy.array([[0] * pad + row for pad, row in zip(pads, rows)])
    return ids, numpy.array([[0] * pad + [1] * (longest - pad) for pad in pads])


def expected_logits():
    """Transformers' logits after the last token of the rows and after the one before, in one run without a cache."""
    model = transformers.AutoModelForCausalLM.from_pretrained(source, dtype=torch.float32).eval()
    ids, mask = map(torch.tensor, padded_rows())
    positions = (mask.cumsum(-1) - 1).clamp(min=0)
    with torch.inference_mode():
        return model(input_ids=ids, attention_mask=mask, position_ids=positions).logits[:, -2:].numpy(), model.config


def logits_of(path, config):
    """The same, of the ONNX file: all tokens but the last, then the last over the cache."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    ids, mask = padded_rows()
    positions = numpy.maximum(mask.cumsum(-1) - 1, 0)
    heads, size = config.num_key_value_heads, config.hidden_size // config.num_attention_heads
    cache = {
        entry.name: numpy.zeros((2, heads, 0, size), numpy.float32)
        for entry in session.get_inputs()
        if entry.name.startswith("past_key_values.")
    }
    logits = []
    for start, end in ((0, ids.shape[1] - 1), (ids.shape[1] - 1, ids.shape[1])):
        feeds = {"input_ids": ids[:, start:end], "attention_mask": mask[:, :end], "position_ids": positions[:, start:end]}
        outputs = dict(zip(names, session.run(None, {**feeds, **cache})))
        logits.append(outputs["logits"][:, -1])
        cache = {name.replace("present", "past_key_values"): value for name, value in outputs.items() if name.startswith("present.")}
    return numpy.stack(logits, 1)


write_models()
expected, config = expected_logits()
gaps = {name: float(abs(logits_of(path, config) - expected).max()) for name, path in (("float32", plain), ("8bit", quantised))}
if not gaps["float32"] < MOST_LOGIT_GAP:
    raise ValueError(f"expected the ONNX file's logits within {MOST_LOGIT_GAP} of Transformers', got {gaps['float32']}")
versions = {name: importlib.metadata.version(name) for name in PACKAGES}
(target / "export.json").write_text(json.dumps({"versions": versions, "logitGaps": gaps}))
print(json.dumps(gaps))
