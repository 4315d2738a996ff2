#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Loads what VisionPeerIT wrote with transformers and PEFT, every warning an error, and compares the answers.

    python src/test/golden/vision_peer.py FOLDER
"""
import json
import os
import sys
import warnings
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", CUDA_VISIBLE_DEVICES="", OMP_NUM_THREADS="1")

import torch
from peft import PeftModel
from PIL import Image
from safetensors.torch import load_file
from transformers import AutoProcessor, CLIPForImageClassification, CLIPImageProcessor, CLIPVisionModel, LlavaForConditionalGeneration
from transformers.utils import logging


class Strict:
    """Turns what the libraries only log into errors."""

    def __init__(self):
        self.said = []

    def filter(self, record):
        self.said.append(record.getMessage())
        return True


def main(folder):
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", message="Using a slow image processor")
    strict = Strict()
    for name in ("transformers.modeling_utils", "transformers.configuration_utils", "peft"):
        logging.get_logger(name).addFilter(strict)
    expected = load_file(folder / "ours.safetensors")
    told = json.loads((folder / "told.json").read_text())

    seen = CLIPImageProcessor.from_pretrained(folder / "classifier")
    pixels = seen(images=told["pictures"], return_tensors="pt")["pixel_values"]
    with torch.no_grad():
        model = CLIPForImageClassification.from_pretrained(folder / "classifier").eval()
        same("classifier", model(pixel_values=pixels).logits, expected["classifier"])
        assert [model.config.id2label[i] for i in range(3)] == told["labels"]
        tower = CLIPVisionModel.from_pretrained(folder / "tower").eval()
        same("tower", tower(pixel_values=pixels).last_hidden_state.flatten(0, 1), expected["tower"])
        base = CLIPForImageClassification.from_pretrained(folder / "classifier").eval()
        adapted = PeftModel.from_pretrained(base, folder / "on-classifier").eval()
        same("on-classifier", adapted(pixel_values=pixels).logits, expected["on-classifier"])

        processor = AutoProcessor.from_pretrained(folder / "llava", use_fast=False)
        for name in ("llava", *told["adapters"]):
            whole = LlavaForConditionalGeneration.from_pretrained(folder / "llava").eval()
            if name != "llava":
                whole = PeftModel.from_pretrained(whole, folder / name).eval()
            for i, prompt in enumerate(told["prompts"]):
                batch = processor(images=[Image.open(told["pictures"][i]).convert("RGB")], text=prompt, return_tensors="pt")
                same(f"{name} {i}", whole(**batch).logits[0, -1], expected[f"{name}.{i}"])
    assert not strict.said, strict.said
    print("same answers")


def same(what, theirs, ours):
    worst = (theirs - ours.reshape(theirs.shape)).abs().max().item()
    assert worst < 2e-5 * max(1, theirs.abs().max().item()), f"{what}: {worst}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
