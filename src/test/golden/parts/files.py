# SPDX-License-Identifier: Apache-2.0
"""Writing what Java reads: safetensors and JSON, byte for byte the same each time."""
import json
import math
import platform
import zlib
from importlib.metadata import version

import numpy as np
import torch
from safetensors.torch import save_file

SEED = 20260101
PACKAGES = (
    "torch", "transformers", "tokenizers", "peft", "accelerate", "safetensors", "numpy", "scikit-learn", "scipy",
    "gguf", "jinja2", "sacrebleu", "rouge-score", "pillow",
)


def random(name):
    """Returns the generator of the named thing: adding one thing never changes another."""
    return np.random.RandomState((SEED + zlib.crc32(name.encode())) % 2**32)


def normal(name, *shape, scale=1.0):
    """Returns float32 numbers of a normal distribution."""
    return torch.from_numpy((random(name).standard_normal(shape) * scale).astype(np.float32))


def write_tensors(path, tensors):
    """Writes a safetensors file. Scalars are written as one number with shape [1]."""
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = {}
    for name, tensor in tensors.items():
        tensor = torch.as_tensor(tensor).detach().cpu()
        plain[name] = (tensor.reshape(1) if tensor.dim() == 0 else tensor).contiguous().clone()
    save_file(plain, str(path), metadata={"format": "pt"})


def number(value):
    """Returns the number for JSON: NaN and the infinities are null, since JSON has no such numbers."""
    value = float(value)
    return value if math.isfinite(value) else None


def numbers(values):
    """Returns nested lists of JSON numbers."""
    if isinstance(values, (list, tuple)) or (hasattr(values, "ndim") and values.ndim > 0):
        return [numbers(value) for value in values]
    return number(values)


def write_json(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    path.write_text(join_short_lists(text) + "\n", encoding="utf-8")


def join_short_lists(text):
    """Puts lists of plain numbers on one line, so that a file can be read by a person."""
    lines, joined = text.split("\n"), []
    i = 0
    while i < len(lines):
        if lines[i].endswith("["):
            end = i + 1
            while end < len(lines) and plain_number(lines[end]):
                end += 1
            if end > i + 1 and lines[end].strip() in ("]", "],"):
                joined.append(lines[i] + " ".join(line.strip() for line in lines[i + 1 : end]) + lines[end].strip())
                i = end + 1
                continue
        joined.append(lines[i])
        i += 1
    return "\n".join(joined)


def plain_number(line):
    return line.strip().rstrip(",").lstrip("-")[:1].isdigit() or line.strip().rstrip(",") == "null"


def write_versions(out):
    write_json(
        out / "versions.json",
        {
            "packages": {name: version(name) for name in PACKAGES},
            "python": platform.python_version(),
            "platform": f"{platform.system()}-{platform.machine()}",
            "cpu_capability": torch.backends.cpu.get_cpu_capability(),
            "threads": torch.get_num_threads(),
            "seed": SEED,
            "dtype": "float32",
            "attention": "sdpa",
            "dropout": 0.0,
        },
    )
