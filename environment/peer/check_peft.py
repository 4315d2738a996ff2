# SPDX-License-Identifier: Apache-2.0
"""Loads the adapters that Lamella wrote with PEFT, every warning an error, and compares what both answer.

check_peft.py FOLDER GOLDEN-FOLDER [--answers FILE]      FOLDER as PeftCheck.java wrote it; FILE: a safetensors file of PEFT's answers
"""
import argparse
import copy
import functools
import hashlib
import json
import os
import struct
import sys
import warnings
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", CUDA_VISIBLE_DEVICES="", TOKENIZERS_PARALLELISM="false")

import torch
from peft import PeftModel
from peft.utils import get_peft_model_state_dict
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSequenceClassification
from transformers.utils import logging

TOLERANCE = 1e-5


class Refused(Exception):
    """PEFT did not take an adapter as it should have."""


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("golden", type=Path)
    arguments.add_argument("--answers", type=Path)
    options = arguments.parse_args()
    logging.set_verbosity_error()
    torch.set_num_threads(1)
    cases = json.loads((options.folder / "cases.json").read_text("utf-8"))
    ours = load_file(options.folder / "ours.safetensors")
    record_results()
    answers, failures, worst = {}, 0, (0.0, "none")
    for case in cases:
        try:
            answers[case["name"]] = theirs = answer(case, options.folder, options.golden)
            difference = compare(ours[case["name"]], theirs)
            worst = max(worst, (difference, case["name"]))
        except Exception as trouble:
            failures += 1
            print(f"{case['name']}: {type(trouble).__name__}: {' '.join(str(trouble).split())[:600]}", flush=True)
    if options.answers:
        save_file(answers, str(options.answers), metadata={"format": "pt"})
    print(f"{len(cases)} adapters, {failures} failed; largest difference {worst[0]:.1e} of the largest answer, in {worst[1]}")
    sys.exit(failures > 0)


def compare(ours, theirs):
    """Returns the largest difference, relative to the largest answer where that is above 1."""
    if ours.numel() != theirs.numel():
        raise Refused(f"Lamella answers {ours.numel()} numbers, PEFT {tuple(theirs.shape)}")
    difference = ((ours - theirs.flatten()).abs().max() / max(1.0, theirs.abs().max().item())).item()
    if not difference <= TOLERANCE:
        raise Refused(f"answers differ by {difference:.2e}")
    return difference


def answer(case, folder, golden):
    """Returns what the model says under the adapter; throws where PEFT warned, missed or added anything."""
    adapter = folder / "adapters" / case["name"]
    if fingerprint(adapter) != case["fingerprint"]:
        raise Refused("the folder is not the one that was written")
    config = json.loads((adapter / "adapter_config.json").read_text("utf-8"))
    base = copy.deepcopy(base_model(folder / "bases" / case["base"], case["outputs"]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        RESULTS.clear()
        model = PeftModel.from_pretrained(base, adapter).eval()
        check_loaded(model, adapter)
    given = batch(golden, case["family"])
    with torch.no_grad():
        made = model(**given, output_hidden_states=True)
    if config["task_type"] is None and "-encoder-" in case["base"]:  # neither model nor adapter has a head
        return made.hidden_states[-1][given["attention_mask"].bool()].contiguous()
    return made.logits.contiguous()


RESULTS = []


def record_results():
    """Lets PEFT tell which keys it missed and did not expect: from_pretrained itself keeps that to itself."""
    load = PeftModel.load_adapter

    @functools.wraps(load)
    def recorded(*words, **options):
        RESULTS.append(load(*words, **options))
        return RESULTS[-1]

    PeftModel.load_adapter = recorded


def check_loaded(model, adapter):
    result = RESULTS[-1]
    if result.missing_keys or result.unexpected_keys:
        raise Refused(f"missing {result.missing_keys}, unexpected {result.unexpected_keys}")
    written = load_file(adapter / "adapter_model.safetensors")
    loaded = get_peft_model_state_dict(model, save_embedding_layers=False)
    if written.keys() != loaded.keys():
        raise Refused(f"only written {sorted(written.keys() - loaded.keys())}, only loaded {sorted(loaded.keys() - written.keys())}")
    for name, tensor in written.items():
        if not torch.equal(tensor.float(), loaded[name].float()):
            raise Refused(f"{name} is not what was written")


@functools.cache
def base_model(folder, outputs):
    """Returns the base model in single precision, whatever its file holds; what it lacks is random."""
    torch.manual_seed(0)
    return AutoModelForSequenceClassification.from_pretrained(folder, num_labels=outputs, dtype=torch.float32).eval()


@functools.cache
def batch(golden, family):
    tensors = load_file(golden / family / "adapters" / "expected.safetensors")
    return {name.removeprefix("batch."): tensor for name, tensor in tensors.items() if name.startswith("batch.")}


def fingerprint(folder):
    """A hash of all that PEFT reads of a folder, as PeftCheck.java takes it."""
    content = (folder / "adapter_model.safetensors").read_bytes()
    start = 8 + struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:start])
    header.pop("__metadata__", None)
    digest = hashlib.sha256((folder / "adapter_config.json").read_bytes())
    for name in sorted(header):
        numbers = [json.dumps(header[name][field], separators=(",", ":")) for field in ("shape", "data_offsets")]
        digest.update(f"{name} {header[name]['dtype']} {' '.join(numbers)}\n".encode())
    digest.update(content[start:])
    return digest.hexdigest()


if __name__ == "__main__":
    main()
