# SPDX-License-Identifier: Apache-2.0
"""Byte pair tokenizers by the schemes that GGUF names in tokenizer.ggml.pre, and the texts they are asked."""
import json
from dataclasses import dataclass

import gguf
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

KINDS = ("smollm", "llama-bpe", "qwen2", "gpt-2")
SPLIT = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
OWN = "<think>"  # added by hand: kept whole, but no control token
WHOLE = "unreachable"  # in the vocabulary, and no merge leads to it: found only where merges may be passed over

TEXTS = [
    "",
    " ",
    "Hello, world!",
    " a  12",
    "a   12   b",
    "In 1969, 600 million people watched; it's 3.5% more than 1,234,567.89 ...  ",
    "def f(x):\n    for i in range(1234567890):\n\t\tif x[i] != 0:\n            return {'a': 3.14159, \"b\": [1,2,3]}\n\n\n    return None\n",
    "\n\n1\n\n\n22\t\t7\r\n\r\n8",
    "        12 = x;        // eight blanks",
    "What's that?! I'LL say WE'VE DON'T they're",
    "<|im_start|>user\nWhat is 12*34?<|im_end|>\n<|im_start|>assistant\n408<|im_end|>\n",
    "a<|im_start|> b <|endoftext|><|endoftext|> c <think> d</think>",
    "naïve café — Straße 北京 東京都 ½ ² ③ Ⅻ ٣٤٥ १२३ 一二",
    "e\u0301cole \u00e9cole \u1100\u1161 \uac00 \ufb01",
    "😀😃 👨‍👩‍👧‍👦 🇩🇪 👍🏽 ❤️",
    "Привет мир 123 שלום עולם مرحبا بالعالم สวัสดี नमस्ते こんにちは 안녕하세요",
    "\u00a0non\u2003breaking\u200bzero\ufeffwidth \u2028line\u2029para",
    "snake_case camelCase kebab-case SCREAMING_CASE x1y2z3 0xDEADBEEF 1e-5 v2.0.1",
    "https://example.org/a?b=c&d=%20#e user@example.org C:\\Temp\\x",
    "Σ x² ≥ √2 · π ≈ 3.14159; ∀ε>0 ∃δ: |x−y|<δ ⇒ |f(x)−f(y)|<ε",
    "trailing blanks   \n   leading blanks\n \n  \n\t\n",
    "!!!???...---***///\\\\\\\"\"\"'''```",
    "unreachable unreachable",
    "\u0000\u0001\u007f control",
    "Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in May. How many clips did Natalia sell altogether?",
    "word " * 40,
    "7" * 50,
    " " * 33 + "x",
    "\n" * 9,
]


@dataclass(frozen=True)
class Vocabulary:
    """What a GGUF file says about a tokenizer."""

    kind: str
    tokens: tuple
    types: tuple
    merges: tuple

    def write(self, writer):
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre(self.kind)
        writer.add_token_list(list(self.tokens))
        writer.add_token_types(list(self.types))
        writer.add_token_merges(list(self.merges))
        writer.add_bos_token_id(self.tokens.index("<|im_start|>"))
        writer.add_eos_token_id(self.tokens.index("<|im_end|>"))
        writer.add_pad_token_id(self.tokens.index("<|im_end|>"))
        if self.kind != "llama-bpe":  # where it is the default, as in llama.cpp
            writer.add_add_bos_token(False)

    def tokenizer(self):
        """Returns the tokenizer that the scheme of the kind makes of these."""
        vocabulary = {token: number for number, token in enumerate(self.tokens)}
        merges = [tuple(merge.split(" ")) for merge in self.merges]
        built = Tokenizer(models.BPE(vocabulary, merges, ignore_merges=self.kind == "llama-bpe"))
        frame(built, self.kind)
        for token, type in zip(self.tokens, self.types):
            if type in (gguf.TokenType.CONTROL, gguf.TokenType.USER_DEFINED):
                added = AddedToken(token, normalized=False, special=type == gguf.TokenType.CONTROL)
                (built.add_special_tokens if added.special else built.add_tokens)([added])
        if self.kind == "llama-bpe":
            first = "<|im_start|>"
            built.post_processor = processors.TemplateProcessing(
                single=f"{first} $A", pair=f"{first} $A {first} $B:1", special_tokens=[(first, vocabulary[first])]
            )
        return built


def frame(tokenizer, kind):
    """Sets what stands around the byte pairs, as the published tokenizer.json of the kind's first model has it."""
    tokenizer.decoder = decoders.ByteLevel()
    whole = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    rest = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    if kind == "smollm":
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), whole])
    elif kind == "gpt-2":
        tokenizer.pre_tokenizer = whole
    else:
        split = Regex(SPLIT % ("{1,3}" if kind == "llama-bpe" else ""))
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(split, "isolated"), rest])
    if kind == "qwen2":
        tokenizer.normalizer = normalizers.NFC()


def trained(kind):
    """Returns a small vocabulary trained on the texts: control tokens first, then bytes and merges, then the others."""
    tokenizer = Tokenizer(models.BPE())
    frame(tokenizer, kind)
    trainer = trainers.BpeTrainer(
        vocab_size=420, special_tokens=SPECIAL, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False
    )
    tokenizer.train_from_iterator([text for text in TEXTS if WHOLE not in text], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get) + [WHOLE, OWN]
    types = [gguf.TokenType.CONTROL] * len(SPECIAL) + [gguf.TokenType.NORMAL] * (len(tokens) - len(SPECIAL) - 1)
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]]
    return Vocabulary(kind, tuple(tokens), (*types, gguf.TokenType.USER_DEFINED), tuple(merges))


def of(reader):
    """Returns the vocabulary that an opened GGUF file holds."""

    def field(name):
        return reader.fields[f"tokenizer.ggml.{name}"].contents()

    return Vocabulary(field("pre"), tuple(field("tokens")), tuple(field("token_type")), tuple(field("merges")))
