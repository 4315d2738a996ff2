# SPDX-License-Identifier: Apache-2.0
"""Whether settings of glibc's malloc change the time and the memory of our side: environment/bench --malloc."""
import contextlib
import json
from statistics import median

SETTINGS = (
    {},
    {"MALLOC_MMAP_THRESHOLD_": "65536"},
    {"MALLOC_MMAP_THRESHOLD_": "1048576"},
    {"MALLOC_TRIM_THRESHOLD_": "131072"},
    {"MALLOC_ARENA_MAX": "2"},
    {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_ARENA_MAX": "2"},
)
WARM = 5


def words(setting):
    return " ".join(f"{name}={value}" for name, value in setting.items()) or "as it is"


def measure(row, lamella, inputs, size):
    """Lets one process a setting work in turn, each round begun by another, and returns what they said."""
    with contextlib.ExitStack() as open_sides:
        sides = {words(setting): open_sides.enter_context(contextlib.closing(row.ours(lamella, inputs, extra=setting))) for setting in SETTINGS}
        warm = {name: side.run(1 if row.warm(size) == 1 else WARM) for name, side in sides.items()}
        rounds = []
        for number in range(size.rounds):
            names = list(sides)
            turn = number % len(names)
            rounds.append({name: sides[name].run(row.count("lamella", size)) for name in names[turn:] + names[:turn]})
        return {"ready": {name: side.facts for name, side in sides.items()}, "warm": warm, "rounds": rounds}


def cost(answer, unit):
    return sum(answer[unit]) / len(answer[unit])


def lines(row):
    """One line a setting: its time and memory, and their ratios to glibc as it is."""
    plain = words({})
    last = row["rounds"][-1]
    made = []
    for name in map(words, SETTINGS):
        ratios = {unit: [cost(answers[name], unit) / cost(answers[plain], unit) for answers in row["rounds"]] for unit in ("wall", "cpu")}
        told = {unit: f"**{median(values):.2f}** ({min(values):.2f} to {max(values):.2f})" for unit, values in ratios.items()}
        seconds = median(cost(answers[name], "wall") for answers in row["rounds"])
        memory = [f"{last[name][kind]:.0f} | **{last[name][kind] / last[plain][kind]:.2f}**" for kind in ("peak_mib", "resident_mib")]
        made.append(f"| {name} | {seconds:.3f} s | {told['wall']} | {told['cpu']} | {memory[0]} | {memory[1]} |")
    return made


def compare(rows, lamella, inputs, size, folder, titles, attempt):
    """Prints a table for each row as soon as it is measured, and keeps every number in malloc.json."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    head = "| setting | time | ratio, wall | ratio, processor | peak MiB | ratio | resident MiB | ratio |\n" + "| --- " * 8 + "|"
    for row in rows:
        print(f"\n{row.name}: {titles[row.name]}, ours alone", flush=True)
        found[row.name] = attempt(lambda row=row: measure(row, lamella, inputs.of(row.model), size))
        (folder / "malloc.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
        if "failed" not in found[row.name]:
            print("\n" + head + "\n" + "\n".join(lines(found[row.name])), flush=True)
    return [name for name, row in found.items() if "failed" in row]
