# SPDX-License-Identifier: Apache-2.0
"""GGUF files as Python's gguf writes them: every form of number, every kind of metadata, tokenizers and tiny models."""
import math
import shutil

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Form
from gguf import GGUFValueType as Kind
from gguf import quants
from safetensors.torch import save_file
from transformers import (
    AutoConfig, AutoModelForCausalLM, Gemma2Config, Gemma2ForCausalLM, LlamaConfig, LlamaForCausalLM, Qwen2Config,
    Qwen2ForCausalLM,
)  # fmt: skip
from transformers.utils import logging

from . import bytepairs
from .files import normal, random, write_json

QUANTISED = (Form.Q4_0, Form.Q4_1, Form.Q5_0, Form.Q5_1, Form.Q8_0)
PLAIN = (Form.F32, Form.F16, Form.BF16)
CHAT = "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\n' }}{% endfor %}"
LAYER = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm",
}  # fmt: skip
NORMS = {"post_attention_layernorm": "ffn_norm"}
GEMMA2_NORMS = {
    "post_attention_layernorm": "post_attention_norm", "pre_feedforward_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
}  # fmt: skip


def make(out):
    logging.set_verbosity_error()
    torch.set_num_threads(1)
    folder = out / "gguf"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    forms(folder)
    tokenizers(folder / "tokenizers")
    models(folder / "models")


def forms(folder):
    """Every form of number, and every kind of metadata."""
    writer = gguf.GGUFWriter(folder / "forms.gguf", "forms")
    metadata = kinds(writer)
    expected, names = {}, {}
    for form in PLAIN + QUANTISED:
        for name, raw in tensors_of(form).items():
            writer.add_tensor(name, raw, raw_dtype=form)
            expected[name] = torch.from_numpy(np.ascontiguousarray(quants.dequantize(raw, form).astype(np.float32)))
            names[name] = form.name
    finish(writer)
    save_file(expected, folder / "forms.safetensors", metadata={"format": "pt"})
    write_json(folder / "forms.json", {"forms": names, "metadata": metadata})


