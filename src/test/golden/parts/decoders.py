# SPDX-License-Identifier: Apache-2.0
"""The tiny decoders: folders, states before and after the last norm, logits, losses, gradients, trainings, continuations."""
import copy
import json
import re
import tempfile
import warnings
from dataclasses import dataclass, field

import torch
from peft import LoraConfig, get_peft_model
from transformers import (
    GemmaConfig, GemmaForCausalLM, Gemma2Config, Gemma2ForCausalLM, LlamaConfig, LlamaForCausalLM, MistralConfig,
    MistralForCausalLM, PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM, get_scheduler, set_seed,
)  # fmt: skip
from transformers.utils import logging

from . import tokens
from .files import SEED, normal, number, random, write_json, write_tensors
from .lora import trainable

COMMON = {
    "hidden_size": 32, "num_hidden_layers": 4, "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 40,
    "initializer_range": 0.2, "max_position_embeddings": tokens.POSITIONS, "attention_dropout": 0.0,
    "bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2,
}  # fmt: skip
PROJECTIONS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
IGNORED = -100


@dataclass(frozen=True)
class Decoder:
    """What a family is called and made of."""

    name: str
    configuration: type
    model: type
    options: dict = field(default_factory=dict)
    begins: bool = True  # whether the tokenizer puts a token before each text
    attention: str = "sdpa"


LLAMA = Decoder("llama", LlamaConfig, LlamaForCausalLM, {"tie_word_embeddings": False})
BIASED = Decoder(
    "llama-biased", LlamaConfig, LlamaForCausalLM,
    {"tie_word_embeddings": True, "attention_bias": True, "mlp_bias": True, "head_dim": 10, "rope_theta": 500.0},
)  # fmt: skip
MISTRAL = Decoder("mistral", MistralConfig, MistralForCausalLM, {"sliding_window": 6})
QWEN2 = Decoder(
    "qwen2", Qwen2Config, Qwen2ForCausalLM,
    {"use_sliding_window": True, "sliding_window": 5, "max_window_layers": 2, "tie_word_embeddings": True}, begins=False,
)  # fmt: skip
GEMMA = Decoder("gemma", GemmaConfig, GemmaForCausalLM, {"head_dim": 12, "num_key_value_heads": 1})
GEMMA2 = Decoder(
    "gemma2", Gemma2Config, Gemma2ForCausalLM,
    {
        "head_dim": 12, "query_pre_attn_scalar": 10, "sliding_window": 6, "attn_logit_softcapping": 5.0,
        "final_logit_softcapping": 3.0,
    },
    attention="eager",  # the others leave the cap of the scores out
)  # fmt: skip
FAMILIES = (LLAMA, BIASED, MISTRAL, QWEN2, GEMMA, GEMMA2)

LONG = "the company said it rose in the bank market " * 12
BATCHES = (
    ("short", ["shares rose", "the oil price", "a", "net loss in a"]),
    ("wide", ["Grain shipments to the U.S.A. fell, it said.", "market", "the company said it rose in the bank"]),
    ("full", [LONG]),
    ("equal", ["shares rose", "the oil", "net loss"]),
)
# a prompt and its answer: the answer alone is scored
ANSWERS = (
    ("shares rose 12 pct", " said the bank"),
    ("the oil price of the year fell", " in trade"),
    ("grain", " tonnes of the crop and wheat rose"),
    ("a", " market"),
    ("net loss of the company in a week", " 3"),
)
PROMPTS = ("shares rose", "the oil price of the year fell in the market", "a", "Grain shipments to")
LORA = {
    "query-value": {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"]},
    "every-linear": {"r": 3, "lora_alpha": 7, "target_modules": PROJECTIONS},
    "layers-1-3": {"r": 4, "lora_alpha": 8, "target_modules": PROJECTIONS, "layers_to_transform": [1, 3]},
    "dora": {"r": 3, "lora_alpha": 7, "target_modules": PROJECTIONS, "use_dora": True},
    "pissa": {"r": 4, "lora_alpha": 8, "target_modules": PROJECTIONS, "init_lora_weights": "pissa"},
}
# pairs on the table of words and on the matrix of words, which is the same weight in all of these but the first
WORDS = {
    "llama": {"words": {"r": 4, "lora_alpha": 8, "target_modules": ["embed_tokens", "q_proj", "lm_head"]}},
    "llama-biased": {
        "words": {"r": 3, "lora_alpha": 8, "target_modules": ["embed_tokens", "v_proj", "lm_head"], "rank_pattern": {"lm_head": 2}},
        "words-before": {"r": 4, "lora_alpha": 8, "target_modules": ["embed_tokens", "v_proj"]},
        "words-after": {"r": 4, "lora_alpha": 8, "target_modules": ["lm_head", "v_proj"], "use_rslora": True},
        "words-tied": {"r": 4, "lora_alpha": 8, "target_modules": ["embed_tokens", "q_proj", "lm_head"], "ensure_weight_tying": True},
    },
    "gemma": {"words": {"r": 4, "lora_alpha": 8, "target_modules": ["embed_tokens", "q_proj"]}},
}  # fmt: skip
STEPS, MICRO, EXAMPLES = 20, 4, 32


def make(out):
    logging.set_verbosity_error()
    torch.set_num_threads(1)
    for family in FAMILIES:
        make_family(out / "decoders" / family.name, family)
    write_tensors(out / "decoders" / "turns.safetensors", turns(out))


def tokenizer_of(family):
    """Returns byte pairs as Llama 3 and SmolLM have them, with a first token where the family has one."""
    with tempfile.TemporaryDirectory() as scratch:
        made = tokens.byte_pairs(scratch).backend_tokenizer
    from tokenizers import processors

    if family.begins:
        made.post_processor = processors.TemplateProcessing(
            single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 0)]
        )
    else:
        made.post_processor = processors.ByteLevel(trim_offsets=False)
    return PreTrainedTokenizerFast(
        tokenizer_object=made, bos_token="<s>", pad_token="<pad>", eos_token="</s>", unk_token="<unk>",
        model_max_length=tokens.POSITIONS, padding_side="right",
    )  # fmt: skip


