# SPDX-License-Identifier: Apache-2.0
"""PEFT models with given tensors, and their parameters under the names that PEFT saves."""
import copy

import torch
from peft import LoraConfig, get_peft_model

from .files import normal

QUERY_VALUE = "query and value"
EVERY_LINEAR = "every linear"
DEPTH = 4


def in_family(options, family):
    """Returns the options with the targets under the family's names."""
    names = {QUERY_VALUE: family.query_value, EVERY_LINEAR: family.every_linear}
    targets = options["target_modules"]
    return {**options, "target_modules": names.get(targets, targets) if isinstance(targets, str) else targets}


def wrap(family, model, name, random_b=True, **options):
    """Returns a copy of the model under LoRA; A is random, B too unless it starts at zero as it does in a training."""
    base = copy.deepcopy(model)
    base.name_or_path = base.config._name_or_path = "tiny-" + family.name  # what PEFT writes down as the base model
    settings = {"task_type": "SEQ_CLS", "lora_dropout": 0.0, **options}
    wrapped = get_peft_model(base, LoraConfig(**settings))
    with torch.no_grad():
        for key, parameter in trainable(wrapped).items():
            if ".lora_A." in key and (random_b or "init_lora_weights" not in options):
                parameter.copy_(normal(f"{name} {key}", *parameter.shape, scale=0.3))
            if ".lora_embedding_" in key:
                parameter.copy_(normal(f"{name} {key}", *parameter.shape, scale=0.3))
            if ".lora_B." in key and random_b:
                parameter.copy_(normal(f"{name} {key}", *parameter.shape, scale=0.15))
            whole = options.get("bias") == "all" and "bias" in key
            if random_b and (whole or key.endswith(".base_layer.bias")):
                parameter.add_(normal(f"{name} {key}", *parameter.shape, scale=0.1))
            if ".lora_magnitude_vector" in key and random_b:
                parameter.mul_(1 + normal(f"{name} {key}", *parameter.shape, scale=0.1))
    return wrapped


def trainable(wrapped):
    """Returns the trainable parameters under the names that PEFT's files have."""
    return {
        name.replace(".modules_to_save.default.", ".").replace(".default.", "."): parameter
        for name, parameter in wrapped.named_parameters()
        if parameter.requires_grad
    }


def layers(options):
    """Returns the adapted layers of a variant, for the description in JSON."""
    chosen = options.get("layers_to_transform")
    return list(range(DEPTH)) if chosen is None else list(chosen)


def describe(options):
    return {
        "rank": options["r"],
        "alpha": options["lora_alpha"],
        "rank_stabilised": options.get("use_rslora", False),
        "dora": options.get("use_dora", False),
        "pissa": options.get("init_lora_weights") == "pissa",
        "biases": options.get("bias", "none") == "lora_only",
        **({"all_biases": True} if options.get("bias") == "all" else {}),
        "pooler": "pooler" in (options.get("modules_to_save") or []),
        "targets": list(options["target_modules"]),
        "layers": layers(options),
    }
