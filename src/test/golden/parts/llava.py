# SPDX-License-Identifier: Apache-2.0
"""Tiny models of LLaVA's form: what the tower says, merged embeddings, states, logits, losses, gradients, trainings, texts."""
import copy
import warnings

import torch
from peft import LoraConfig, get_peft_model
from PIL import Image
from tokenizers import AddedToken
from transformers import LlavaConfig, LlavaForConditionalGeneration, LlavaImageProcessor, LlavaProcessor, get_scheduler, set_seed
from transformers.utils import logging

from . import clip, decoders
from .decoders import IGNORED
from .files import SEED, normal, number, random, write_json, write_tensors
from .lora import trainable

LANGUAGE = "model.language_model.layers."
TOWER = "model.vision_tower.vision_model.encoder.layers."
# prompt, answer, pictures
EXAMPLES = (
    ("USER: <image>\nshares rose 12 pct ASSISTANT:", " said the bank", ["rgb.png"]),
    ("USER: <image>\nthe oil price ASSISTANT:", " in trade", ["tall.png"]),
    ("grain of <image> and <image>", " tonnes of the crop", ["rgb.jpg", "grey.png"]),
    ("net loss of the company", " 3", []),
    ("<image>", " market", ["palette.png"]),
)
CHAT = (
    "{% for message in messages %}{% if message['role'] != 'system' %}{{ message['role'].upper() + ': '}}{% endif %}"
    "{# Render all images first #}{% for content in message['content'] | selectattr('type', 'equalto', 'image') %}{{ '<image>\n' }}{% endfor %}"
    "{# Render all text next #}{% if message['role'] != 'assistant' %}"
    "{% for content in message['content'] | selectattr('type', 'equalto', 'text') %}{{ content['text'] + ' '}}{% endfor %}"
    "{% else %}{% for content in message['content'] | selectattr('type', 'equalto', 'text') %}"
    "{% generation %}{{ content['text'] + ' '}}{% endgeneration %}{% endfor %}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}"
)
VARIANTS = {
    "llama": (decoders.LLAMA, {}),
    "qwen2": (
        decoders.QWEN2,
        {"vision_feature_layer": [-3, 4, 0], "vision_feature_select_strategy": "full", "multimodal_projector_bias": False},
    ),
    "mistral": (decoders.MISTRAL, {}),
    "gemma": (decoders.GEMMA, {}),
    "gemma2": (decoders.GEMMA2, {}),
}
# the others are asked for less: their states, losses and gradients, and what they write
WHOLE = ("llama", "qwen2")
DEEPEST = {"qwen2": (1, 3)}  # two layers of the tower that are read, 0 and 2 else


def names(stem, layers, modules):
    return [f"{stem}{layer}.{module}" for layer in layers for module in modules]


def lora(variant):
    deepest = DEEPEST.get(variant, (0, 2))
    language = [*(f"self_attn.{p}_proj" for p in "qkvo"), "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"]
    return {
        "language": {"r": 4, "lora_alpha": 8, "target_modules": names(LANGUAGE, (1, 3), language)},
        "both": {
            "r": 4, "lora_alpha": 8,
            "target_modules": names(LANGUAGE, (2,), ["self_attn.q_proj", "self_attn.v_proj"])
            + names(TOWER, deepest, ["self_attn.q_proj", "mlp.fc1", "mlp.fc2"]),
            "rank_pattern": {f"{TOWER}{i}.{m}".replace(".", "\\."): 3 for i in deepest for m in ("self_attn.q_proj", "mlp.fc1", "mlp.fc2")},
        },
        "projector": {
            "r": 4, "lora_alpha": 8, "target_modules": names(LANGUAGE, (3,), ["self_attn.q_proj", "self_attn.v_proj"]),
            "modules_to_save": ["multi_modal_projector"],
        },
    }  # fmt: skip


def make(out):
    logging.set_verbosity_error()
    torch.set_num_threads(1)
    for variant in VARIANTS:
        make_variant(out, out / "llava" / variant, variant)


