# SPDX-License-Identifier: Apache-2.0
"""What the benchmark found, as a page: ratios with their spread, memory, losses and scores side by side, and what is met."""
import os
import platform
import re
from pathlib import Path
from statistics import mean, median

import bench_cost
from bench_rows import SEEN, WRITTEN

LOSS_STEPS = 20
LOSS_TOLERANCE = 1e-6
SCORE_TOLERANCE = 1e-5
SWEEP_TOLERANCE = 1e-5
FEATURE_TOLERANCE = 1e-5
# pictures that say nothing yet make losses of ten, and roundings grow from step to step: after three PEFT's own are 3e-5 from those in double precision, ours 2e-5
SEEING_TOLERANCE, SEEING_STEPS = 1e-4, 4
STEP_GOAL, MEMORY_GOAL, SCORING_GOAL = 0.65, 0.70, 1 / 20
# of the real decoder: a step in single precision, in bfloat16, its memory, what is written after prompts
WORDS_GOAL, HALF_PRECISION_GOAL, WORDS_MEMORY_GOAL, WRITING_GOAL = 0.72, 0.80, 0.80, 0.80
# of the boundary: all losses against the toggling loop, reading against answers alone, writing with half an adapter against the whole one
SWEEP_GOAL, READING_GOAL, DROPPED_GOAL = 0.60, 1.15, 1.0
# of a model that sees: pictures a second are to be no fewer than transformers'
PICTURES_GOAL = 1.0
# in bfloat16 both sides round, each in its own order, and steps build on steps: beyond this something else differs; wanted is to be as near to single precision as PEFT
BFLOAT16_TOLERANCE = 5e-2

TITLES = {
    "all": "training step, every layer adapted",
    "half": "training step, the half of the layers that CKA chooses",
    "defaults": "training step, every layer, with PEFT's and BERT's own dropout",
    "rank-stabilised": "training step, rank-stabilised LoRA",
    "dora": "training step, DoRA",
    "pissa": "training step, PiSSA",
    "roberta": "training step, RoBERTa of base width, every layer",
    "roberta-half": "training step, RoBERTa of base width, the upper half",
    "deberta": "training step, DeBERTa-v3 of base width, every layer",
    "deberta-half": "training step, DeBERTa-v3 of base width, the upper half",
    "sentences": "scoring, sentences",
    "documents": "scoring, whole documents",
    "smollm2": "training step on answers, SmolLM2, every layer",
    "smollm2-half": "training step on answers, SmolLM2, the upper half",
    "smollm2-bfloat16": "training step on answers, SmolLM2 in bfloat16, every layer",
    "smollm2-bfloat16-half": "training step on answers, SmolLM2 in bfloat16, the upper half",
    "generate": "writing after one prompt, SmolLM2",
    "generate-batch": "writing after 16 prompts at once, SmolLM2",
    "problems": "scoring, solved problems, SmolLM2",
    "sweep": "loss at all 31 boundaries, SmolLM2",
    "reading": "reading the answer after every layer, SmolLM2, 1 scored token in 64",
    "dropped": "writing after one prompt, SmolLM2, adapter on the lower half",
    "dropped-batch": "writing after 16 prompts at once, SmolLM2, adapter on the lower half",
    "pictures": "looking at pictures, a random vision tower",
    "llava-step": "training step on answers about pictures, that tower before SmolLM2, every layer and the projector",
    "llama-layers": "training step on answers, two layers of Llama-2-7B's shape in bfloat16",
}
SCORINGS = ("sentences", "documents", "problems")
WRITINGS = ("generate", "generate-batch")
# the rows whose losses are compared, and how they stand together
COMPARED = (
    ("all", "half"),
    ("rank-stabilised", "dora", "pissa"),
    ("roberta", "roberta-half"),
    ("deberta", "deberta-half"),
    ("smollm2", "smollm2-half"),
    ("smollm2-bfloat16", "smollm2-bfloat16-half"),
    ("llava-step",),
)
WAYS = {
    "peft": "PEFT",
    "generate": "transformers' generate",
    "published": "Python, the published way",
    "sorted": "Python, sorted by length",
    "toggling": "PEFT, layers switched off",
    "plain": "ours, answers alone",
    "whole": "ours, the whole adapter",
    "transformers": "transformers",
}


