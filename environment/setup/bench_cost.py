# SPDX-License-Identifier: Apache-2.0
"""What Cost.of says of a step before anything is trained, beside what the step took."""
import contextlib
from pathlib import Path
from statistics import median

MEMORY_GOAL, SECONDS_GOAL = 0.05, 0.15
# the vocabulary of Llama-2, and that of the layers which stand for it
WORDS_OF_LLAMA, PIECES = 32_000, 8_192
# a heap of fixed size, and a C library that gives back what was freed: what grows is what the computation needs
HEAP = ["-Xms400m", "-Xmx400m", "-XX:+AlwaysPreTouch"]
MALLOC = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_ARENA_MAX": "1"}


def measure(row, lamella, inputs, size):
    """Lets a process of its own say and measure the cost of a row's step."""
    options = ["--model", row.place(inputs), "--task", inputs["task"], "--batches", Path(inputs["folder"]) / "batches.json", "--batch", inputs["batch"], "--tokens", inputs["tokens"], "--dtype", row.dtype]
    options += ["--dropout", "on" if row.dropout else "off", "--form", row.form, "--layers", row.mask(inputs)]
    with contextlib.closing(lamella.start("cost", options, java=HEAP, extra=MALLOC)) as side:
        answer = side.run(size.cost_steps) | {"tokens": side.facts["tokens"], "batch": inputs["batch"]}
    print(f"  cost: {answer['said_mib']:.1f} MiB said, {answer['took_mib']:.1f} took; {answer['said_s']:.3f} s said, {answer['took_s']:.3f} took", flush=True)
    return answer


def off(said, took):
    """How far what was said is from what was seen, as a part of what was seen."""
    return said / took - 1


def verdict(said, took, limit):
    return "met" if abs(off(said, took)) <= limit else "**missed**"


def section(rows, titles, table):
    """The page's section, from the rows that have a cost."""
    named = [(name, row, row["cost"]) for name, row in rows.items() if "cost" in row]
    if not named:
        return ""
    lines = []
    for name, row, cost in named:
        real = median(sum(answers["lamella"]["wall"]) / len(answers["lamella"]["wall"]) for answers in row["rounds"])
        lines.append(
            [
                titles[name],
                f"{cost['batch']} x {cost['tokens']}",
                f"{cost['flops'] / 1e9:.0f}",
                f"{cost['said_mib']:.0f} / {cost['took_mib']:.0f}",
                f"{off(cost['said_mib'], cost['took_mib']):+.1%}, {verdict(cost['said_mib'], cost['took_mib'], MEMORY_GOAL)}",
                f"{cost['said_s']:.3f} / {cost['took_s']:.3f}",
                f"{off(cost['said_s'], cost['took_s']):+.1%}, {verdict(cost['said_s'], cost['took_s'], SECONDS_GOAL)}",
                f"{cost['row_said_s']:.3f} / {real:.3f} ({off(cost['row_said_s'], real):+.0%})",
            ]
        )
    head = ["what", "texts x tokens", "10⁹ operations", "MiB said / took", "memory", "seconds said / took", "time", "seconds, the row's own texts, said / took"]
    memory = sum("**" not in line[4] for line in lines)
    seconds = sum("**" not in line[6] for line in lines)
    return (
        "## Cost\n\nWhat `Cost.of(model, recipe, training)` says of a step before it is made, beside what it took: on texts that fill all their tokens, "
        "each row in a process of its own.\n\n"
        f"{table(head, lines)}\n"
        f"- memory within {MEMORY_GOAL:.0%}: {memory} of {len(lines)} rows\n- time within {SECONDS_GOAL:.0%}: {seconds} of {len(lines)} rows\n\n"
        "Memory is what is allocated beyond the frozen weights, against what the process gained over one that was warm and had read the same texts (libraries keep 4 to 7 MiB "
        "for products of such matrices, whoever asks for them), with `MALLOC_MMAP_THRESHOLD_=65536` and `MALLOC_ARENA_MAX=1`; seconds are those of the fastest step. The last column has no goal: the operations of the row's real texts, nothing padded, by the same speed, "
        "beside the row's median step.\n\n"
    )


def projection(rows):
    """What a step of the whole Llama-2-7B would take here, from two of its layers, with the arithmetic."""
    if "cost" not in rows.get("llama-layers", {}):
        return ""
    cost = rows["llama-layers"]["cost"]
    speed = cost["flops"] / cost["took_s"]
    below, last, head = (cost[name] / 1e9 for name in ("layer_flops", "last_flops", "head_flops"))
    whole = 31 * below + last + head * WORDS_OF_LLAMA / PIECES
    return (
        "## A whole 7B model, projected\n\n"
        f"Two layers of Llama-2-7B's shape (width 4,096, inner width 11,008, 32 heads; random, bfloat16; LoRA of rank 16 on every linear module) took {cost['took_s']:.2f} s for a step of "
        f"{cost['batch']} texts of {cost['tokens']} tokens: {cost['flops'] / 1e9:.0f} billion operations, {speed / 1e9:.0f} billion a second. A layer takes {below:.0f} of them, the last, for the answers alone, "
        f"{last:.0f}, the matrix of {PIECES:,} words {head:.0f}. So all 32 layers and {WORDS_OF_LLAMA:,} words take 31 x {below:.0f} + {last:.0f} + {head:.0f} x {WORDS_OF_LLAMA / PIECES:.2f} = {whole:.0f} billion, "
        f"at this speed **{whole * 1e9 / speed:.0f} s** on the machine above. The frozen weights take 13.5 GB, mapped from a checkpoint in bfloat16.\n\n"
    )
