"""Makes dequantise.json: random blocks of each stored weight format and their float32 values by the gguf package.

Run with: python tests/golden/checkpoints/make-dequantise.py
Versions: see "versions" in the file made.
"""

import base64
import json
import pathlib
from importlib.metadata import version

import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf import GGML_QUANT_SIZES
from gguf.quants import dequantize

BLOCKS = 3
TYPES = [Type.F16, Type.BF16, Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q5_1, Type.Q8_0, Type.Q4_K, Type.Q5_K, Type.Q6_K]
# Where a block's half-float scales lie; random bits elsewhere.
SCALES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}


def base64_of(array):
    return base64.b64encode(array.tobytes()).decode()


def main():
    rng = np.random.default_rng(20260101)
    cases = []
    for kind in TYPES:
        weights, size = GGML_QUANT_SIZES[kind]
        blocks = 300 if weights == 1 else BLOCKS
        raw = rng.integers(0, 256, (blocks, size), dtype=np.uint8)
        if kind == Type.F16:
            # No infinities and no NaN: comparing bits of a NaN is no use.
            halves = raw.view(np.uint16)
            halves[(halves & 0x7C00) == 0x7C00] &= 0x83FF
        if kind == Type.BF16:
            words = raw.view(np.uint16)
            words[(words & 0x7F80) == 0x7F80] &= 0x807F
        for at in SCALES.get(kind.name, []):
            raw[:, at : at + 2] = (rng.standard_normal(blocks) * 0.05).astype(np.float16).view(np.uint8).reshape(blocks, 2)
        values = dequantize(raw.reshape(1, -1), kind).astype(np.float32).reshape(-1)
        cases.append({"type": int(kind), "name": kind.name, "bytes": base64_of(raw), "float32": base64_of(values)})
    made = {"versions": {name: version(name) for name in ("gguf", "numpy")}, "cases": cases}
    path = pathlib.Path(__file__).with_name("dequantise.json")
    path.write_text(json.dumps(made, indent=1) + "\n")


main()
