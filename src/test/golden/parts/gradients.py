# SPDX-License-Identifier: Apache-2.0
"""Gradients of every adapter and head parameter on one batch, for several forms of LoRA."""
from .files import number, write_json, write_tensors
from .lora import EVERY_LINEAR, QUERY_VALUE, describe, in_family, trainable, wrap

VARIANTS = {
    "query-value": {"r": 4, "lora_alpha": 8, "target_modules": QUERY_VALUE},
    "every-linear": {"r": 3, "lora_alpha": 7, "target_modules": EVERY_LINEAR},
    "rank-stabilised": {"r": 5, "lora_alpha": 8, "target_modules": QUERY_VALUE, "use_rslora": True},
    "layers-1-3": {"r": 4, "lora_alpha": 8, "target_modules": QUERY_VALUE, "layers_to_transform": [1, 3]},
    "dora": {"r": 3, "lora_alpha": 7, "target_modules": EVERY_LINEAR, "use_dora": True},
    "pissa": {"r": 4, "lora_alpha": 8, "target_modules": QUERY_VALUE, "init_lora_weights": "pissa"},
    "dora-pissa": {
        "r": 4, "lora_alpha": 8, "target_modules": QUERY_VALUE, "init_lora_weights": "pissa", "use_dora": True, "use_rslora": True,
    },
    "biases": {"r": 4, "lora_alpha": 8, "target_modules": EVERY_LINEAR, "bias": "lora_only"},
    "all-biases": {"r": 4, "lora_alpha": 8, "target_modules": QUERY_VALUE, "layers_to_transform": [1, 3], "bias": "all"},
    "regression": {"r": 4, "lora_alpha": 8, "target_modules": EVERY_LINEAR},
}
ROWS = [
    "shares rose 12 pct",
    "the oil price of the year fell",
    ("grain and wheat", "tonnes of the crop"),
    "a",
    ("net loss", "the bank cut it to 3"),
]


def make(folder, family, model, regressor, tokenizer):
    from .encoders import encode, labelled

    batch = encode(tokenizer, ROWS)
    labels, targets = labelled("gradients", batch)
    tensors = {f"batch.{key}": value for key, value in batch.items()}
    tensors |= {"batch.labels": labels, "batch.targets": targets}
    content = {}
    for name, asked in VARIANTS.items():
        options = in_family(asked, family)
        regression = name == "regression"
        wrapped = wrap(family, regressor if regression else model, name, **options).train()
        result = wrapped(**batch, labels=targets if regression else labels)
        result.loss.backward()
        parameters = trainable(wrapped)
        tensors |= {f"{name}.initial.{key}": parameter for key, parameter in parameters.items()}
        tensors |= {f"{name}.gradient.{key}": parameter.grad for key, parameter in parameters.items()}
        tensors |= {f"{name}.logits": result.logits, f"{name}.loss": result.loss}
        content[name] = {
            "model": "regression" if regression else "model",
            **describe(options),
            "loss": number(result.loss),
            "parameters": sum(parameter.numel() for parameter in parameters.values()),
        }
    write_tensors(folder / "gradients.safetensors", tensors)
    write_json(folder / "gradients.json", {"variants": content})
