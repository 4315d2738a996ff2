# SPDX-License-Identifier: Apache-2.0
"""What the benchmark measures: its rows, the models below them, and how much of each is done."""
from dataclasses import dataclass
from functools import partial
from pathlib import Path


@dataclass(frozen=True)
class Size:
    """How much is done: steps before the rounds, steps and our scorings in a round, texts, rounds; short: the same for rows that are only looked in on."""

    warm: int
    steps: int
    scorings: int
    texts: int
    rounds: int
    short_warm: int
    short_steps: int
    cost_steps: int


FULL = Size(warm=20, steps=6, scorings=2, texts=256, rounds=5, short_warm=5, short_steps=3, cost_steps=6)
QUICK = Size(warm=2, steps=2, scorings=1, texts=8, rounds=1, short_warm=1, short_steps=1, cost_steps=1)


@dataclass(frozen=True)
class Model:
    """What rows train: a model with a card, or one of a family whose weights are random, made here, or a language model with a random vision tower before it; and on what."""

    name: str
    batch: int
    half: str
    forms: str
    family: str | None = None
    task: str = "reuters-r8"
    tokens: int = 128
    writes: bool = False
    language: str | None = None


MODELS = {
    "minilm": Model("minilm", 32, "scored", "rank-stabilised,dora"),
    "roberta": Model("roberta", 16, "upper", "none", "roberta"),
    "deberta": Model("deberta", 16, "upper", "none", "deberta"),
    "smollm2-135m": Model("smollm2-135m", 4, "upper", "none", task="gsm8k", tokens=256, writes=True),
    "llava": Model("llava", 4, "upper", "none", task="easy-vqa", tokens=256, writes=True, language="smollm2-135m"),
    "llama-layers": Model("llama-layers", 2, "upper", "none", "llama", task="gsm8k", tokens=256, writes=True),
}


@dataclass(frozen=True)
class Training:
    """A row that compares optimizer steps."""

    name: str
    adapter: str
    dropout: bool = False
    model: str = "minilm"
    form: str = "plain"
    short: bool = True
    dtype: str = "float32"
    cost: bool = True
    rate: float = 1e-3

    def ours(self, lamella, inputs, **more):
        options = [*asked(inputs), "--dropout", "on" if self.dropout else "off"]
        return lamella.start("train", self._common(inputs) + options, **more)

    def sides(self, lamella, peer, inputs):
        """What starts each side."""
        theirs = ["--base-dropout"] if self.dropout else []
        return {"lamella": lambda: self.ours(lamella, inputs), "peft": lambda: peer.start("train", self._common(inputs) + theirs)}

    def _common(self, inputs):
        folder = Path(inputs["folder"])
        return ["--model", self.place(inputs), "--adapter", folder / self.adapter, "--batches", folder / "batches.json", "--dtype", self.dtype, "--learning-rate", self.rate]

    def place(self, inputs):
        """The model's folder; the prepared inputs hold one in each type of number that rows compute in."""
        return inputs["model"] if self.dtype == "float32" else f"{inputs['model']}-{self.dtype}"

    def warm(self, size):
        return size.short_warm if self.short else size.warm

    def count(self, side, size):
        return size.short_steps if self.short and not self.dropout else size.steps

    def mask(self, inputs):
        """The adapted layers, layer 0 first."""
        return inputs["half"] if self.adapter == "half" else "1" * inputs["depth"]


@dataclass(frozen=True)
class Scoring:
    """A row that compares scorings of the same texts: ours, the published way, and Python that sorts by length."""

    name: str
    model: str = "minilm"

    def ours(self, lamella, inputs, **more):
        return lamella.start("score", self._common(inputs), **more)

    def sides(self, lamella, peer, inputs):
        """What starts each side."""
        ways = {way: partial(peer.start, "score", [*self._common(inputs), "--way", way]) for way in ("published", "sorted")}
        return {"lamella": lambda: self.ours(lamella, inputs), **ways}

    def _common(self, inputs):
        return ["--model", inputs["model"], "--texts", Path(inputs["folder"]) / f"{self.name}.json"]

    def warm(self, size):
        return 1

    def count(self, side, size):
        return 1 if side == "published" else size.scorings


@dataclass(frozen=True)
class Writing:
    """A row that compares how long it takes to go on after prompts, greedily."""

    name: str
    batch: int
    model: str = "smollm2-135m"

    def ours(self, lamella, inputs, **more):
        return lamella.start("write", writing(inputs, self.batch), **more)

    def sides(self, lamella, peer, inputs):
        """What starts each side."""
        return {"lamella": lambda: self.ours(lamella, inputs), "generate": lambda: peer.start("write", writing(inputs, self.batch))}

    def warm(self, size):
        return 1

    def count(self, side, size):
        return 1 if self.batch > 1 else size.short_steps