def parts(variant):
    family, options = VARIANTS[variant]
    tokenizer = decoders.tokenizer_of(family)
    tokenizer.add_tokens([AddedToken("<image>", special=True, normalized=False)], special_tokens=True)
    tokenizer.image_token = "<image>"
    processor = LlavaProcessor(
        image_processor=LlavaImageProcessor(size={"shortest_edge": 24}, crop_size={"height": 24, "width": 24}),
        tokenizer=tokenizer, patch_size=8, num_additional_image_tokens=1, chat_template=CHAT,
        vision_feature_select_strategy=options.get("vision_feature_select_strategy", "default"),
    )  # fmt: skip
    vocabulary = len(tokenizer)
    set_seed(SEED)
    # since 4.52 transformers leaves out a cap of the logits, before it did not
    uncapped = {"final_logit_softcapping": None} if variant == "gemma2" else {}
    text = family.configuration(vocab_size=vocabulary, **{**decoders.COMMON, "max_position_embeddings": 96, **family.options, **uncapped})
    config = LlavaConfig(
        vision_config=clip.tower().config.to_dict(), text_config=text.to_dict(), image_seq_length=9,
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"), **options,
    )  # fmt: skip
    model = LlavaForConditionalGeneration(config)
    model.model.language_model.config._attn_implementation = family.attention
    clip.shake(model)
    if variant.startswith("gemma"):  # whose norms multiply by one more
        with torch.no_grad():
            for name, parameter in model.model.language_model.named_parameters():
                parameter.sub_(1 if "norm" in name else 0)
    model.tie_weights()
    return processor, model.eval()


def make_variant(out, folder, variant):
    processor, model = parts(variant)
    model.save_pretrained(folder / "model")
    processor.save_pretrained(folder / "model")
    batch = answer_batch(out, processor, EXAMPLES)
    write_tensors(folder / "states.safetensors", states(model, batch))
    write_tensors(folder / "gradients.safetensors", gradients(model, batch, variant))
    expected = {
        "examples": [{"prompt": p, "answer": a, "pictures": list(names)} for p, a, names in EXAMPLES],
        "continuations": [continuation(out, model, processor, p, names) for p, _, names in EXAMPLES],
    }
    if variant in WHOLE:
        expected["trainings"] = {name: training(out, model, processor, variant, name) for name in lora(variant)}
        expected["chat"] = chat(processor)
        for name in lora(variant):
            adapter(folder, model, batch, variant, name)
    write_json(folder / "expected.json", expected)
    if variant == "llama":
        write_tensors(folder / "bfloat16.safetensors", in_bfloat16(model, batch, variant))


def in_bfloat16(model, batch, variant):
    """Returns states, logits, loss and gradients with all of the model in bfloat16, what is trained in single precision."""
    half = copy.deepcopy(model).to(torch.bfloat16)
    found = states(half, batch)
    tensors = {name: found[name].float() for name in ("hidden.0", "hidden.3", "logits", "loss")}
    wrapped = wrap(half, variant, "both").train()
    loss = wrapped(**batch).loss
    loss.backward()
    return tensors | {f"gradient.{key}": parameter.grad.float() for key, parameter in trainable(wrapped).items()} | {"adapted.loss": loss.float()}


def chat(processor):
    said = [{"type": "image"}, {"type": "text", "text": "what colour?"}]
    answered = [
        {"role": "user", "content": said}, {"role": "assistant", "content": [{"type": "text", "text": "red"}]},
        {"role": "user", "content": [{"type": "text", "text": "and now?"}]},
    ]  # fmt: skip
    return {
        "one": processor.apply_chat_template([{"role": "user", "content": said}], add_generation_prompt=True),
        "several": processor.apply_chat_template(answered, add_generation_prompt=True),
    }


def opened(out, name):
    with Image.open(out / "pictures" / name) as picture:
        return picture.convert("RGB")


def read(out, processor, text, names):
    """Returns the ids of a prompt and the pixels of its pictures."""
    if not names:
        return processor.tokenizer(text)["input_ids"], None
    made = processor(images=[opened(out, name) for name in names], text=text, return_tensors="pt")
    return made["input_ids"][0].tolist(), made["pixel_values"]