def peers(row):
    """The sides that ours is compared with."""
    return [name for name in row["ready"] if name != "lamella"]


def cost(answer, unit):
    """The mean cost of a step or a scoring, in seconds."""
    return mean(answer[unit])


def ratios(row, other, unit):
    """Ours over theirs, one number a round."""
    return [cost(answers["lamella"], unit) / cost(answers[other], unit) for answers in row["rounds"]]


def typical(row, side, unit):
    """The median over the rounds, in seconds."""
    return median(cost(answers[side], unit) for answers in row["rounds"])


def losses(row, side):
    """Every loss of a side, from the first step on."""
    return [loss for answers in (row["warm"], *row["rounds"]) for loss in answers[side]["loss"]]


def gap(row, steps=None):
    """The largest difference of the losses of the first steps."""
    pairs = list(zip(losses(row, "lamella"), losses(row, "peft")))[:steps]
    return max(abs(ours - theirs) for ours, theirs in pairs)


def compares_losses(name):
    return any(name in group for group in COMPARED)


def from_single(results, name, side):
    """How far a side's first losses in bfloat16 are from PEFT's in single precision, in the mean."""
    single = results["rows"][name.replace("-bfloat16", "")]
    pairs = list(zip(losses(results["rows"][name], side), losses(single, "peft")))[:LOSS_STEPS]
    return mean(abs(half - full) for half, full in pairs)


def tolerance(name):
    """How far the losses of a row may stand apart."""
    if name == "llava-step":
        return SEEING_TOLERANCE
    return BFLOAT16_TOLERANCE if "bfloat16" in name else LOSS_TOLERANCE


def compared_steps(name):
    """Over how many steps the losses of a row are held to that."""
    return SEEING_STEPS if name == "llava-step" else LOSS_STEPS


def alike(row):
    """The share of prompts after which both sides wrote the same text."""
    pairs = [pair for answers in row["rounds"] for pair in zip(answers["lamella"]["texts"], answers["generate"]["texts"])]
    return mean(ours == theirs for ours, theirs in pairs)


def scores(row, side):
    return row["rounds"][-1][side]["scores"]


def score_gap(row, other):
    return max(abs(ours - theirs) for ours, theirs in zip(scores(row, "lamella"), scores(row, other)))


def swept_gap(row):
    """The largest difference of the losses at one boundary."""
    sides = [row["rounds"][-1][side]["losses"] for side in ("lamella", "toggling")]
    return max(abs(ours - theirs) for ours, theirs in zip(*sides, strict=True))


def feature_gap(row):
    """The largest difference of the numbers that both sides told of the same patches."""
    sides = [row["rounds"][-1][side]["features"] for side in ("lamella", "transformers")]
    return max(abs(ours - theirs) for ours, theirs in zip(*sides, strict=True))


def pictures_a_second(row, side):
    return row["ready"][side]["pictures"] / typical(row, side, "wall")


def peak(row, side, apart=False):
    """The largest resident memory of a side in MiB; apart: without what its libraries took before a model was loaded."""
    last = row["rounds"][-1][side]["peak_mib"]
    return last - row["ready"][side]["libraries_mib"] if apart else last


def disagreements(results):
    """What the two sides computed differently, in words."""
    found = []
    for name, row in results["rows"].items():
        if compares_losses(name) and "failed" not in row and gap(row, compared_steps(name)) > tolerance(name):
            found.append(f"losses of {name} differ by {gap(row, compared_steps(name)):.1e}, more than {tolerance(name):.0e}")
        if name in SCORINGS and "failed" not in row:
            for other in peers(row):
                if score_gap(row, other) > SCORE_TOLERANCE:
                    found.append(f"scores of {name} differ from {other} by {score_gap(row, other):.1e}, more than {SCORE_TOLERANCE:.0e}")
    sweep = results["rows"].get("sweep", {"failed": True})
    if "failed" not in sweep and swept_gap(sweep) > SWEEP_TOLERANCE:
        found.append(f"losses at the boundaries differ by {swept_gap(sweep):.1e}, more than {SWEEP_TOLERANCE:.0e}")
    seen = results["rows"].get("pictures", {"failed": True})
    if "failed" not in seen and feature_gap(seen) > FEATURE_TOLERANCE:
        found.append(f"states of patches differ by {feature_gap(seen):.1e}, more than {FEATURE_TOLERANCE:.0e}")
    return found