def tensors_of(form):
    """Numbers that were made into the form, and for quantised ones blocks of any bits with finite scales."""
    name = form.name.lower()
    wide = (normal(name, 3, 64) * torch.logspace(-6, 3, 3)[:, None]).numpy()
    wide[0, :32] = 0
    made = {f"{name}.made": quants.quantize(wide, form), f"{name}.deep": quants.quantize(normal(name + " deep", 2, 3, 32).numpy(), form)}
    if form in QUANTISED:
        size = gguf.GGML_QUANT_SIZES[form][1]
        bits = random(name + " bits").randint(0, 256, (40, size)).astype(np.uint8)
        scales = 4 if form in (Form.Q4_1, Form.Q5_1) else 2
        halves = normal(name + " scales", 40, scales // 2).numpy() * np.logspace(-7, 3, 40)[:, None]
        bits[:, :scales] = halves.astype(np.float16).view(np.uint8)
        made[f"{name}.bits"] = bits.reshape(8, 5 * size)
    elif form == Form.F16:
        special = np.array([0.0, -0.0, 6e-8, 65504, -65504, np.inf, -np.inf, 1 / 3], np.float16)
        made[f"{name}.special"] = special
    return made


def kinds(writer):
    writer.add_uint8("kind.u8", 200)
    writer.add_int8("kind.i8", -100)
    writer.add_uint16("kind.u16", 60000)
    writer.add_int16("kind.i16", -30000)
    writer.add_uint32("kind.u32", 4_000_000_000)
    writer.add_int32("kind.i32", -2_000_000_000)
    writer.add_uint64("kind.u64", 9_000_000_000_000_000_000)
    writer.add_int64("kind.i64", -9_000_000_000_000_000_000)
    writer.add_float32("kind.f32", 0.1)
    writer.add_float64("kind.f64", 0.1)
    writer.add_bool("kind.yes", True)
    writer.add_bool("kind.no", False)
    writer.add_string("kind.text", "naïve 北京 😀\n")
    writer.add_array("list.texts", ["", "a", "naïve 北京 😀"])
    writer.add_key_value("list.u8", bytes([1, 200, 3]), Kind.ARRAY, Kind.UINT8)
    writer.add_array("list.i32", [1, -2, 3])
    writer.add_array("list.f32", [0.5, -1.25])
    writer.add_array("list.bools", [True, False])
    writer.add_array("list.lists", [[1, 2], [3]])
    return {
        "wholes": {
            "kind.u8": 200, "kind.i8": -100, "kind.u16": 60000, "kind.i16": -30000, "kind.u32": 4_000_000_000,
            "kind.i32": -2_000_000_000, "kind.u64": 9_000_000_000_000_000_000, "kind.i64": -9_000_000_000_000_000_000,
        },
        "numbers": {"kind.f32": float(np.float32(0.1)), "kind.f64": 0.1},
    }  # fmt: skip


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def tokenizers(folder):
    """A vocabulary of each kind as metadata, and what the tokenizer built by the kind's scheme makes of texts."""
    folder.mkdir()
    for kind in bytepairs.KINDS:
        vocabulary = bytepairs.trained(kind)
        writer = gguf.GGUFWriter(folder / f"{kind}.gguf", "llama")
        writer.add_chat_template(CHAT)
        vocabulary.write(writer)
        finish(writer)
        tokenizer = vocabulary.tokenizer()
        write_json(
            folder / f"{kind}.json",
            {"chat_template": CHAT, "texts": bytepairs.TEXTS, "ids": [tokenizer.encode(text).ids for text in bytepairs.TEXTS]},
        )


def models(folder):
    """Tiny random models as llama.cpp would write them, and what transformers loads from that."""
    folder.mkdir()
    vocabulary = bytepairs.trained("smollm")
    size = len(vocabulary.tokens)
    common = {
        "vocab_size": size, "hidden_size": 32, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4,
        "num_key_value_heads": 2, "head_dim": 16, "max_position_embeddings": 128,
    }  # fmt: skip
    scaling = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}
    model(folder, "tied-llama", LlamaForCausalLM(LlamaConfig(**common, tie_word_embeddings=True, rope_theta=100000.0)), vocabulary, NORMS)
    long = LlamaConfig(**common, tie_word_embeddings=False, rope_theta=500000.0, attention_bias=True, rope_scaling=scaling)
    model(folder, "long-llama", LlamaForCausalLM(long), vocabulary, NORMS)
    model(folder, "qwen2", Qwen2ForCausalLM(Qwen2Config(**{**common, "head_dim": 8}, tie_word_embeddings=False, rope_theta=1000000.0, rms_norm_eps=1e-6)), vocabulary, NORMS)
    gemma2 = Gemma2Config(**common, query_pre_attn_scalar=16, sliding_window=32, attn_logit_softcapping=50.0, final_logit_softcapping=30.0)
    model(folder, "gemma2", Gemma2ForCausalLM(gemma2), vocabulary, GEMMA2_NORMS)


def model(folder, name, given, vocabulary, norms):
    config = given.config
    given.load_state_dict({key: torch.from_numpy(value) for key, value in tensors(given).items()}, strict=False)
    writer = gguf.GGUFWriter(folder / f"{name}.gguf", config.model_type)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_theta)
    writer.add_vocab_size(config.vocab_size)
    if config.model_type == "gemma2":
        writer.add_key_length(config.head_dim)
        writer.add_value_length(config.head_dim)
        writer.add_attn_logit_softcapping(config.attn_logit_softcapping)
        writer.add_final_logit_softcapping(config.final_logit_softcapping)
        writer.add_sliding_window(config.sliding_window)
    else:
        writer.add_rope_dimension_count(config.head_dim)
    vocabulary.write(writer)
    if getattr(config, "rope_scaling", None):
        writer.add_tensor("rope_freqs.weight", frequencies(config))
    for full, tensor in tensors(given).items():
        target, tensor = renamed(full, tensor, config, norms)
        form = Form.F32 if tensor.ndim == 1 else form_of(target)
        writer.add_tensor(target, quants.quantize(tensor, form), raw_dtype=form)
    finish(writer)
    load_with_transformers(folder, name, given)


