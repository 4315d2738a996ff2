# SPDX-License-Identifier: Apache-2.0
"""environment/bench: lets Lamella and Python work in turn on the same data, and writes src/docs/benchmarks.md."""
import argparse
import contextlib
import json
import os
import time

import bench_cost
import bench_malloc
import bench_report
from bench_inputs import Inputs
from bench_rows import COSTED, FULL, QUICK, ROWS, Size
from bench_sides import WAITING, Lamella, Peer
from cards import Fetched
from library import Library
from parts import make
from peer import bench_peer
from places import PROJECT, TARGET, short
from report import Trouble

FOLDER = TARGET / "bench"
REPORT = PROJECT / "src" / "docs" / "benchmarks.md"
MALLOC_ROWS = ("all", "half", "defaults")


def options_of(words):
    names = [row.name for row in ROWS]
    parser = argparse.ArgumentParser(prog="environment/bench", description=__doc__.split(": ", 1)[1])
    parser.add_argument("--quick", action="store_true", help="one round, few steps, the page left alone: whether the machinery works")
    parser.add_argument("--rows", nargs="+", choices=names, help="what to measure; fewer than all leave the page alone")
    parser.add_argument("--add", action="store_true", help="measure --rows anew into the last whole measurement, and write its page again")
    parser.add_argument("--malloc", action="store_true", help=f"compare settings of glibc's malloc on our side alone; without --rows: {', '.join(MALLOC_ROWS)}")
    parser.add_argument("--rounds", type=int, help=f"default {FULL.rounds}")
    parser.add_argument("--page", action="store_true", help="measure nothing; write the page again from the last whole measurement")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1), help="of each side; default %(default)s")
    options = parser.parse_args(words)
    if options.rounds is not None and options.rounds < 1:
        parser.error(f"rounds must be at least 1; got {options.rounds}")
    if options.add and (options.quick or options.malloc or not options.rows):
        parser.error("--add needs --rows, and neither --quick nor --malloc")
    wanted = options.rows or (MALLOC_ROWS if options.malloc else names)
    options.rows = [row for row in ROWS if row.name in wanted]
    return options


def measure(row, lamella, peer, inputs, size):
    """Runs the sides of a row in turn, one computing at a time, and returns all they said."""
    before = load()
    with contextlib.ExitStack() as open_sides:
        sides = {name: open_sides.enter_context(contextlib.closing(start())) for name, start in row.sides(lamella, peer, inputs).items()}
        warm = {name: side.run(row.warm(size)) for name, side in sides.items()}
        rounds = []
        for number in range(size.rounds):
            rounds.append({name: side.run(row.count(name, size)) for name, side in sides.items()})
            means = {name: sum(answer["wall"]) / len(answer["wall"]) for name, answer in rounds[-1].items()}
            told = ", ".join(f"{name} {mean:.3f} s" for name, mean in means.items())
            print(f"  round {number + 1} of {size.rounds}: {told}", flush=True)
        ready = {name: side.facts for name, side in sides.items()}
    return {"ready": ready, "warm": warm, "rounds": rounds, "load": [before, load()]}


def attempt(work):
    """What the work returns, or what it failed with: the other rows go on."""
    try:
        return work()
    except Trouble as trouble:
        print(f"  failed: {trouble}", flush=True)
        return {"failed": str(trouble)}


def measure_rows(rows, lamella, peer, inputs, size, results, place):
    """Measures row by row, each written as soon as it is there."""
    for row in rows:
        print(f"\n{row.name}: starting", flush=True)
        found = attempt(lambda row=row: measure(row, lamella, peer, inputs.of(row.model), size))
        if row in COSTED and "failed" not in found:
            cost = attempt(lambda row=row: bench_cost.measure(row, lamella, inputs.of(row.model), size))
            found |= {"cost failed": cost["failed"]} if "failed" in cost else {"cost": cost}
        results["models"] |= inputs.made
        results["rows"][row.name] = found
        results["rows"] = {known.name: results["rows"][known.name] for known in ROWS if known.name in results["rows"]}
        place.write_text(json.dumps(results, indent=1) + "\n", "utf-8")


def load():
    """The load average of the last minute, or None where there is none (Windows)."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def main(words):
    options = options_of(words)
    whole = options.add or not options.quick and not options.malloc and len(options.rows) == len(ROWS)
    folder = FOLDER / ("whole" if whole else "part")
    place = folder / "results.json"
    if options.page or options.add:
        if not (FOLDER / "whole" / "results.json").exists():
            raise Trouble("there is no whole measurement to write a page from", "run environment/bench")
    if options.page:
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
    inputs = Inputs(folder / "inputs", lamella, peer, size)
    if options.malloc:
        failed = bench_malloc.compare(options.rows, lamella, inputs, size, folder, bench_report.TITLES, attempt)
        if failed:
            raise Trouble(f"not measured: {', '.join(failed)}; why stands above")
        return 0
    results = {
        "date": time.strftime("%Y-%m-%d"),
        "machine": bench_report.machine_words(),
        "threads": options.threads,
        "waiting": WAITING,
        "size": vars(size),
        "models": {},
        "rows": {},
    }
    if options.add:
        known = json.loads(place.read_text("utf-8"))
        results |= {"models": known["models"], "rows": known["rows"]}
    folder.mkdir(parents=True, exist_ok=True)
    measure_rows(options.rows, lamella, peer, inputs, size, results, place)
    return publish(folder, REPORT if whole else folder / "benchmarks.md")


def publish(folder, place):
    """Prints the page and writes it; the project's own only where every row is there. Fails where a row did, or the sides do not agree."""
    results = json.loads((folder / "results.json").read_text("utf-8"))
    failed = [name for name, row in results["rows"].items() if "failed" in row or "cost failed" in row]
    if failed and len(failed) == len(results["rows"]):
        raise Trouble(f"not measured: {', '.join(failed)}; why stands above")
    place = folder / "benchmarks.md" if failed else place
    page = bench_report.page({**results, "rows": {name: row for name, row in results["rows"].items() if "failed" not in row}})
    print("\n" + page)
    place.write_text(page, "utf-8")
    print(f"written to {short(place)}; every number is in {short(folder / 'results.json')}")
    if failed:
        raise Trouble(f"not measured: {', '.join(failed)}; why stands above", f"environment/bench --add --rows {' '.join(failed)}")
    troubles = bench_report.disagreements(results)
    if troubles:
        raise Trouble("the two sides must compute the same: " + "; ".join(troubles))
    return 0