def table(head, rows):
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def spread(numbers):
    """The median and the extremes; small ratios also as a fraction."""
    middle = median(numbers)
    text = f"**{middle:.2f}** ({min(numbers):.2f} to {max(numbers):.2f})"
    return f"{text}, 1/{1 / middle:.0f}" if middle < 0.2 else text


def times(results):
    rows = []
    for name, row in results["rows"].items():
        for other in peers(row):
            ours, theirs = typical(row, "lamella", "wall"), typical(row, other, "wall")
            ratio = [spread(ratios(row, other, unit)) for unit in ("wall", "cpu")]
            rows.append([TITLES[name], WAYS[other], f"{ours:.3f} s", f"{theirs:.3f} s", *ratio])
    return table(["what", "against", "ours", "theirs", "ours / theirs, wall", "ours / theirs, processor"], rows)


def memory(results):
    rows = []
    for name, row in results["rows"].items():
        for other in peers(row):
            cells = [TITLES[name], WAYS[other]]
            for apart in (False, True):
                ours, theirs = peak(row, "lamella", apart), peak(row, other, apart)
                cells += [f"{ours:.0f}", f"{theirs:.0f}", f"**{ours / theirs:.2f}**"]
            rows.append(cells)
    return table(["what", "against", "ours", "theirs", "ratio", "ours, libraries apart", "theirs", "ratio"], rows)


def side_by_side(results):
    """Losses of the trainings without dropout, at the first steps."""
    text = ""
    for group in COMPARED:
        named = [(name, results["rows"][name]) for name in group if name in results["rows"]]
        if named:
            head = ["step", *(f"{name}, {side}" for name, _ in named for side in ("ours", "PEFT"))]
            columns = [losses(row, side)[:LOSS_STEPS] for _, row in named for side in ("lamella", "peft")]
            rows = [[step + 1, *(f"{loss:.7f}" for loss in line)] for step, line in enumerate(zip(*columns))]
            text += table(head, rows) + "".join(told(name, row) for name, row in named) + "\n\n"
    return f"## Losses side by side\n\n{text}" if text else ""


def told(name, row):
    """The largest difference of a row's losses, in words."""
    made = len(losses(row, "peft"))
    rest = f", {gap(row):.1e} over all {made}" if made > LOSS_STEPS else ""
    return f"\nLargest difference, {TITLES[name]}: {gap(row, LOSS_STEPS):.1e} over the first {min(LOSS_STEPS, made)} steps{rest}."


def score_table(results):
    named = [(name, row) for name, row in results["rows"].items() if name in SCORINGS]
    if not named:
        return ""
    text = "## Scores side by side\n\nCKA of a layer's input and output, biased and in single precision as published.\n\n"
    for name, row in named:
        head = ["layer", "ours", *(WAYS[other] for other in peers(row))]
        columns = [scores(row, side) for side in ("lamella", *peers(row))]
        rows = [[layer, *(f"{score:.7f}" for score in line)] for layer, line in enumerate(zip(*columns))]
        gaps = ", ".join(f"{score_gap(row, other):.1e} from {WAYS[other]}" for other in peers(row))
        text += f"{TITLES[name]} (largest difference: {gaps})\n\n{table(head, rows)}\n"
    return text


def goal(title, value, limit, unit=""):
    state = "met" if value <= limit else "**missed**"
    return f"- {title}: {value:.2g}{unit}, wanted at most {limit:.3g}{unit}: {state}"


