# SPDX-License-Identifier: Apache-2.0
"""Metrics of written texts: sacrebleu, rouge-score, and SQuAD's rule as its authors published it."""
import re
import string
from collections import Counter

import sacrebleu
from rouge_score import rouge_scorer

from .files import number, random, write_json

ROUGE = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=False)
WORDS = (
    "The Eagle is a cheap French coffee shop near Burger King in the city centre , with an average rating 5 of 5 "
    "and it's kid-friendly . £20-25 low-priced 3.5 1,000 U.S. \"quoted\" (or not) naïve café über 東京 😀 !"
).split()
ODD = [
    "", " ", ".", "a", "The the an A", "Hello, world!", "hello world", "3,000.5 km/h - 10% & more...", "e-mail\nnew line",
    "well-\nknown", "&quot;x&quot; &amp; &lt;y&gt;", "<skipped> word", "naïve café", "東京 は 大きい", "😀 😀", "x" * 40,
    "no\u00a0break space", "tab\tand  two  blanks ", "it's John's", "U.S.A.", "1.000,50", "a.b,c", "--", "(a)[b]{c}~`^_",
]


def squad(text):
    """Lower text and remove punctuation, articles and extra whitespace."""
    bare = "".join(ch for ch in text.lower() if ch not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


def squad_f1(written, known):
    own, other = squad(written).split(), squad(known).split()
    same = sum((Counter(own) & Counter(other)).values())
    return 2 * same / (len(own) + len(other)) if same else 0.0


def one(written, known):
    """Returns the metrics of one text alone."""
    rouge = ROUGE.score_multi(known, written)
    return {
        "written": written,
        "known": known,
        "BLEU": number(sacrebleu.corpus_bleu([written], [[text] for text in known]).score),
        "chrF": number(sacrebleu.corpus_chrf([written], [[text] for text in known]).score),
        "ROUGE-1": number(rouge["rouge1"].fmeasure),
        "ROUGE-2": number(rouge["rouge2"].fmeasure),
        "ROUGE-L": number(rouge["rougeL"].fmeasure),
        "exact match": float(any(squad(written) == squad(text) for text in known)),
        "token F1": number(max(squad_f1(written, text) for text in known)),
    }


def sentence(draw, words=WORDS):
    return " ".join(words[i] for i in draw.randint(0, len(words), draw.randint(1, 25)))


def changed(draw, text):
    """Returns a text near the given one: some words gone, some others, some in another place."""
    words = [word for word in text.split() if draw.rand() > 0.15]
    words = [word if draw.rand() > 0.15 else WORDS[draw.randint(0, len(WORDS))] for word in words]
    if len(words) > 3 and draw.rand() < 0.5:
        cut = draw.randint(1, len(words) - 1)
        words = words[cut:] + words[:cut]
    return " ".join(words)


def drawn():
    """Returns texts with one to three known ones, near and far."""
    draw = random("texts")
    cases = []
    for _ in range(60):
        known = [sentence(draw) for _ in range(draw.randint(1, 4))]
        near = draw.rand() < 0.8
        cases.append((changed(draw, known[draw.randint(0, len(known))]) if near else sentence(draw), known))
    return cases


def corpus(cases):
    """Returns the metrics of all texts together; sacrebleu wants as many known texts of each, and takes None for none."""
    most = max(len(known) for _, known in cases)
    written = [text for text, _ in cases]
    columns = [[known[i] if i < len(known) else None for _, known in cases] for i in range(most)]
    return {
        "BLEU": number(sacrebleu.corpus_bleu(written, columns).score),
        "chrF": number(sacrebleu.corpus_chrf(written, columns).score),
    }


def make(out):
    odd = [(text, [other]) for text in ODD for other in (ODD[5], ODD[7], text)]
    cases = [case for case in odd if case[1][0].strip()] + drawn()
    write_json(
        out / "metrics" / "texts.json",
        {"texts": [one(*case) for case in cases], "corpora": {"all": corpus(cases), "drawn": corpus(drawn())}},
    )
