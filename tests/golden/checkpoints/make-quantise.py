"""Makes quantise.json: what the gguf package makes of some weights in the formats that exports are written in.

Run with: python tests/golden/checkpoints/make-quantise.py   (gguf, numpy; versions in the json)
"""

import base64
import json
import pathlib
from importlib.metadata import version

import gguf
import numpy as np

rng = np.random.default_rng(7)
weights = np.concatenate([
    rng.normal(size=96).astype(np.float32),
    (rng.normal(size=64) * 10.0 ** rng.integers(-6, 4, size=64)).astype(np.float32),
    np.zeros(32, dtype=np.float32),
    # Ties and ends: halves of a step, the smallest and the largest half floats.
    np.array([127.0, 0.5, 1.5, -0.5, -1.5, 2.5, 6e-8, 3e-8, 2.9e-8, 65504.0, -65504.0, 6.1e-5, 1e-40, -0.0, 1.0, 1.0009765625] * 2, dtype=np.float32),
])
text = lambda array: base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
kinds = {name: gguf.GGMLQuantizationType[name] for name in ("F16", "BF16", "Q8_0")}
result = dict(versions=dict(gguf=version("gguf"), numpy=version("numpy")), weights=text(weights),
              **{name: text(gguf.quants.quantize(weights, kind)) for name, kind in kinds.items()})
(pathlib.Path(__file__).parent / "quantise.json").write_text(json.dumps(result) + "\n")
