# SPDX-License-Identifier: Apache-2.0
"""Tiny tokenizers of the three kinds, made from written vocabularies and nothing trained."""
import json
import string
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertTokenizerFast, DebertaV2TokenizerFast, RobertaTokenizerFast
from transformers.models.gpt2.tokenization_gpt2 import bytes_to_unicode

POSITIONS = 64
WORDS = (
    "the of to and in a said it for shares rose oil price trade bank rate ship ##ment ##s ##ing ##ed grain profit "
    "company stock market net loss dollar fell wheat tonnes cut week year billion fed crop loan"
)
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def pieces():
    """Returns 120 word pieces: specials, digits, signs, letters, letters inside words, words."""
    letters = list(string.ascii_lowercase)
    words = WORDS.split()
    found = SPECIALS + list("0123456789") + list(".,-%'") + ["中"] + letters + ["##" + c for c in letters]
    found += [word for word in words if word not in found] + ["##" + digit for digit in "0123456789"]
    found = found[:120]
    assert len(found) == len(set(found)) == 120, len(found)
    return found


def word_pieces(scratch):
    """Returns BERT's tokenizer in its fast form, made from a vocabulary file as BERT's are."""
    file = Path(scratch) / "vocab.txt"
    file.write_text("\n".join(pieces()) + "\n", encoding="utf-8")
    return BertTokenizerFast(vocab_file=str(file), model_max_length=POSITIONS)


def whole_words():
    return [word for word in WORDS.split() if not word.startswith("##")]


def byte_pairs(scratch):
    """Returns RoBERTa's tokenizer: byte pairs whose merges spell the words, with and without a blank before."""
    symbols = bytes_to_unicode()
    vocabulary, merges = ["<s>", "<pad>", "</s>", "<unk>", *symbols.values()], []
    for word in whole_words():
        for text in (symbols[ord(" ")] + word, word):
            for end in range(2, len(text) + 1):
                pair = f"{text[: end - 1]} {text[end - 1]}"
                if pair not in merges:
                    merges.append(pair)
                    vocabulary.append(text[:end])
    vocabulary = list(dict.fromkeys(vocabulary)) + ["<mask>"]
    words, pairs = Path(scratch) / "vocab.json", Path(scratch) / "merges.txt"
    words.write_text(json.dumps({piece: i for i, piece in enumerate(vocabulary)}, ensure_ascii=False), encoding="utf-8")
    pairs.write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
    return RobertaTokenizerFast(vocab_file=str(words), merges_file=str(pairs), model_max_length=POSITIONS)


def sentence_pieces(scratch):
    """Returns DeBERTa-v3's tokenizer: a unigram model over blanks written as ▁, as a converted SentencePiece has it."""
    letters = [*string.ascii_lowercase, *string.ascii_uppercase, *"0123456789.,-%'$中"]
    scored = [(piece, 0.0) for piece in ("[PAD]", "[CLS]", "[SEP]", "[UNK]")]
    scored += [("▁", -4.0)]
    scored += [("▁" + word, -5.0 - 0.1 * i) for i, word in enumerate(whole_words())]
    scored += [(ending, -7.0 - 0.1 * i) for i, ending in enumerate(("ment", "s", "ing", "ed"))]
    known = {piece for piece, _ in scored}
    scored += [(letter, -9.0 - 0.01 * i) for i, letter in enumerate(letters) if letter not in known]
    made = Tokenizer(models.Unigram(scored, unk_id=3, byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [normalizers.Replace("\n", " "), normalizers.NFKC(), normalizers.Strip(), normalizers.Replace(" {2,}", " ")]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    return DebertaV2TokenizerFast(
        tokenizer_object=made, model_max_length=POSITIONS, pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]",
        unk_token="[UNK]", bos_token="[CLS]", eos_token="[SEP]", mask_token="[MASK]",
    )  # fmt: skip