def answer_batch(out, processor, chosen):
    tokenizer, rows, pixels = processor.tokenizer, [], []
    for prompt, answer, names in chosen:
        source, _ = read(out, processor, prompt, names)
        ids, seen = read(out, processor, prompt + answer, names)
        rows.append((ids + [tokenizer.eos_token_id], len(source)))
        pixels += [] if seen is None else [seen]
    batch = decoders.padded(tokenizer, [ids for ids, _ in rows])
    labels = batch["input_ids"].clone()
    for row, (ids, first) in enumerate(rows):
        labels[row, :first] = IGNORED
        labels[row, len(ids) :] = IGNORED
    return {**batch, "labels": labels, **({"pixel_values": torch.cat(pixels)} if pixels else {})}


def states(model, batch):
    before = {}
    hook = model.model.language_model.norm.register_forward_pre_hook(lambda m, a: before.update(last=a[0].detach().clone()))
    with torch.no_grad():
        result = model(**batch, output_hidden_states=True)
        seen = model.model.vision_tower(batch["pixel_values"], output_hidden_states=True).hidden_states
        features = torch.stack(list(model.get_image_features(batch["pixel_values"])))
    hook.remove()
    depth = model.config.text_config.num_hidden_layers
    tensors = {key: value for key, value in batch.items()}
    tensors |= {f"tower.{i}": state for i, state in enumerate(seen)}
    tensors |= {f"hidden.{i}": result.hidden_states[i] for i in range(depth)}
    return tensors | {
        f"hidden.{depth}": before["last"], "normed": result.hidden_states[depth], "features": features,
        "logits": answering(result.logits, batch), "loss": result.loss,
    }  # fmt: skip


def answering(logits, batch):
    """Returns the logits before each token of an answer, row after row: the others would fill the file."""
    return torch.cat([row[:-1][labels[1:] != IGNORED] for row, labels in zip(logits, batch["labels"])])


def wrap(model, variant, name, random_b=True):
    return clip.wrap(model, name, random_b, lora(variant), task_type="CAUSAL_LM", modules_to_save=None)


def gradients(model, batch, variant):
    tensors = {}
    for name in lora(variant):
        wrapped = wrap(model, variant, name).train()
        loss = wrapped(**batch).loss
        loss.backward()
        for key, parameter in trainable(wrapped).items():
            tensors[f"{name}.initial.{key}"] = parameter.detach().clone()
            tensors[f"{name}.gradient.{key}"] = parameter.grad
        tensors[f"{name}.loss"] = loss
    return tensors


def training(out, model, processor, variant, name):
    wrapped = wrap(model, variant, name, random_b=False).train()
    named = trainable(wrapped)
    groups = [
        {"params": [p for key, p in named.items() if not key.endswith("bias")], "weight_decay": 0.1},
        {"params": [p for key, p in named.items() if key.endswith("bias")], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=0.01)
    scheduler = get_scheduler("linear", optimizer, 2, 20)
    draw, order = random(name + " order"), []
    while len(order) < 60:
        order += draw.permutation(len(EXAMPLES)).tolist()
    steps = [order[i : i + 3] for i in range(0, 60, 3)]
    losses = []
    for rows in steps:
        loss = wrapped(**answer_batch(out, processor, [EXAMPLES[row] for row in rows])).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(named.values()), 1.0)
        losses.append(number(loss.item()))
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
    return {"steps": steps, "losses": losses}


def continuation(out, model, processor, prompt, names):
    ids, pixels = read(out, processor, prompt, names)
    ids = torch.tensor([ids])
    seen = {} if pixels is None else {"pixel_values": pixels}
    with torch.no_grad():
        made = model.generate(
            input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=12, do_sample=False,
            pad_token_id=processor.tokenizer.pad_token_id, **seen,
        )  # fmt: skip
    return {"prompt": prompt, "pictures": list(names), "ids": ids[0].tolist(), "continued": made[0, ids.shape[1] :].tolist()}


def adapter(folder, model, batch, variant, name):
    wrapped = wrap(model, variant, name).eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wrapped.save_pretrained(folder / "adapters" / name)
    (folder / "adapters" / name / "README.md").unlink(missing_ok=True)
    with torch.no_grad():
        logits = answering(wrapped(**batch).logits, batch)
    write_tensors(folder / "adapters" / name / "expected.safetensors", {"logits": logits})
