# SPDX-License-Identifier: Apache-2.0
"""A tiny CLIP vision tower: states, a classifier's logits and loss, gradients, trainings, PEFT folders."""
import copy
import warnings

import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from transformers import CLIPConfig, CLIPForImageClassification, CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModel, get_scheduler, set_seed
from transformers.utils import logging

from .files import SEED, normal, number, random, write_json, write_tensors
from .lora import trainable

PICTURES = ("rgb.png", "tall.png", "rgb.jpg", "grey.png", "palette.png", "cmyk.jpg")
LABELS = ["circle", "rectangle", "triangle"]
TRUTH = [0, 2, 1, 1, 0, 2]
TOWER = {
    "hidden_size": 32, "intermediate_size": 40, "num_hidden_layers": 4, "num_attention_heads": 4, "image_size": 24,
    "patch_size": 8, "projection_dim": 16, "initializer_range": 0.2,
}  # fmt: skip
PROJECTIONS = ["q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"]
LORA = {
    "query-value": {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"]},
    "every-linear": {"r": 3, "lora_alpha": 7, "target_modules": PROJECTIONS},
    "layers-1-3": {"r": 4, "lora_alpha": 8, "target_modules": PROJECTIONS, "layers_to_transform": [1, 3]},
    "dora": {"r": 3, "lora_alpha": 7, "target_modules": PROJECTIONS, "use_dora": True},
}
STEPS, MICRO = 20, 3


def make(out):
    logging.set_verbosity_error()
    torch.set_num_threads(1)
    folder = out / "clip"
    seen = processor()
    tower_model = tower()
    tower_model.save_pretrained(folder / "tower")
    seen.save_pretrained(folder / "tower")
    model = classifier(tower_model)
    model.save_pretrained(folder / "model")
    seen.save_pretrained(folder / "model")
    pixels = pixel_values(out, seen, PICTURES)
    write_tensors(folder / "states.safetensors", states(model, tower_model, pixels))
    write_tensors(folder / "gradients.safetensors", gradients(model, pixels))
    write_json(
        folder / "expected.json",
        {
            "pictures": list(PICTURES), "labels": [LABELS[i] for i in TRUTH],
            "trainings": {name: training(model, pixels, name) for name in ("query-value", "layers-1-3", "dora")},
            "whole": whole(tower_model, model, pixels),
        },
    )  # fmt: skip
    for name in ("every-linear", "layers-1-3"):
        adapter(folder, model, pixels, name)


def processor():
    return CLIPImageProcessor(size={"shortest_edge": 24}, crop_size={"height": 24, "width": 24})


def shake(model):
    """Gives norms and biases values of their own, so that one left out is seen."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if ("norm" in name or "layrnorm" in name) and name.endswith("weight"):
                parameter.copy_(1 + normal(name, *parameter.shape, scale=0.2))
            elif name.endswith("bias"):
                parameter.copy_(normal(name, *parameter.shape, scale=0.2))
            else:
                parameter.copy_(normal(name, *parameter.shape, scale=0.2))


def tower(**options):
    set_seed(SEED)
    model = CLIPVisionModel(CLIPVisionConfig(**{**TOWER, **options}))
    shake(model)
    return model.eval()


def classifier(source):
    set_seed(SEED)
    config = CLIPConfig(vision_config=source.config.to_dict(), text_config={"num_hidden_layers": 1, "hidden_size": 16})
    config.id2label = dict(enumerate(LABELS))
    config.label2id = {label: i for i, label in enumerate(LABELS)}
    model = CLIPForImageClassification(config)
    shake(model)
    model.vision_model.load_state_dict(source.vision_model.state_dict())
    return model.eval()


def pixel_values(out, seen, names):
    arrays = [seen(images=[str(out / "pictures" / name)], return_tensors="np")["pixel_values"][0] for name in names]
    return torch.from_numpy(np.stack(arrays))


def states(model, source, pixels):
    with torch.no_grad():
        result = model(pixel_values=pixels, labels=torch.tensor(TRUTH), output_hidden_states=True)
        plain = source(pixel_values=pixels)
    tensors = {f"hidden.{i}": state for i, state in enumerate(result.hidden_states)}
    return tensors | {"pixels": pixels, "logits": result.logits, "loss": result.loss, "pooled": plain.pooler_output}


def wrap(model, name, random_b=True, lora=None, **more):
    base = copy.deepcopy(model)
    base.name_or_path = base.config._name_or_path = "tiny-clip"
    options = (lora or LORA)[name]
    wrapped = get_peft_model(base, LoraConfig(**{"lora_dropout": 0.0, "modules_to_save": ["classifier"], **more, **options}))
    with torch.no_grad():
        for key, parameter in trainable(wrapped).items():
            if ".lora_A." in key:
                parameter.copy_(normal(f"{name} {key}", *parameter.shape, scale=0.3))
            if ".lora_B." in key and random_b:
                parameter.copy_(normal(f"{name} {key}", *parameter.shape, scale=0.15))
            if ".lora_magnitude_vector" in key and random_b:
                parameter.mul_(1 + normal(f"{name} {key}", *parameter.shape, scale=0.1))
    return wrapped


def gradients(model, pixels):
    tensors = {}
    for name in LORA:
        wrapped = wrap(model, name).train()
        loss = wrapped(pixel_values=pixels, labels=torch.tensor(TRUTH)).loss
        loss.backward()
        for key, parameter in trainable(wrapped).items():
            tensors[f"{name}.initial.{key}"] = parameter.detach().clone()
            tensors[f"{name}.gradient.{key}"] = parameter.grad
        tensors[f"{name}.loss"] = loss
    return tensors


def plan(name):
    draw, order = random(name + " order"), []
    while len(order) < STEPS * MICRO:
        order += draw.permutation(len(PICTURES)).tolist()
    return [order[i : i + MICRO] for i in range(0, STEPS * MICRO, MICRO)]


def train(model, parameters, pixels, steps, rate):
    optimizer = torch.optim.AdamW(parameters)
    scheduler = get_scheduler("linear", optimizer, 2, STEPS)
    losses = []
    for rows in steps:
        loss = model(pixel_values=pixels[rows], labels=torch.tensor(TRUTH)[rows]).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for group in optimizer.param_groups for p in group["params"]], 1.0)
        losses.append(number(loss.item()))
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
    return losses


def training(model, pixels, name):
    wrapped = wrap(model, name, random_b=False).train()
    named = trainable(wrapped)
    groups = [
        {"params": [p for key, p in named.items() if not key.endswith("bias")], "lr": 0.01, "weight_decay": 0.1},
        {"params": [p for key, p in named.items() if key.endswith("bias")], "lr": 0.01, "weight_decay": 0.0},
    ]
    steps = plan(name)
    return {"steps": steps, "losses": train(wrapped, groups, pixels, steps, 0.01)}


def whole(source, model, pixels):
    """Trains every weight, with the decay of transformers' Trainer: none for biases and norms."""
    whole_model = copy.deepcopy(model).train()
    named = {key: p for key, p in whole_model.named_parameters() if "post_layernorm" not in key}
    spared = {key for key in named if key.endswith("bias") or "norm" in key}
    groups = [
        {"params": [p for key, p in named.items() if key not in spared], "lr": 0.01, "weight_decay": 0.1},
        {"params": [p for key, p in named.items() if key in spared], "lr": 0.01, "weight_decay": 0.0},
    ]
    steps = plan("whole")
    return {"steps": steps, "losses": train(whole_model, groups, pixels, steps, 0.01)}


def adapter(folder, model, pixels, name):
    wrapped = wrap(model, name).eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wrapped.save_pretrained(folder / "adapters" / name)
    (folder / "adapters" / name / "README.md").unlink(missing_ok=True)
    with torch.no_grad():
        logits = wrapped(pixel_values=pixels).logits
    write_tensors(folder / "adapters" / name / "expected.safetensors", {"logits": logits})
