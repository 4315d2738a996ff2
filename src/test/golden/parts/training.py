# SPDX-License-Identifier: Apache-2.0
"""Trainings of twenty steps: AdamW, schedule, decay, clipping and accumulation as the Trainer of transformers has them."""
import copy

import torch
from peft.optimizers import create_loraplus_optimizer
from transformers import Trainer, get_scheduler

from .files import number, random, write_json, write_tensors
from .lora import EVERY_LINEAR, QUERY_VALUE, describe, in_family, trainable, wrap
from .schedules import NAMES
from .tokens import WORDS

STEPS = 20
EXAMPLES = 96
USUAL = {"schedule": "linear", "warmup_steps": 2, "peak": 0.01, "accumulation": 1, "weight_decay": 0.1, "clip": 1.0}
LORA = {"r": 4, "lora_alpha": 8, "target_modules": QUERY_VALUE}
RUNS = {
    "linear": ({}, LORA),
    "accumulation": ({"accumulation": 2}, LORA),
    "cosine": ({"schedule": "cosine", "warmup_steps": 5}, LORA),
    "constant": ({"schedule": "constant", "warmup_steps": 0, "weight_decay": 0.0}, LORA),
    "tight-clip": ({"clip": 0.05, "schedule": "constant", "warmup_steps": 3}, LORA),
    "layers-1-3": ({}, {**LORA, "layers_to_transform": [1, 3]}),
    "every-linear": ({}, {"r": 3, "lora_alpha": 7, "target_modules": EVERY_LINEAR}),
    "rank-stabilised": ({}, {**LORA, "r": 5, "use_rslora": True}),
    "dora": ({}, {"r": 3, "lora_alpha": 7, "target_modules": EVERY_LINEAR, "use_dora": True}),
    "pissa": ({"peak": 0.003}, {**LORA, "init_lora_weights": "pissa"}),
    "lora-plus": ({"peak": 0.003, "ratio": 16}, LORA),
    "biases": ({}, {**LORA, "bias": "lora_only"}),
    "all-biases": ({}, {**LORA, "layers_to_transform": [1, 3], "bias": "all"}),
    "pooler": ({}, {**LORA, "modules_to_save": ["pooler"]}),
    "regression": ({"model": "regression"}, LORA),
    "head-only": ({"peak": 0.03}, None),
}
FOR_ALL = {"linear", "layers-1-3", "every-linear", "regression", "head-only", "dora", "all-biases"}  # the others ask nothing of the model
MICRO_BATCH = 8
EVALUATED = list(range(12))


def make(folder, family, model, regressor, tokenizer):
    examples = texts(tokenizer)
    write_json(folder / "training" / "examples.json", {"examples": examples})
    for name, (changes, asked) in RUNS.items():
        if family.name != "bert" and name not in FOR_ALL:
            continue
        lora = asked and in_family(asked, family)
        how = {"model": "model", **USUAL, **changes}
        base = regressor if how["model"] == "regression" else model
        content, tensors = run(family, name, base, examples, how, lora)
        if name != "pissa":  # PEFT decomposes no weight of float64
            exact, exact_tensors = run(family, name, base.double(), examples, how, lora)
            base.float()
            content["float64"] = {
                "losses": exact["losses"],
                "final_difference": {key: relative(tensors[key], exact_tensors[key]) for key in exact_tensors if "final." in key},
            }
        write_json(folder / "training" / f"{name}.json", content)
        write_tensors(folder / "training" / f"{name}.safetensors", tensors)


def relative(tensor, exact):
    """Returns max |a − b| / max(1, max |b|): how far float32 itself is from the exact result."""
    return number((tensor.double() - exact).abs().max() / max(1.0, exact.abs().max()))


def texts(tokenizer):
    """Returns examples whose label shows in the words, so that there is something to learn."""
    words = [word for word in WORDS.split() if not word.startswith("##")]
    draw = random("training texts")
    examples = []
    for i in range(EXAMPLES):
        label = int(draw.randint(0, 8))
        own = words[4 * label : 4 * label + 4]
        length = int(draw.randint(1, 18))
        text = " ".join(str(draw.choice(own if draw.rand() < 0.5 else words)) for _ in range(length))
        pair = "the " + str(draw.choice(words)) if i % 5 == 0 else None
        made = {"token_type_ids": None, **tokenizer(text, pair)}
        examples.append(
            {
                "text": text,
                "pair": pair,
                "ids": made["input_ids"],
                "type_ids": made["token_type_ids"] or [0] * len(made["input_ids"]),
                "label": label,
                "target": float(torch.tensor(label / 4 + 0.1 * draw.standard_normal(), dtype=torch.float32)),
            }
        )
    return examples