def goals(results):
    lines = []
    for name, row in results["rows"].items():
        if name in ("all", "half"):
            lines.append(goal(f"{TITLES[name]}, wall", median(ratios(row, "peft", "wall")), STEP_GOAL))
            lines.append(goal(f"{TITLES[name]}, peak memory", peak(row, "lamella") / peak(row, "peft"), MEMORY_GOAL))
        if name.startswith("smollm2"):
            limit = HALF_PRECISION_GOAL if "bfloat16" in name else WORDS_GOAL
            lines.append(goal(f"{TITLES[name]}, wall", median(ratios(row, "peft", "wall")), limit))
        if name.startswith("smollm2") or name == "llava-step":
            lines.append(goal(f"{TITLES[name]}, peak memory", peak(row, "lamella") / peak(row, "peft"), WORDS_MEMORY_GOAL))
        if name in WRITINGS:
            lines.append(goal(f"{TITLES[name]}, wall", median(ratios(row, "generate", "wall")), WRITING_GOAL) + f"; {alike(row):.0%} of the texts are the same")
        if "bfloat16" in name and name.replace("-bfloat16", "") in results["rows"]:
            ours, theirs = from_single(results, name, "lamella"), from_single(results, name, "peft")
            lines.append(goal(f"{TITLES[name]}, mean distance of the first {LOSS_STEPS} losses from single precision over PEFT's ({ours:.1e} and {theirs:.1e})", ours / theirs, 1.1))
        elif compares_losses(name):
            lines.append(goal(f"{TITLES[name]}, losses of the first {compared_steps(name)} steps", gap(row, compared_steps(name)), tolerance(name)))
        if name == "sentences":
            lines.append(goal(f"{TITLES[name]} against the published way, wall", median(ratios(row, "published", "wall")), SCORING_GOAL))
        if name == "documents":
            lines.append(documents(results, row))
        if name == "sweep":
            lines.append(goal(f"{TITLES[name]} against the toggling loop, wall", median(ratios(row, "toggling", "wall")), SWEEP_GOAL) + f"; largest difference of a loss {swept_gap(row):.1e}")
        if name == "reading":
            facts = row["ready"]["lamella"]
            told = f"; {facts['scored']} scored tokens in {facts['tokens']}"
            lines.append(goal(f"{TITLES[name]} against answers alone, wall", median(ratios(row, "plain", "wall")), READING_GOAL) + told)
        if name == "pictures":
            a_second = [f"{pictures_a_second(row, side):.0f}" for side in ("lamella", "transformers")]
            told = f"; {a_second[0]} pictures a second, transformers {a_second[1]}; largest difference of a state {feature_gap(row):.1e}"
            lines.append(goal(f"{TITLES[name]}, wall", median(ratios(row, "transformers", "wall")), PICTURES_GOAL) + told)
        if name.startswith("dropped"):
            lines.append(goal(f"{TITLES[name]} against the whole adapter, wall", median(ratios(row, "whole", "wall")), DROPPED_GOAL))
    return "\n".join(lines)


def documents(results, row):
    """Why documents gain less: there is less padding to leave out."""
    inputs = results["models"]["minilm"]
    share = inputs["tokens in documents"] / (512 * inputs["texts"])
    wall = median(ratios(row, "published", "wall"))
    return (
        f"- {TITLES['documents']} against the published way, wall: {wall:.2g}. No goal of its own: the published way computes 512 columns "
        f"for every text, of which {share:.0%} are real here ({inputs['tokens in sentences'] / (512 * inputs['texts']):.1%} in the sentences), and that is what there is to save"
    )


def machine_words():
    """The machine, without its name."""
    model = platform.processor() or platform.machine()
    gibibytes = "?"
    if Path("/proc/cpuinfo").exists():
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text("utf-8", "replace"), re.M)
        model = found.group(1) if found else model
        total = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text("utf-8"))
        gibibytes = round(int(total.group(1)) / 2**20)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{model}, {cores} cores, {gibibytes} GiB, {platform.system()} {platform.machine()}"


def conditions(results):
    rows = list(results["rows"].values())
    ready = {name: facts for row in rows for name, facts in row["ready"].items()}
    python = next(facts for name, facts in ready.items() if name != "lamella")["versions"]
    ours = ready["lamella"]["versions"]
    size = results["size"]
    loads = [number for row in rows for number in row["load"] if number is not None]
    busy = f"{min(loads)} to {max(loads)} (about {results['threads']} is ourselves)" if loads else "not told"
    return table(
        ["", ""],
        [
            ["date", results["date"]],
            ["machine", results["machine"]],
            ["threads", f"{results['threads']} on both sides, OMP_WAIT_POLICY={results['waiting']}"],
            ["load average before and after the rows", busy],
            ["ours", f"Java {ours['java']}, {ours['engine']}"],
            ["theirs", f"Python {platform.python_version()}, " + ", ".join(f"{name} {version}" for name, version in python.items())],
            *model_lines(results["models"]),
            ["rounds", f"{size['rounds']}, after {size['warm']} steps or one scoring to warm up; a round is {size['steps']} steps a side"],
            ["rounds of dropout, forms and the models of base width", f"as many, after {size['short_warm']} steps; a round is {size['short_steps']} steps a side, with dropout {size['steps']}"],
        ],
    )


