# SPDX-License-Identifier: Apache-2.0
"""What both sides of the benchmark are given: models, start weights, batches, texts; made when a row first asks for it."""
from bench_rows import MODELS
from bench_sides import WAITING
from places import HOME, PROJECT
from report import Trouble, run

PEER = PROJECT / "environment" / "peer" / "bench_inputs.py"


class Inputs:
    """Makes the inputs of a model once; a model whose inputs cannot be made fails again for each of its rows."""

    def __init__(self, folder, lamella, peer, size):
        self.folder, self.lamella, self.peer, self.size = folder, lamella, peer, size
        self.made, self.failed = {}, {}

    def of(self, name):
        """Returns what a model's inputs are, in words and numbers, and where they lie."""
        if name in self.failed:
            raise self.failed[name]
        if name not in self.made:
            try:
                self.made[name] = self._make(MODELS[name])
            except Trouble as trouble:
                self.failed[name] = trouble
                raise
        return self.made[name]

    def _make(self, model):
        print(f"inputs of {model.name}", flush=True)
        folder = self.folder / model.name
        place = self._model(model) if model.family else model.language or model.name
        # the steps of the longest row, and of the comparison of settings of malloc
        steps = self.size.warm + self.size.rounds * self.size.steps
        facts = self.lamella.prepare(place, folder, model, steps, self.size.texts)
        if not model.family and not model.writes:
            self._python(["pissa", "--model", facts["model"], "--adapter", folder / "all", "--folder", folder / "pissa"], f"{model.name}-pissa")
        return {**facts, "folder": str(folder), "batch": model.batch, "tokens": model.tokens}

    def _model(self, model):
        place = self.folder.parent.parent / "models" / model.family
        if not (place / "model.safetensors").exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            texts = place.parent / "texts.txt"
            texts.write_text("\n".join(documents()) + "\n", "utf-8")
            self._python(["model", "--family", model.family, "--texts", texts, "--labels", 8, "--folder", place], model.family)
        return place

    def _python(self, words, log):
        run([self.peer.python, "-B", PEER, *words], f"bench-{log}", extra={"OMP_WAIT_POLICY": WAITING})


def documents():
    """The texts of the task's training part, from which tokenizers learn: three lines of the .tab file are its head."""
    lines = (HOME / "tasks" / "reuters-r8" / "reuters-r8-train.tab").read_text("utf-8").splitlines()
    return [line.split("\t", 1)[1] for line in lines[3:] if "\t" in line]