def model_of(family, vocabulary):
    set_seed(SEED)
    config = family.configuration(vocab_size=vocabulary, **{**COMMON, **family.options})
    config._attn_implementation = family.attention
    model = family.model(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" in name:
                one = 0 if family.name.startswith("gemma") else 1
                parameter.copy_(one + normal(name, *parameter.shape, scale=0.2))
            elif name.endswith("bias"):
                parameter.copy_(normal(name, *parameter.shape, scale=0.2))
    return model.eval()


def make_family(folder, family):
    tokenizer = tokenizer_of(family)
    model = model_of(family, len(tokenizer))
    model.save_pretrained(folder / "model")
    tokenizer.save_pretrained(folder / "model")
    write_tensors(folder / "states.safetensors", states(model, tokenizer))
    write_tensors(folder / "gradients.safetensors", gradients(model, tokenizer))
    content = {
        "continuations": [continuation(model, tokenizer, prompt) for prompt in PROMPTS],
        "answers": [{"prompt": p, "answer": a, "ids": ids, "scored": first} for p, a, ids, first in answered(tokenizer)],
        "trainings": {name: training(model, tokenizer, name) for name in ("query-value", "layers-1-3", "dora")},
    }
    write_json(folder / "expected.json", content)
    for name in ("every-linear", "layers-1-3"):
        adapter(folder, model, tokenizer, name)
    write_tensors(folder / "bfloat16.safetensors", in_bfloat16(model, tokenizer))
    for name, options in WORDS.get(family.name, {}).items():
        adapter(folder, model, tokenizer, name, options)


def padded(tokenizer, rows):
    columns = max(len(row) for row in rows)
    filling = tokenizer.pad_token_id
    return {
        "input_ids": torch.tensor([row + [filling] * (columns - len(row)) for row in rows]),
        "attention_mask": torch.tensor([[1] * len(row) + [0] * (columns - len(row)) for row in rows]),
    }


def cut(tokenizer, text):
    return tokenizer(text, truncation=True, max_length=tokens.POSITIONS)["input_ids"]


def states(model, tokenizer):
    """Returns every state, the last one before and after the norm, logits and the loss of all tokens but every third."""
    tensors, before = {}, {}
    model.model.norm.register_forward_pre_hook(lambda module, arguments: before.update(last=arguments[0].detach().clone()))
    for name, texts in BATCHES:
        batch = padded(tokenizer, [cut(tokenizer, text) for text in texts])
        labels = batch["input_ids"].clone()
        labels[batch["attention_mask"] == 0] = IGNORED
        labels[:, ::3] = IGNORED
        with torch.no_grad():
            result = model(**batch, labels=labels, output_hidden_states=True)
        tensors |= {f"{name}.{key}": value for key, value in batch.items()}
        depth = model.config.num_hidden_layers
        tensors |= {f"{name}.hidden.{i}": result.hidden_states[i] for i in range(depth)}
        tensors |= {
            f"{name}.hidden.{depth}": before["last"],
            f"{name}.normed": result.hidden_states[depth],
            f"{name}.logits": result.logits[:, -3:] if name == "full" else result.logits,
            f"{name}.labels": labels,
            f"{name}.loss": result.loss,
        }
    return tensors


def answered(tokenizer):
    """Returns prompt, answer, the ids of both with the last token, and how many of them belong to the prompt."""
    for prompt, answer in ANSWERS:
        source = tokenizer(prompt)["input_ids"]
        whole = tokenizer(prompt + answer)["input_ids"] + [tokenizer.eos_token_id]
        yield prompt, answer, whole, len(source)


def answer_batch(tokenizer, chosen):
    rows = list(chosen)
    batch = padded(tokenizer, [ids for _, _, ids, _ in rows])
    labels = batch["input_ids"].clone()
    for row, (_, _, ids, first) in enumerate(rows):
        labels[row, :first] = IGNORED
        labels[row, len(ids) :] = IGNORED
    return {**batch, "labels": labels}


def wrap(model, name, random_b=True, options=None):
    """Returns a copy under LoRA with given numbers."""
    base = copy.deepcopy(model)
    base.name_or_path = base.config._name_or_path = "tiny-decoder"
    options = options or LORA[name]
    wrapped = get_peft_model(base, LoraConfig(task_type="CAUSAL_LM", lora_dropout=0.0, **options))
    with torch.no_grad():
        for key, parameter in trainable(wrapped).items():
            if ".lora_A." in key and (random_b or "init_lora_weights" not in options):
                parameter.copy_(normal(f"{name} {key}", *parameter.shape, scale=0.3))
            if ".lora_B." in key and random_b:
                parameter.copy_(normal(f"{name} {key}", *parameter.shape, scale=0.15))
            if ".lora_embedding_" in key:
                parameter.copy_(normal(f"{name} {key}", *parameter.shape, scale=0.15))
            if ".lora_magnitude_vector" in key and random_b:
                parameter.mul_(1 + normal(f"{name} {key}", *parameter.shape, scale=0.1))
    return wrapped


def gradients(model, tokenizer):
    batch = answer_batch(tokenizer, answered(tokenizer))
    tensors = {f"batch.{key}": value for key, value in batch.items()}
    for name in LORA:
        wrapped = wrap(model, name).train()
        loss = wrapped(**batch).loss
        loss.backward()
        for key, parameter in trainable(wrapped).items():
            tensors[f"{name}.initial.{key}"] = parameter.detach().clone()
            tensors[f"{name}.gradient.{key}"] = parameter.grad
        tensors[f"{name}.loss"] = loss
    return tensors


def in_bfloat16(model, tokenizer):
    """Returns states, logits, loss and gradients with the base model in bfloat16 and the adapters in single precision."""
    batch = answer_batch(tokenizer, answered(tokenizer))
    base = copy.deepcopy(model).to(torch.bfloat16)
    with torch.no_grad():
        result = base(**batch, output_hidden_states=True)
    wrapped = wrap(base, "every-linear").train()
    loss = wrapped(**batch).loss
    loss.backward()
    tensors = {f"hidden.{i}": state.float() for i, state in enumerate(result.hidden_states[:-1])}
    gradients = {f"gradient.{key}": parameter.grad.float() for key, parameter in trainable(wrapped).items() if ".layers.3." in key}
    return tensors | gradients | {"logits": result.logits.float(), "loss": result.loss.float(), "adapted.loss": loss.float()}


def examples(tokenizer):
    """Returns ids with how many belong to the prompt, short and long, so that there is something to learn."""
    words = [word for word in tokens.WORDS.split() if not word.startswith("##")]
    draw = random("decoder examples")
    made = []
    for _ in range(EXAMPLES):
        prompt = " ".join(str(draw.choice(words)) for _ in range(int(draw.randint(1, 9))))
        answer = "".join(" " + words[(words.index(prompt.split()[-1]) + i) % len(words)] for i in range(int(draw.randint(1, 6))))
        source = tokenizer(prompt)["input_ids"]
        made.append((prompt, answer, tokenizer(prompt + answer)["input_ids"] + [tokenizer.eos_token_id], len(source)))
    return made


def training(model, tokenizer, name):
    """Trains as transformers' Trainer: mean over the scored tokens of the step, linear schedule, clipping at 1."""
    data = examples(tokenizer)
    wrapped = wrap(model, name, random_b=False).train()
    parameters = list(trainable(wrapped).values())
    optimizer = torch.optim.AdamW(parameters, lr=0.01, weight_decay=0.1)
    scheduler = get_scheduler("linear", optimizer, 2, STEPS)
    draw, order = random(name + " order"), []
    while len(order) < STEPS * MICRO:
        order += draw.permutation(EXAMPLES).tolist()
    steps = [order[i : i + MICRO] for i in range(0, STEPS * MICRO, MICRO)]
    losses = []
    for rows in steps:
        loss = wrapped(**answer_batch(tokenizer, [data[row] for row in rows])).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        losses.append(number(loss.item()))
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
    return {
        "lora": {key: value for key, value in LORA[name].items()},
        "steps": steps, "losses": losses, "learning_rate": 0.01, "warmup_steps": 2, "weight_decay": 0.1, "clip": 1.0,
        "examples": [{"ids": ids, "scored": first} for _, _, ids, first in data],
    }  # fmt: skip


def continuation(model, tokenizer, prompt):
    ids = torch.tensor([tokenizer(prompt)["input_ids"]])
    with torch.no_grad():
        made = model.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=20, do_sample=False, pad_token_id=tokenizer.pad_token_id
        )
    new = made[0, ids.shape[1] :].tolist()
    return {"prompt": prompt, "ids": ids[0].tolist(), "continued": new, "text": tokenizer.decode(new, skip_special_tokens=True)}