def batches(name, accumulation):
    """Returns for each step its micro-batches, each a list of example numbers; epochs are shuffled."""
    draw, order = random(name + " order"), []
    while len(order) < STEPS * accumulation * MICRO_BATCH:
        order += draw.permutation(EXAMPLES).tolist()
    parts = [order[i : i + MICRO_BATCH] for i in range(0, STEPS * accumulation * MICRO_BATCH, MICRO_BATCH)]
    return [parts[i : i + accumulation] for i in range(0, len(parts), accumulation)]


def padded(examples, rows, regression, dtype, padding):
    chosen = [examples[row] for row in rows]
    columns = max(len(example["ids"]) for example in chosen)

    def fill(values, filling=0):
        return torch.tensor([list(row) + [filling] * (columns - len(row)) for row in values])

    labels = [example["target" if regression else "label"] for example in chosen]
    return {
        "input_ids": fill((example["ids"] for example in chosen), padding),
        "token_type_ids": fill(example["type_ids"] for example in chosen),
        "attention_mask": fill([1] * len(example["ids"]) for example in chosen),
        "labels": torch.tensor(labels, dtype=dtype if regression else torch.long),
    }


def head_only(base):
    """Returns a copy of the model of which only the classifier trains; names as PEFT would save it."""
    model = copy.deepcopy(base)
    for name, parameter in model.named_parameters():
        parameter.requires_grad = name.startswith("classifier.")
    return model, {f"base_model.model.{n}": p for n, p in model.named_parameters() if p.requires_grad}


def optimizer_of(model, how):
    """Returns AdamW with the groups of transformers' Trainer: no decay for biases and norms."""
    if "ratio" in how:
        return create_loraplus_optimizer(
            model, torch.optim.AdamW, lr=how["peak"], loraplus_lr_ratio=how["ratio"], loraplus_weight_decay=how["weight_decay"],
            betas=(0.9, 0.999), eps=1e-8,
        )  # fmt: skip
    decayed = Trainer.get_decay_parameter_names(None, model)
    named = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    groups = [
        {"params": [p for n, p in named if n in decayed], "weight_decay": how["weight_decay"]},
        {"params": [p for n, p in named if n not in decayed], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=how["peak"], betas=(0.9, 0.999), eps=1e-8)


def run(family, name, base, examples, how, lora):
    """Trains and returns the description with all numbers, and the tensors at the beginning and the end."""
    dtype = next(base.parameters()).dtype
    regression = how["model"] == "regression"
    if lora is None:
        model, parameters = head_only(base)
    else:
        model = wrap(family, base, name, random_b=False, **lora)
        parameters = trainable(model)
        model.to(dtype)  # PEFT makes adapters in float32
    model.train()
    tensors = {f"initial.{key}": parameter.detach().clone() for key, parameter in parameters.items()}
    optimizer = optimizer_of(model, how)
    scheduler = get_scheduler(NAMES[how["schedule"]], optimizer, how["warmup_steps"], STEPS)
    order = batches(name, how["accumulation"])
    losses, rates, norms = [], [], []
    for step in order:
        total = 0.0
        for rows in step:
            loss = model(**padded(examples, rows, regression, dtype, base.config.pad_token_id)).loss / how["accumulation"]
            loss.backward()
            total += loss.item()
        norms.append(number(torch.nn.utils.clip_grad_norm_(list(parameters.values()), how["clip"])))
        losses.append(total)
        rates.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
    tensors |= {f"final.{key}": parameter for key, parameter in parameters.items()}
    model.eval()
    with torch.no_grad():
        tensors["final.logits"] = model(**padded(examples, EVALUATED, regression, dtype, base.config.pad_token_id)).logits
    description = {
        **how,
        "betas": [0.9, 0.999],
        "epsilon": 1e-8,
        "steps": STEPS,
        "lora": None if lora is None else describe(lora),
        "batches": order,
        "evaluated": EVALUATED,
        "losses": losses,
        "learning_rates": rates,
        "gradient_norms": norms,
    }
    return description, tensors
