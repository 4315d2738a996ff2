# SPDX-License-Identifier: Apache-2.0
"""The tiny encoders: their folders, their tokens, every hidden state and their losses."""
import tempfile

import torch

from . import adapters, families, gradients, training
from .files import normal, random, write_json, write_tensors

LONG = "the company said it rose in the bank market " * 12
SINGLES = [
    "shares rose 12 pct",
    "the oil price",
    "Grain shipments to the U.S.A. fell, it said.",
    "",
    " ",
    "a",
    "CAFÉ naïve Ångström ﬁne",
    "中 文 mixed中text",
    "emoji 🙂 and \u200bzero width\u00a0space",
    "tab\tnew\nline\r\nend",
    "the [SEP] in a text [MASK] [PAD]",
    "wordswithoutanyspaceinbetweenthemareverylongandcutintopieces" * 3,
    "x" * 101,
    "don't stop-loss 3.5% 1,000",
    "control \x07 character \ufffd and \x00 zero",
    LONG,
]
PAIRS = [
    ("shares rose", "the bank said"),
    ("", ""),
    ("the oil price", ""),
    ("", "grain"),
    (LONG, "net loss"),
    ("net loss", LONG),
    (LONG, LONG),
    (LONG[:150], LONG[:300]),
    ("trade", "trade"),
    ("a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2", "z y x w v u t s r q p o n m l k j i h g f e d c b a 9"),
]
# name, columns, the texts or pairs of the rows
BATCHES = (
    ("short", 7, ["shares rose", "the oil price", "a", "", "net loss in a"]),
    ("pairs", 13, [("shares rose", "the bank said"), ("the oil price", ""), ("a", "b"), ("grain ships", "oil rate price")]),
    ("full", 64, [LONG]),
    ("wide", 33, [SINGLES[2], "market", "the company said it rose in the bank", ("dollar", "rate of the dollar rose in trade")]),
    ("equal", 5, ["shares rose", "the oil price", "net loss in"]),
)  # fmt: skip
# batches of one family alone
OWN = {"roberta": (("padding", 20, ["the <pad> oil", "<pad><pad>", "shares rose"]),)}


def make(out, family):
    folder = out / family.name
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as scratch:
        tokenizer = family.tokenizer(scratch)
        model = families.classifier(family, len(tokenizer))
        regressor = families.regressor(family, model)
        save_models(folder, family, model, regressor, tokenizer)
        write_json(folder / "inputs.json", inputs(tokenizer))
        write_tensors(folder / "hidden.safetensors", hidden(family, model, regressor, tokenizer))
        gradients.make(folder, family, model, regressor, tokenizer)
        training.make(folder, family, model, regressor, tokenizer)
        adapters.make(folder, family, model, regressor, tokenizer)


def save_models(folder, family, model, regressor, tokenizer):
    encoder = families.encoder(family, model)
    model.save_pretrained(folder / "model")
    regressor.save_pretrained(folder / "regression")
    families.save_encoder(family, encoder, folder / "encoder")
    for name in ("model", "regression", "encoder"):
        tokenizer.save_pretrained(folder / name)
    check_saved(folder, family, model, regressor)


def check_saved(folder, family, model, regressor):
    for name, made in (("model", model), ("regression", regressor)):
        loaded = family.classifier.from_pretrained(folder / name)
        for key, tensor in made.state_dict().items():
            assert torch.equal(tensor, loaded.state_dict()[key]), key


def tokens_of(tokenizer, text, pair=None, **options):
    """Tokenizes as a batch of one, as data sets do: a single call of transformers drops a pair's empty second text."""
    made = tokenizer([text], **options) if pair is None else tokenizer([text], [pair], **options)
    tokens = {name: rows[0] for name, rows in made.items()}
    return {"token_type_ids": [0] * len(tokens["input_ids"]), **tokens}  # RoBERTa's says nothing of types


def inputs(tokenizer):
    """Returns texts and what the tokenizer makes of them, whole and cut at two lengths."""
    rows = [(text, None) for text in SINGLES] + list(PAIRS)
    cases = []
    for text, pair in rows:
        for most in (64, 16, 5):
            made = tokens_of(tokenizer, text, pair, truncation="longest_first", max_length=most)
            cases.append(
                {
                    "text": text,
                    "pair": pair,
                    "max_tokens": most,
                    "full_length": len(tokens_of(tokenizer, text, pair, verbose=False)["input_ids"]),
                    "ids": made["input_ids"],
                    "type_ids": made["token_type_ids"],
                    "tokens": tokenizer.convert_ids_to_tokens(made["input_ids"]),
                }
            )
    return {"cases": cases}


def encode(tokenizer, rows, columns=None):
    """Returns ids, mask and type ids of texts or pairs, padded on the right to that many columns."""
    rows = [row if isinstance(row, tuple) else (row, None) for row in rows]
    made = [tokens_of(tokenizer, text, pair, truncation=True, max_length=64) for text, pair in rows]
    columns = columns or max(len(row["input_ids"]) for row in made)
    assert all(len(row["input_ids"]) <= columns for row in made), [len(row["input_ids"]) for row in made]
    return {
        name: torch.tensor([row[name] + [filling] * (columns - len(row[name])) for row in made])
        for name, filling in (("input_ids", tokenizer.pad_token_id), ("attention_mask", 0), ("token_type_ids", 0))
    }


def labelled(name, batch):
    """Returns random labels and targets for a batch."""
    size = batch["input_ids"].shape[0]
    return torch.from_numpy(random(name + " labels").randint(0, 8, size)), normal(name + " targets", size)


def hidden(family, model, regressor, tokenizer):
    tensors = {}
    for name, columns, rows in BATCHES + OWN.get(family.name, ()):
        batch = encode(tokenizer, rows, columns)
        labels, targets = labelled(name, batch)
        with torch.no_grad():
            result = model(**batch, labels=labels, output_hidden_states=True)
            valued = regressor(**batch, labels=targets)
        tensors |= {f"{name}.{key}": value for key, value in batch.items()}
        tensors |= {f"{name}.hidden.{i}": state for i, state in enumerate(result.hidden_states)}
        tensors |= {
            f"{name}.labels": labels,
            f"{name}.logits": result.logits,
            f"{name}.loss": result.loss,
            f"{name}.targets": targets,
            f"{name}.regression.logits": valued.logits,
            f"{name}.regression.loss": valued.loss,
        }
    return tensors