def adapter(folder, model, tokenizer, name, options=None):
    """Saves a stock PEFT folder and what the model says under it; of pairs on words also at each boundary."""
    wrapped = wrap(model, name, options=options).eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wrapped.save_pretrained(folder / "adapters" / name)
    (folder / "adapters" / name / "README.md").unlink(missing_ok=True)
    batch = padded(tokenizer, [cut(tokenizer, text) for text in BATCHES[1][1]])
    with torch.no_grad():
        logits = wrapped(**batch).logits
        boundaries = {f"logits.{b}": below(wrapped, b, batch) for b in range(model.config.num_hidden_layers)} if options else {}
    write_tensors(folder / "adapters" / name / "expected.safetensors", {**batch, "logits": logits, **boundaries})


def below(wrapped, boundary, batch):
    """Returns the last logits of the longest text with the pairs below a boundary: the table of words counts as layer 0 of a
    count from 1, the matrix of words as the layer after the last."""
    modules = {name: module for name, module in wrapped.named_modules() if hasattr(module, "lora_A")}
    scales = {name: dict(module.scaling) for name, module in modules.items()}
    for name, module in modules.items():
        layer = re.search(r"\.layers\.(\d+)\.", name)
        number = int(layer.group(1)) + 1 if layer else 1 if name.endswith("embed_tokens") else boundary + 1
        module.scaling["default"] *= number <= boundary
    logits = wrapped(**batch).logits[:1, -2:]
    for name, module in modules.items():
        module.scaling.update(scales[name])
    return logits


