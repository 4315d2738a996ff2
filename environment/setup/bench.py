# SPDX-License-Identifier: Apache-2.0
"""environment/bench: lets Lamella and Python work in turn on the same data, and writes src/docs/benchmarks.md."""
import argparse
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

import bench_report
from bench_sides import WAITING, Lamella, Peer
from cards import Fetched
from library import Library
from parts import make
from peer import bench_peer
from places import PROJECT, TARGET, short
from report import Trouble

FOLDER = TARGET / "bench"
REPORT = PROJECT / "src" / "docs" / "benchmarks.md"


@dataclass(frozen=True)
class Size:
    """How much is done: steps before the rounds, steps and our scorings in a round, texts, rounds."""

    warm: int
    steps: int
    scorings: int
    texts: int
    rounds: int


FULL = Size(warm=20, steps=6, scorings=3, texts=256, rounds=7)
QUICK = Size(warm=2, steps=2, scorings=1, texts=8, rounds=1)


@dataclass(frozen=True)
class Training:
    """A row that compares optimizer steps."""

    name: str
    adapter: str
    dropout: bool

    def sides(self, lamella, peer, inputs):
        folder = Path(inputs["folder"])
        common = ["--model", inputs["model"], "--adapter", folder / self.adapter, "--batches", folder / "batches.json"]
        ours = ["--task", inputs["task"], "--dropout", "on" if self.dropout else "off"]
        theirs = ["--base-dropout"] if self.dropout else []
        return {"lamella": lamella.start("train", common + ours), "peft": peer.start("train", common + theirs)}

    def warm(self, size):
        return size.warm

    def count(self, side, size):
        return size.steps


@dataclass(frozen=True)
class Scoring:
    """A row that compares scorings of the same texts: ours, the published way, and Python that sorts by length."""

    name: str

    def sides(self, lamella, peer, inputs):
        common = ["--model", inputs["model"], "--texts", Path(inputs["folder"]) / f"{self.name}.json"]
        ways = {way: peer.start("score", [*common, "--way", way]) for way in ("published", "sorted")}
        return {"lamella": lamella.start("score", common), **ways}

    def warm(self, size):
        return 1

    def count(self, side, size):
        return 1 if side == "published" else size.scorings


ROWS = (
    Training("all", "all", False),
    Training("half", "half", False),
    Training("defaults", "all", True),
    Scoring("sentences"),
    Scoring("documents"),
)


def options_of(words):
    names = [row.name for row in ROWS]
    parser = argparse.ArgumentParser(prog="environment/bench", description=__doc__.split(": ", 1)[1])
    parser.add_argument("--quick", action="store_true", help="one round, few steps, the page left alone: whether the machinery works")
    parser.add_argument("--rows", nargs="+", choices=names, default=names, help="what to measure; fewer than all leave the page alone")
    parser.add_argument("--rounds", type=int, help=f"default {FULL.rounds}")
    parser.add_argument("--page", action="store_true", help="measure nothing; write the page again from the last whole measurement")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1), help="of each side; default %(default)s")
    options = parser.parse_args(words)
    if options.rounds is not None and options.rounds < 1:
        parser.error(f"rounds must be at least 1; got {options.rounds}")
    return options


def measure(row, lamella, peer, inputs, size):
    """Runs the sides of a row in turn, one computing at a time, and returns all they said."""
    print(f"\n{row.name}: starting", flush=True)
    before, sides = load(), {}
    try:
        sides = row.sides(lamella, peer, inputs)
        warm = {name: side.run(row.warm(size)) for name, side in sides.items()}
        rounds = []
        for number in range(size.rounds):
            rounds.append({name: side.run(row.count(name, size)) for name, side in sides.items()})
            means = {name: sum(answer["wall"]) / len(answer["wall"]) for name, answer in rounds[-1].items()}
            told = ", ".join(f"{name} {mean:.3f} s" for name, mean in means.items())
            print(f"  round {number + 1} of {size.rounds}: {told}", flush=True)
        ready = {name: side.facts for name, side in sides.items()}
        return {"ready": ready, "warm": warm, "rounds": rounds, "load": [before, load()]}
    finally:
        for side in sides.values():
            side.end()


def load():
    """The load average of the last minute, or None where there is none (Windows)."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def main(words):
    options = options_of(words)
    whole = not options.quick and len(options.rows) == len(ROWS)
    folder = FOLDER / ("whole" if whole else "part")
    if options.page:
        if not (FOLDER / "whole" / "results.json").exists():
            raise Trouble("there is no whole measurement to write a page from", "run environment/bench")
        return publish(FOLDER / "whole", REPORT)
    size = QUICK if options.quick else FULL
    size = Size(**{**vars(size), "rounds": options.rounds or size.rounds})
    environments = bench_peer()
    make([Library(), Fetched("minilm"), Fetched("reuters-r8"), *environments])
    busy = load()
    if busy and busy > 0.5:
        print(f"\nload average is {busy}: other work is going on, and times will say as much about it as about us", flush=True)
    lamella, peer = Lamella(options.threads), Peer(environments[-1].python, options.threads)
    lamella.compile()
    inputs = lamella.prepare(folder / "inputs", size.warm + size.rounds * size.steps, size.texts)
    results = {
        "date": time.strftime("%Y-%m-%d"),
        "machine": bench_report.machine_words(),
        "threads": options.threads,
        "waiting": WAITING,
        "inputs": {**inputs, "folder": str(folder / "inputs")},
        "size": vars(size),
        "rows": {row.name: measure(row, lamella, peer, {**inputs, "folder": folder / "inputs"}, size) for row in ROWS if row.name in options.rows},
    }
    (folder / "results.json").write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    return publish(folder, REPORT if whole else folder / "benchmarks.md")


def publish(folder, place):
    """Prints the page and writes it; fails where the two sides do not agree."""
    results = json.loads((folder / "results.json").read_text("utf-8"))
    page = bench_report.page(results)
    print("\n" + page)
    place.write_text(page, "utf-8")
    print(f"written to {short(place)}; every number is in {short(folder / 'results.json')}")
    troubles = bench_report.disagreements(results)
    if troubles:
        raise Trouble("the two sides must compute the same: " + "; ".join(troubles))
    return 0
