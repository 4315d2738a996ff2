# SPDX-License-Identifier: Apache-2.0
"""Stock PEFT folders of every form that we read, with what the model computes under each."""
import copy
import json
import shutil
import tempfile
import warnings
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model

from . import families
from .files import normal, write_tensors
from .lora import EVERY_LINEAR, QUERY_VALUE, in_family, wrap

USUAL = {"r": 4, "lora_alpha": 8, "target_modules": QUERY_VALUE}
VARIANTS = {
    "query-value": USUAL,
    "every-linear": {"r": 3, "lora_alpha": 7, "target_modules": EVERY_LINEAR},
    "layers-1-3": {**USUAL, "layers_to_transform": [1, 3], "layers_pattern": "layer"},
    "one-layer": {**USUAL, "layers_to_transform": 2},
    "rank-stabilised": {**USUAL, "r": 5, "use_rslora": True},
    "dora": {**USUAL, "use_dora": True},
    "pissa": {**USUAL, "init_lora_weights": "pissa"},
    "pissa-converted": {**USUAL, "init_lora_weights": "pissa", "task_type": None},  # PEFT loses a trained head in the conversion
    "biases": {**USUAL, "bias": "lora_only"},
    "pooler": {**USUAL, "modules_to_save": ["pooler"]},
    "all-biases": {**USUAL, "layers_to_transform": [1, 3], "layers_pattern": "layer", "bias": "all"},
    "all-biases-encoder": {**USUAL, "task_type": "FEATURE_EXTRACTION", "bias": "all"},
    "norms": {**USUAL, "modules_to_save": ["LayerNorm"]},
    "words": {**USUAL, "modules_to_save": ["embeddings.word_embeddings"]},
    "word-pairs": {**USUAL, "target_modules": ["query", "value", "word_embeddings", "position_embeddings"], "alpha_pattern": {"word_embeddings": 3}},
    "word-pairs-encoder": {**USUAL, "target_modules": ["query", "word_embeddings"], "task_type": "FEATURE_EXTRACTION"},
    "float-alpha": {**USUAL, "r": 4, "lora_alpha": 22.627416997969522},
    "patterns": {
        **USUAL,
        "rank_pattern": {r"bert\.encoder\.layer\.2\.attention\.self\.query": 2, r"layer\.3\.attention\.self\.value": 6},
        "alpha_pattern": {r"bert\.encoder\.layer\.2\.attention\.self\.query": 5},
    },
    "regular-expression": {**USUAL, "target_modules": r".*\.layer\.(0|2)\.attention\.self\.(query|key)"},
    "no-head": {**USUAL, "task_type": None},
    "unknown-field": USUAL,
    "regression": USUAL,
    "encoder": {**USUAL, "task_type": "FEATURE_EXTRACTION"},
    "new-pooler": {**USUAL, "modules_to_save": ["pooler"]},
}
FOR_ALL = {
    "bert": set(VARIANTS) - {"new-pooler"},
    "roberta": {"query-value", "all-biases", "norms", "biases", "dora", "pissa", "every-linear", "layers-1-3", "regression", "encoder"},
    "deberta": {"query-value", "all-biases", "norms", "biases", "pooler", "dora", "pissa", "every-linear", "layers-1-3", "regression", "encoder", "new-pooler"},
}
ROWS = ["shares rose 12 pct", ("grain and wheat", "tonnes of the crop"), "", "the oil price of the year fell"]


def make(folder, family, model, regressor, tokenizer):
    from .encoders import encode

    encoder = families.encoder(family, model)
    bases = {"regression": regressor, "encoder": encoder, "all-biases-encoder": encoder, "word-pairs-encoder": encoder}
    if family is families.DEBERTA:
        bases["new-pooler"] = without_pooler(family, model)
    batch = encode(tokenizer, ROWS)
    tensors = {f"batch.{key}": value for key, value in batch.items()}
    shutil.rmtree(folder / "adapters", ignore_errors=True)
    for name, asked in VARIANTS.items():
        if name not in FOR_ALL[family.name]:
            continue
        options = in_family(asked, family)
        base = bases.get(name, model)
        wrapped = wrap(family, base, "adapter " + name, **options)
        shake_head(wrapped, name)
        save(wrapped, folder / "adapters" / name, base if name.endswith("converted") else None, options)
        if name == "unknown-field":
            add_unknown_field(folder / "adapters" / name / "adapter_config.json")
        wrapped.eval()
        tensors |= {f"{name}.{key}": value for key, value in outcome(wrapped, batch).items()}
        check(base, folder / "adapters" / name, batch, outcome(wrapped, batch))
    write_tensors(folder / "adapters" / "expected.safetensors", tensors)


def without_pooler(family, model):
    """Returns the model as a checkpoint without pooler and head gives it: both random."""
    with torch.random.fork_rng():
        torch.manual_seed(7)
        made = family.classifier(model.config)
    family.inner(made).load_state_dict(family.inner(model).state_dict())
    return made.eval()


def shake_head(wrapped, name):
    """Moves a trained head away from the base model's, so that a reader that ignores it is found out."""
    with torch.no_grad():
        for key, parameter in wrapped.named_parameters():
            if "modules_to_save" in key:
                parameter.add_(normal(f"{name} head {key}", *parameter.shape, scale=0.1))


def save(wrapped, folder, base=None, options=None):
    """Saves as PEFT does, without its model card; with a base, as pairs of twice the rank over that base unchanged."""
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "tiny-bert" is no folder that PEFT could look into
        if base is None:
            wrapped.save_pretrained(scratch)
        else:
            start = Path(scratch) / "start"
            untrained = get_peft_model(copy.deepcopy(base), LoraConfig(**options))
            untrained.peft_config["default"].init_lora_weights = True
            untrained.save_pretrained(start)
            wrapped.save_pretrained(scratch, path_initial_model_for_weight_conversion=str(start))
        folder.mkdir(parents=True)
        for file in ("adapter_config.json", "adapter_model.safetensors"):
            shutil.copyfile(Path(scratch) / file, folder / file)


def add_unknown_field(file):
    content = json.loads(file.read_text(encoding="utf-8"))
    content["a_field_of_next_year"] = {"weights": [1, 2.5, "three", None], "on": True}
    file.write_text(json.dumps(content, indent=2, sort_keys=True), encoding="utf-8")


def outcome(wrapped, batch):
    with torch.no_grad():
        result = wrapped(**batch, output_hidden_states=True)
    states = {"hidden": result.hidden_states[-1]}
    return states | ({"logits": result.logits} if "logits" in result else {})


def check(base, folder, batch, expected):
    """Loads the folder again with PEFT: what Java must reproduce, PEFT must too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loaded = PeftModel.from_pretrained(copy.deepcopy(base), folder).eval()
    for key, value in outcome(loaded, batch).items():
        worst = (value - expected[key]).abs().max()
        assert worst <= (1e-5 if "converted" in folder.name else 0), (folder, key, worst)