ROPES = {
    "linear": {"rope_type": "linear", "factor": 4.0},
    "dynamic": {"rope_type": "dynamic", "factor": 4.0},
    "llama3": {
        "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 32,
    },
    "yarn": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16},
    "yarn-scaled": {
        "rope_type": "yarn", "factor": 40.0, "original_max_position_embeddings": 32, "beta_fast": 16.0, "beta_slow": 2.0,
        "mscale": 0.7, "mscale_all_dim": 1.0, "truncate": False,
    },
}  # fmt: skip


def turns(out):
    """Returns cosine and sine of every way of stretching, and writes the configurations beside them."""
    from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

    tensors, configurations = {}, {}
    for name, scaling in ROPES.items():
        config = LlamaConfig(
            vocab_size=20, **{**COMMON, "hidden_size": 128}, head_dim=32, rope_theta=10000.0, rope_scaling=dict(scaling)
        )
        rotary = LlamaRotaryEmbedding(config)
        cos, sin = rotary(torch.zeros(1, tokens.POSITIONS, 8), torch.arange(tokens.POSITIONS).unsqueeze(0))
        tensors |= {f"{name}.cos": cos[0], f"{name}.sin": sin[0]}
        configurations[name] = json.loads(config.to_json_string(use_diff=False))
    write_json(out / "decoders" / "turns.json", configurations)
    return tensors