def tensors(given):
    """Random numbers for every weight of a model, norms and biases too."""
    names = [name for name, _ in given.named_parameters()]
    shapes = dict(given.named_parameters())
    return {name: normal(f"gguf {given.config.model_type} {name}", *shapes[name].shape, scale=0.3).numpy() for name in names}


def form_of(target):
    """Every form has its weight."""
    return {
        "token_embd": Form.Q8_0, "output": Form.F16, "attn_q": Form.Q4_1, "attn_k": Form.Q5_0, "attn_v": Form.Q5_1,
        "attn_output": Form.BF16, "ffn_gate": Form.Q4_0, "ffn_up": Form.F32, "ffn_down": Form.Q8_0,
    }[target.split(".")[-2]]  # fmt: skip


def renamed(full, tensor, config, norms):
    """The name and the numbers that llama.cpp's convert_hf_to_gguf.py would write."""
    whole = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight", "lm_head.weight": "output.weight"}
    if full in whole:
        target = whole[full]
    else:
        _, _, layer, *inner, end = full.split(".")
        target = f"blk.{layer}.{ {**LAYER, **norms}['.'.join(inner)] }.{end}"
    if config.model_type == "llama" and ("attn_q." in target or "attn_k." in target):
        heads = config.num_attention_heads if "attn_q." in target else config.num_key_value_heads
        halves = tensor.reshape(heads, 2, tensor.shape[0] // heads // 2, *tensor.shape[1:])
        tensor = halves.swapaxes(1, 2).reshape(tensor.shape)
    if config.model_type == "gemma2" and target.endswith("norm.weight"):
        tensor = tensor + 1
    return target, np.ascontiguousarray(tensor)


def frequencies(config):
    """The factors of llama3's rotary scaling, as convert_hf_to_gguf.py computes them."""
    scaling, size = config.rope_scaling, config.head_dim
    low = scaling["original_max_position_embeddings"] / scaling["low_freq_factor"]
    high = scaling["original_max_position_embeddings"] / scaling["high_freq_factor"]
    factors = []
    for frequency in 1.0 / (config.rope_theta ** (torch.arange(0, size, 2, dtype=torch.float32) / size)):
        length = 2 * math.pi / frequency
        if length < high:
            factors.append(1)
        elif length > low:
            factors.append(scaling["factor"])
        else:
            smooth = (scaling["original_max_position_embeddings"] / length - scaling["low_freq_factor"]) / (
                scaling["high_freq_factor"] - scaling["low_freq_factor"]
            )
            factors.append(1 / ((1 - smooth) / scaling["factor"] + smooth))
    return np.array(factors, dtype=np.float32)


def load_with_transformers(folder, name, given):
    """Writes what transformers makes of the file; the untied biases of LLaMA, which it needs to be told of, too."""
    config = AutoConfig.from_pretrained(folder, gguf_file=f"{name}.gguf")
    if name == "long-llama":
        config.attention_bias = True
    loaded = AutoModelForCausalLM.from_pretrained(folder, gguf_file=f"{name}.gguf", config=config, dtype=torch.float32)
    weights = {key: value.contiguous() for key, value in loaded.state_dict().items()}
    for key, value in given.state_dict().items():
        assert (weights[key] - value).abs().max() < 0.15, f"{name}: {key} must survive up to rounding"
    if config.tie_word_embeddings:
        weights.pop("lm_head.weight", None)
    save_file(weights, folder / f"{name}.safetensors", metadata={"format": "pt"})
    config.save_pretrained(folder / "scratch")
    (folder / "scratch" / "config.json").replace(folder / f"{name}.config.json")
    (folder / "scratch").rmdir()
