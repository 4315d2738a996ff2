#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Saves adapters of the golden BERT with whatever PEFT is found first: run once for each version that people's adapters come from.

    for v in 0.5.0 0.6.2 0.7.1 0.9.0 0.11.1 0.13.2 0.15.2 0.17.1 0.19.1; do
      VENV/bin/pip install --no-deps --target target/peft-$v peft==$v
      PYTHONPATH=target/peft-$v VENV/bin/python src/test/golden/old_peft.py
    done
    VENV/bin/python src/test/golden/old_peft.py   # the pinned one

Writes src/test/resources/golden/bert/versions/VERSION-VARIANT, each with the logits of that version for the batch of
bert/adapters/expected.safetensors. Versions too old for a variant leave it out.
"""
import copy
import inspect
import os
import shutil
import tempfile
import warnings
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", CUDA_VISIBLE_DEVICES="", OMP_NUM_THREADS="1")

import peft
import torch
from parts.files import normal, write_tensors
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file
from transformers import AutoModelForSequenceClassification

GOLDEN = Path(__file__).resolve().parents[1] / "resources" / "golden" / "bert"
USUAL = {"r": 2, "lora_alpha": 6, "target_modules": ["query", "value"]}
VARIANTS = {
    "layers": {**USUAL, "layers_to_transform": [1, 3], "layers_pattern": "layer"},
    "one-layer": {**USUAL, "layers_to_transform": 2, "target_modules": ["output.dense"]},
    "expression": {**USUAL, "target_modules": r".*\.layer\.(0|2)\.attention\.self\.(query|key)"},
    "patterns": {**USUAL, "rank_pattern": {r"layer\.2\.attention\.self\.query": 3}, "alpha_pattern": {r"layer.3.attention.self.value": 5}},
    "float-alpha": {**USUAL, "lora_alpha": 8.485281374238571, "use_rslora": True},
    "dora": {**USUAL, "use_dora": True},
}
HALF = {"bf16": torch.bfloat16, "f16": torch.float16}


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    base = AutoModelForSequenceClassification.from_pretrained(GOLDEN / "model").eval()
    base.name_or_path = base.config._name_or_path = "tiny-bert"
    batch = {name[6:]: tensor for name, tensor in load_file(GOLDEN / "adapters" / "expected.safetensors").items() if name.startswith("batch.")}
    known = inspect.signature(LoraConfig).parameters
    for name, options in VARIANTS.items():
        if all(option in known for option in options):
            save(f"{peft.__version__}-{name}", base, options, batch)
    if "autocast_adapter_dtype" in inspect.signature(get_peft_model).parameters and peft.__version__.startswith("0.21"):
        for name, dtype in HALF.items():
            save(f"{peft.__version__}-{name}", base, USUAL, batch, dtype)


def save(name, base, options, batch, dtype=None):
    model = copy.deepcopy(base)
    config = LoraConfig(task_type="SEQ_CLS", lora_dropout=0.0, **options)
    wrapped = get_peft_model(model, config) if dtype is None else get_peft_model(model.to(dtype), config, autocast_adapter_dtype=False)
    with torch.no_grad():
        for key, parameter in wrapped.named_parameters():
            if parameter.requires_grad:
                parameter.add_(normal(f"old {key}", *parameter.shape, scale=0.2).to(parameter.dtype))
    folder = GOLDEN / "versions" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        wrapped.save_pretrained(scratch, safe_serialization=True)
        for file in ("adapter_config.json", "adapter_model.safetensors"):
            shutil.copyfile(Path(scratch) / file, folder / file)
    loaded = PeftModel.from_pretrained(copy.deepcopy(base), folder).eval()
    with torch.no_grad():
        write_tensors(folder / "logits.safetensors", {"logits": loaded(**batch).logits})
    print(name)


if __name__ == "__main__":
    main()