@dataclass(frozen=True)
class Dropped(Writing):
    """A row that compares writing with an adapter below the middle layer alone and with all of it, nothing merged."""

    def ours(self, lamella, inputs, **more):
        return self._keeping(inputs["depth"] // 2, lamella, inputs, **more)

    def sides(self, lamella, peer, inputs):
        """What starts each side."""
        return {"lamella": lambda: self.ours(lamella, inputs), "whole": lambda: self._keeping(inputs["depth"], lamella, inputs)}

    def _keeping(self, layers, lamella, inputs, **more):
        options = ["--adapter", Path(inputs["folder"]) / "trained", "--keep", layers]
        return lamella.start("write", writing(inputs, self.batch) + options, **more)


@dataclass(frozen=True)
class Sweeping:
    """A row that compares the losses of an adapter cut at every boundary: ours, and PEFT whose layers are switched off one more at a time."""

    name: str
    model: str = "smollm2-135m"

    def ours(self, lamella, inputs, **more):
        return lamella.start("boundary", [*boundary(inputs), "--way", "sweep", *asked(inputs)], **more)

    def sides(self, lamella, peer, inputs):
        """What starts each side."""
        return {"lamella": lambda: self.ours(lamella, inputs), "toggling": lambda: peer.start("sweep", boundary(inputs))}

    def warm(self, size):
        return 1

    def count(self, side, size):
        return 1


@dataclass(frozen=True)
class Reading:
    """A row that compares reading an answer after every layer, adapted and bare, with plain answers of both models."""

    name: str
    model: str = "smollm2-135m"

    def ours(self, lamella, inputs, **more):
        return self._going("curve", lamella, inputs, **more)

    def sides(self, lamella, peer, inputs):
        """What starts each side."""
        return {"lamella": lambda: self.ours(lamella, inputs), "plain": lambda: self._going("plain", lamella, inputs)}

    def _going(self, way, lamella, inputs, **more):
        options = ["--way", way, "--texts", Path(inputs["folder"]) / "problems.json"]
        return lamella.start("boundary", boundary(inputs) + options + asked(inputs), **more)

    def warm(self, size):
        return 1

    def count(self, side, size):
        return size.short_steps


@dataclass(frozen=True)
class Seeing:
    """A row that compares what a vision tower says of pictures, from their files on: the states of the patches that LLaVA takes."""

    name: str
    model: str = "llava"

    def ours(self, lamella, inputs, **more):
        return lamella.start("see", seeing(inputs), **more)

    def sides(self, lamella, peer, inputs):
        """What starts each side."""
        return {"lamella": lambda: self.ours(lamella, inputs), "transformers": lambda: peer.start("see", seeing(inputs))}

    def warm(self, size):
        return 1

    def count(self, side, size):
        return size.scorings


def seeing(inputs):
    """What a side is given that looks at pictures."""
    folder = Path(inputs["folder"])
    return ["--model", folder / "tower", "--questions", folder / "questions.json", "--batch", SEEN]


def asked(inputs):
    """The task that our side takes its examples from, and where it cuts them."""
    return ["--task", inputs["task"], "--tokens", inputs["tokens"]]


def boundary(inputs):
    """What a side is given that cuts an adapter, or reads below its last layer."""
    folder = Path(inputs["folder"])
    return ["--model", inputs["model"], "--adapter", folder / "trained", "--batches", folder / "swept.json"]


def writing(inputs, batch):
    """What a side is given that writes."""
    return ["--model", inputs["model"], "--texts", Path(inputs["folder"]) / "prompts.json", "--batch", batch, "--tokens", WRITTEN]


# how many tokens a row writes after each prompt, at most
WRITTEN = 64
# how many pictures go through a tower at once
SEEN = 16

ROWS = (
    Training("all", "all", short=False),
    Training("half", "half", short=False),
    Training("defaults", "all", dropout=True),
    Training("rank-stabilised", "rank-stabilised", form="rank-stabilised"),
    Training("dora", "dora", form="dora"),
    Training("pissa", "pissa", form="pissa"),
    Training("roberta", "all", model="roberta"),
    Training("roberta-half", "half", model="roberta"),
    Training("deberta", "all", model="deberta"),
    Training("deberta-half", "half", model="deberta"),
    Scoring("sentences"),
    Scoring("documents"),
    Training("smollm2", "all", model="smollm2-135m"),
    Training("smollm2-half", "half", model="smollm2-135m"),
    Training("smollm2-bfloat16", "all", model="smollm2-135m", dtype="bfloat16"),
    Training("smollm2-bfloat16-half", "half", model="smollm2-135m", dtype="bfloat16"),
    Writing("generate", 1),
    Writing("generate-batch", 16),
    Scoring("problems", model="smollm2-135m"),
    Sweeping("sweep"),
    Reading("reading"),
    Dropped("dropped", 1),
    Dropped("dropped-batch", 16),
    Seeing("pictures"),
    Training("llava-step", "all", model="llava", cost=False, rate=2e-5),
    Training("llama-layers", "all", model="llama-layers", dtype="bfloat16"),
)
# whose cost is measured beside what Cost.of says: steps on texts that can be made to fill all their tokens
COSTED = tuple(row for row in ROWS if isinstance(row, Training) and row.cost)