def model_lines(models):
    """What was trained and scored, and on what."""
    lines = []
    if "minilm" in models:
        inputs = models["minilm"]
        lines += [
            ["model", f"all-MiniLM-L6-v2, {inputs['depth']} layers, float32; LoRA on query and value, rank 8, alpha 16, and the classifier"],
            ["chosen half", f"{inputs['half']} (layer 0 first)"],
            ["training data", f"{inputs['task']}: {inputs['documents']} documents, shuffled, batches of {inputs['batch']} cut at 128 tokens"],
            ["texts scored", f"{inputs['texts']} documents of it, cut at 512 tokens; as sentences: their first 20 words"],
        ]
    if "smollm2-135m" in models:
        inputs = models["smollm2-135m"]
        lines.append(
            [
                "decoder",
                f"SmolLM2-135M-Instruct, {inputs['depth']} layers; LoRA on all linear modules, rank 16; {inputs['task']} in Alpaca's format, "
                f"batches of {inputs['batch']} cut at {inputs['tokens']} tokens, answers learnt; {WRITTEN} tokens written after a prompt at most",
            ]
        )
    if "llava" in models:
        inputs = models["llava"]
        patches = (inputs["side"] // inputs["patch"]) ** 2
        lines.append(
            [
                "vision",
                f"a random tower of CLIP's form, {inputs['side']} pixels in {patches} patches, width {inputs['tower width']}, {inputs['tower layers']} layers; {inputs['texts']} pictures of {inputs['questions']}, "
                f"{SEEN} at a time; before SmolLM2 by a fresh projector, batches of {inputs['batch']} questions, answers learnt",
            ]
        )
    for name, title in (("roberta", "RoBERTa"), ("deberta", "DeBERTa-v3")):
        if name in models:
            inputs = models[name]
            shape = f"the shape of {name}-{'v3-' if name == 'deberta' else ''}base, width {inputs['width']}, with {inputs['depth']} layers and 8,192 pieces learnt from these texts"
            lines.append([title, f"{shape}, random weights; batches of {inputs['batch']}; half is {inputs['half']}"])
    return lines


BOUNDARY = """\
- **The boundary.** An adapter after two steps on four solved problems; its loss on the same four at every boundary. PEFT's side does what a person would: `enable_adapters(False)` on the layers from the
  boundary on, then the model's own loss. Reading and dropping are compared with ourselves: the logit lens of both models with plain answers of both, writing with the adapter on the lower 15 layers with
  writing with all of it, nothing merged. What dropping saves in a merged model is nothing.
"""

PICTURES = """\
- **Pictures.** Both sides begin with the PNG files, in the row of the tower and in every step: opened, resized (bicubic), normalised. Python does so with `CLIPImageProcessor` on Pillow, the only one there is
  without torchvision. LLaVA takes the states of the patches after the last layer but one; transformers computes the last layer, too, whoever asks. A step trains LoRA of rank 16 on every linear module of the
  language and the projector whole, at 2e-5 as LLaVA's authors train theirs: at 1e-3 a step makes another projector of a fresh one, and roundings grow with it until transformers' own two ways of attention
  differ by 1e-4 after one step. At 2e-5 PEFT's losses are 3e-5 from its own in double precision after three steps, ours 2e-5; so the
  first four are compared, and what follows says how roundings grow in a model that nobody has taught to see. Golden files compare all losses of small ones. The tower is frozen, and nothing of it is kept from one step to the next on either side.
"""

METHOD = """\
## How it was measured

Both sides are one process each, which waits for orders; they work in turn, ours first, and only one computes at a time. A ratio is made within each round; the table
shows the median over the rounds and, in brackets, the smallest and the largest. *Processor* is the time of all threads of the process.

- **Same work.** Both start from the same PEFT folder (A random, B zero, classifier) and take the same batches: token ids from our tokenizer, written once. AdamW at a
  constant 1e-3, weight decay 0.01 on all but biases, gradients clipped at 1. Dropouts are 0 but in the row that says otherwise. PEFT is called as people call it: scaled
  dot-product attention, `clip_grad_norm_`, PyTorch's default AdamW, batches padded to their longest text.
- **Ours** makes the very steps that `Lora.train` makes, the laying out of the batch included, and scores by `Cka.scoreLayers(model, texts, Protocol.published())`:
  tokenizing, intervals from 1,000 resamples and the matrix of all layers included, which Python's side does not make. Java starts with its own defaults.
- **Forms.** Rank-stabilised LoRA and DoRA start as above. PiSSA starts from a folder that PEFT wrote (`init_lora_weights="pissa"`): both sides take the frozen rest from it
  by a decomposition of their own. **RoBERTa and DeBERTa** are random: what a step costs does not depend on what the weights have learnt. transformers has scaled dot-product
  attention for RoBERTa, and none for DeBERTa.
- **The published way** pads every text to 512 tokens, 16 at a time. *Sorted* is Python with the same trick as ours: 64 at a time, texts of like length together.
- **Answers.** SmolLM2 goes through GSM8K in Alpaca's format, four solved problems a step; the tokens of the solutions are learnt. Both sides load the same folder, written by us from the GGUF
  of the card, in single precision or in bfloat16; adapters are in single precision on both sides, as PEFT has them. transformers computes the logits of every token, as it does for everybody.
- **Writing** is greedy, at most 64 tokens, ended by the model's own end; transformers pads prompts on the left. 32 solved problems are scored at their last tokens; there the published way pads to the longest of 16.
- **Threads that wait, sleep** (OMP_WAIT_POLICY=PASSIVE on both sides, unless it is set). With libgomp's default they spin, and where another program wants a core both sides take
  3 to 10 times as long.
- **Memory** is the largest resident memory of the process (VmHWM), loading included. *Libraries apart* takes off what was resident before a model was loaded; the CUDA build of torch, the only one
  that the package index has, brings about 110 MiB that a build for processors would not.

- **Where a goal of memory is missed.** What a step allocates is small and known (section Cost); the rest of the peak is Java, the libraries, the mapped weights, and what glibc keeps of
  what was freed. A model as small as MiniLM is outweighed by the first two, so that 0.7 of Python's whole process is not reached however little the step takes. In bfloat16 the many conversions to single
  precision and back leave holes of many sizes: with `MALLOC_MMAP_THRESHOLD_=65536` and `MALLOC_ARENA_MAX=1` in the environment, as in section Cost, a step of SmolLM2 peaked at 1.6 GiB in place of 3.0.
- **Where a goal of time is missed.** In the upper half the way forward through the frozen lower layers is the same on both sides, to the operation; what is saved is saved in the rest. Steps take
  seconds, and rounds differ by up to a tenth on this machine: the range in brackets says how far to trust a ratio.

Where the gain comes from: no work on padding, in the last layer only the first token, no graph below the lowest adapter, batches worked off in groups of like length
([decision 5](decisions/0005-one-pass-without-padding.md)).

Again: `environment/bench` (on a quiet machine, about 40 minutes; `--quick` tells in some minutes whether it works, `--rows` and `--rounds` do a part, `--add --rows NAME`
measures rows anew for the page, `--malloc` compares settings of glibc's malloc). It writes this page.
"""


def method(rows):
    """How it was measured; what concerns rows that are not there is left out."""
    told = (BOUNDARY if "sweep" in rows else "") + (PICTURES if "pictures" in rows or "llava-step" in rows else "")
    return METHOD.replace("- **Threads that wait", told + "- **Threads that wait")


def page(results):
    """The whole page."""
    return (
        "# Benchmarks\n\nLamella against Hugging Face and PEFT, on the same machine, the same data, the same start weights, the same number of threads. "
        "This page is written by `environment/bench`.\n\n"
        f"{conditions(results)}\n"
        f"## Time\n\n{times(results)}\n"
        f"## Memory\n\nPeak resident memory in MiB.\n\n{memory(results)}\n"
        f"## What was wanted\n\n{goals(results)}\n\n"
        f"{bench_cost.section(results['rows'], TITLES, table)}"
        f"{bench_cost.projection(results['rows'])}"
        f"{side_by_side(results)}{score_table(results)}{method(results['rows'])}"
    )
