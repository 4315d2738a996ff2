#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Python side of the benchmark: Hugging Face and PEFT as a person would use them, one process that waits for orders.

A driver starts this and our own side, and lets them work in turn: only one computes at a time. Packages: requirements.txt beside this file.

    bench_peft.py train --model FOLDER --adapter FOLDER --batches FILE.json [options]
    bench_peft.py score --model FOLDER --texts FILE.json --way published|sorted [options]
    bench_peft.py write --model FOLDER --texts FILE.json --batch N --tokens N
    bench_peft.py sweep --model FOLDER --adapter FOLDER --batches FILE.json
    bench_peft.py see   --model FOLDER --questions FILE.json --batch N

All read orders from standard input, a line each, and answer each with one line of JSON on standard output. Nothing else is written there.

    (start)      {"ready": true, "mode": "train", "versions": {...}, "threads": 2, "trainable": 76808, "libraries_mib": 589.2, "peak_mib": 601.2, ...}
    run N        N steps (train), whole scorings (score), batches (write), sweeps or times all pictures (see); the answer is below
    reset        train: back to the start weights, a new optimizer, the first batch; the random numbers too   {"reset": true}
    save FOLDER  train: writes the adapter as PEFT does                                                      {"saved": "FOLDER"}
    quit         ends; so does the end of the input

Answer to `run N` (lists have one entry a step or scoring, times in seconds):

    wall, cpu                      whole step; cpu is the processor time of all threads of this process
    forward, backward, optimizer   train: wall time of the parts of a step; forward ends when the loss is a Python number
    loss                           train: the loss of each step, before it
    tokens, cells                  train: real tokens of each batch, and rows × columns with the padding
    scores                         score: of the last scoring, one CKA per layer, lowest layer first
    texts                          write: what was written, prompt by prompt
    features                       see: of the last time, 8 numbers of each of 4 patches of every picture
    losses                         sweep: of the last sweep, the mean loss of the learnt tokens at each boundary, 0 to the depth
    peak_mib, resident_mib         largest and present resident memory of the process, in MiB; the ready line has them too

`libraries_mib` of the ready line is the resident memory before a model is loaded. It is large: about 590 with the CUDA build of torch, the only one that the package
index has, of which about 110 are CUDA libraries that a CPU build lacks. scikit-learn, where it is installed, is imported by transformers and adds 75: keep it out of this
environment. A fair table shows peak_mib and peak_mib - libraries_mib.

**Start weights.** `--adapter` is a stock PEFT folder (ours or PEFT's) with the classifier in it: the run starts from exactly these A, B and classifier.
Rank, alpha, targets and layers come from its adapter_config.json, so a chosen half is another folder, not another option. Pooler and encoder are the model's.

**Batches**, a JSON file:  {"batches": [{"ids": [[101, ...], ...], "type_ids": [[0, ...], ...], "labels": [3, ...]}, ...]}
Rows are not padded: this side pads on the right to the longest of the batch (or to --columns). `type_ids` may be left out (all 0). Step i takes batch i modulo
their number. `labels` are integers, or real numbers if the classifier has one row (mean squared error then). For a model that sees, `pictures` are files, one a row:
they are opened and prepared within the step. In `ids` the token of a picture stands as often as the picture has patches.

**Questions**, a JSON file:  {"pictures": ["0.png", ...]}. Opening and preparing the pictures is part of the time, loading the model is not.

**Texts**, a JSON file:  {"texts": ["...", ...]}. Tokenizing is part of a scoring, loading the model is not.

**Dropout.** Default: all 0, so that losses can be compared. `--base-dropout` keeps what the model's config.json says (0.1 for BERT), which is how Hugging Face and
PEFT train; `--lora-dropout P` sets the adapter's (default 0 without --base-dropout, else what adapter_config.json says).
"""
import argparse
import itertools
import json
import os
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("torch", "transformers", "peft", "tokenizers", "pillow")


def options_of(words):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    modes = parser.add_subparsers(dest="mode", required=True)
    train, score, write, sweep, see = (modes.add_parser(name) for name in ("train", "score", "write", "sweep", "see"))
    for mode in (train, score, write, sweep, see):
        mode.add_argument("--model", type=Path, required=True, help="folder in Hugging Face layout")
        mode.add_argument("--threads", type=int, default=2)
        mode.add_argument("--dtype", choices=("float32", "bfloat16"), default="float32", help="of the model's own weights; adapters are float32")
        mode.add_argument("--attention", choices=("sdpa", "eager"), help="default: sdpa where the architecture has it, as transformers does")
    train.add_argument("--adapter", type=Path, required=True, help="PEFT folder with the start weights")
    train.add_argument("--batches", type=Path, required=True)
    train.add_argument("--columns", type=int, help="pad every batch to this width (default: its longest row)")
    train.add_argument("--base-dropout", action="store_true", help="keep the model's own dropout")
    train.add_argument("--lora-dropout", type=float)
    train.add_argument("--seed", type=int, default=0, help="of the dropouts")
    train.add_argument("--learning-rate", type=float, default=1e-3)
    train.add_argument("--weight-decay", type=float, default=0.01, help="on all but biases, as transformers' Trainer")
    train.add_argument("--clip", type=float, default=1.0, help="largest norm of the gradients; 0 leaves them alone")
    train.add_argument("--schedule", choices=("constant", "linear", "cosine"), default="constant")
    train.add_argument("--warmup-steps", type=int, default=0)
    train.add_argument("--schedule-steps", type=int, default=100, help="where linear and cosine reach 0")
    train.add_argument("--fused", action="store_true", help="the fused AdamW instead of PyTorch's default")
    sweep.add_argument("--adapter", type=Path, required=True, help="PEFT folder with trained weights")
    sweep.add_argument("--batches", type=Path, required=True)
    score.add_argument("--texts", type=Path, required=True)
    score.add_argument("--way", choices=("published", "sorted"), required=True)
    score.add_argument("--batch-size", type=int, help="default: 16 published (512 columns), 64 sorted")
    score.add_argument("--max-tokens", type=int, default=512)
    write.add_argument("--texts", type=Path, required=True, help="the prompts")
    write.add_argument("--batch", type=int, required=True)
    write.add_argument("--tokens", type=int, required=True, help="how many are written after a prompt, at most")
    see.add_argument("--questions", type=Path, required=True)
    see.add_argument("--batch", type=int, required=True)
    return parser.parse_args(words)


def prepare_process(threads):
    """Sets what must be set before torch is loaded."""
    os.environ.update({"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads)})
    os.environ.update({"HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": "", "TOKENIZERS_PARALLELISM": "false"})
    warnings.filterwarnings("ignore")
    import peft  # noqa: F401  loaded here so that its memory counts as the libraries'
    import torch
    import transformers

    torch.set_num_threads(threads)
    transformers.logging.set_verbosity_error()


class Training:
    """A PEFT model, its optimizer and the batches; step() is what the body of a training loop does."""

    def __init__(self, options):
        import torch
        from peft import PeftConfig, PeftModel
        from safetensors.torch import load_file

        tensors = load_file(options.adapter / "adapter_model.safetensors")
        heads = [tensor for name, tensor in tensors.items() if name.endswith(("classifier.weight", "classifier.out_proj.weight"))]
        base = classifier(options, heads[0].shape[0]) if heads else writer(options)
        config = PeftConfig.from_pretrained(options.adapter)
        if options.lora_dropout is not None or not options.base_dropout:
            config.lora_dropout = options.lora_dropout or 0.0
        self.model = PeftModel.from_pretrained(base, options.adapter, config=config, is_trainable=True)
        self.options = options
        self.batches = read_batches(options.batches, options.columns, base.config.pad_token_id or 0, regression=bool(heads) and heads[0].shape[0] == 1)
        self.eyes = Eyes(options.model) if sees(options.model) else None
        self.parameters = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        self.start = [parameter.detach().clone() for parameter in self.parameters]
        self.torch = torch
        self.reset()

    def reset(self):
        from transformers import get_scheduler

        options = self.options
        with self.torch.no_grad():
            for parameter, start in zip(self.parameters, self.start):
                parameter.copy_(start)
                parameter.grad = None
        named = [(name, parameter) for name, parameter in self.model.named_parameters() if parameter.requires_grad]
        groups = [
            {"params": [p for name, p in named if decays(name)], "weight_decay": options.weight_decay},
            {"params": [p for name, p in named if not decays(name)], "weight_decay": 0.0},
        ]
        self.optimizer = self.torch.optim.AdamW(groups, lr=options.learning_rate, fused=options.fused or None)
        name = "constant_with_warmup" if options.schedule == "constant" else options.schedule
        self.scheduler = get_scheduler(name, self.optimizer, options.warmup_steps, options.schedule_steps)
        self.torch.manual_seed(options.seed)
        self.model.train()
        self.steps = 0

    def step(self):
        """Makes one step and returns its loss and the times between forward, backward and optimizer."""
        batch = self.batches[self.steps % len(self.batches)]
        self.steps += 1
        times = [time.perf_counter()]
        if self.eyes:
            batch = {name: content for name, content in batch.items() if name != "pictures"} | {"pixel_values": self.eyes.pixels(batch["pictures"])}
        loss = self.model(**batch).loss
        value = loss.item()
        times.append(time.perf_counter())
        loss.backward()
        times.append(time.perf_counter())
        if self.options.clip > 0:
            self.torch.nn.utils.clip_grad_norm_(self.parameters, self.options.clip)
        self.optimizer.step()
        self.scheduler.step()
        self.optimizer.zero_grad(set_to_none=True)
        times.append(time.perf_counter())
        return value, times, batch

    def run(self, count):
        answer = {name: [] for name in ("wall", "cpu", "forward", "backward", "optimizer", "loss", "tokens", "cells")}
        for _ in range(count):
            wall, cpu = time.perf_counter(), time.process_time()
            loss, times, batch = self.step()
            answer["wall"].append(time.perf_counter() - wall)
            answer["cpu"].append(time.process_time() - cpu)
            for part, name in enumerate(("forward", "backward", "optimizer")):
                answer[name].append(times[part + 1] - times[part])
            answer["loss"].append(loss)
            answer["tokens"].append(int(batch["attention_mask"].sum()))
            answer["cells"].append(batch["attention_mask"].numel())
        return answer

    def save(self, folder):
        self.model.save_pretrained(folder)

    def facts(self):
        return {"trainable": sum(p.numel() for p in self.parameters), "batches": len(self.batches)}


def classifier(options, labels):
    from transformers import AutoModelForSequenceClassification

    dropouts = {} if options.base_dropout else {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    return AutoModelForSequenceClassification.from_pretrained(options.model, num_labels=labels, attn_implementation=options.attention, **dropouts)


def writer(options):
    import torch
    from transformers import AutoModelForCausalLM, LlavaForConditionalGeneration

    kind = LlavaForConditionalGeneration if sees(options.model) else AutoModelForCausalLM
    return kind.from_pretrained(options.model, attn_implementation=options.attention, dtype=getattr(torch, options.dtype))


def decays(name):
    """Returns what transformers' Trainer says of such a name; the Trainer itself would only cost memory here."""
    return "bias" not in name and "norm" not in name.lower()


# what cross-entropy leaves out
NOT_LEARNT = -100


def read_batches(file, columns, padding, regression):
    """Returns the batches as tensors, padded on the right."""
    import torch

    made = []
    for batch in json.loads(file.read_text(encoding="utf-8"))["batches"]:
        ids = batch["ids"]
        answers = isinstance(batch["labels"][0], list)
        types = batch.get("type_ids") or [[0] * len(row) for row in ids]
        width = columns or max(len(row) for row in ids)
        if max(len(row) for row in ids) > width:
            sys.exit(f"columns must be at least the longest row ({max(len(row) for row in ids)}); got {width}")

        def padded(rows, filling=0, width=width):
            return torch.tensor([row + [filling] * (width - len(row)) for row in rows])

        tensors = {"input_ids": padded(ids, padding), "attention_mask": padded([[1] * len(row) for row in ids])}
        if answers:
            tensors["labels"] = padded(batch["labels"], NOT_LEARNT)
        else:
            tensors["token_type_ids"] = padded(types)
            tensors["labels"] = torch.tensor(batch["labels"], dtype=torch.float32 if regression else torch.long)
        if "pictures" in batch:
            tensors["pictures"] = batch["pictures"]
        made.append(tensors)
    return made


class Scoring:
    """CKA between neighbouring layers at the first token: the published way, or the same with less padding."""

    def __init__(self, options):
        from transformers import AutoModel, AutoTokenizer

        self.options = options
        self.texts = json.loads(options.texts.read_text(encoding="utf-8"))["texts"]
        self.tokenizer = AutoTokenizer.from_pretrained(options.model)
        # a decoder is read at its last token, as the authors do; they pad to the longest of 16, an encoder's texts to 512
        self.decoder = is_decoder(options.model)
        if self.decoder:
            self.tokenizer.pad_token, self.tokenizer.padding_side = self.tokenizer.eos_token, "right"
        self.model = AutoModel.from_pretrained(options.model, attn_implementation=options.attention).eval()
        self.published = options.way == "published"
        self.batch_size = options.batch_size or (16 if self.published else 64)

    def score(self):
        """Returns one CKA per layer. Published: padded to max_tokens in the order of the texts; else sorted by length."""
        import torch

        rows = self.tokenizer(self.texts, truncation=True, max_length=self.options.max_tokens)["input_ids"]
        order = list(range(len(rows))) if self.published else sorted(range(len(rows)), key=lambda i: len(rows[i]))
        full = self.published and not self.decoder
        padding = {"padding": "max_length", "max_length": self.options.max_tokens} if full else {"padding": True}
        states = []
        with torch.no_grad():
            for start in range(0, len(order), self.batch_size):
                part = [{"input_ids": rows[i]} for i in order[start : start + self.batch_size]]
                batch = self.tokenizer.pad(part, return_tensors="pt", **padding)
                hidden = self.model(**batch, output_hidden_states=True).hidden_states
                at = batch["attention_mask"].sum(1) - 1 if self.decoder else torch.zeros(len(part), dtype=torch.long)
                states.append(torch.stack([state[torch.arange(len(part)), at] for state in hidden]))
        layers = torch.cat(states, dim=1)
        return [linear_cka(x, y) for x, y in itertools.pairwise(layers)]

    def run(self, count):
        answer = {"wall": [], "cpu": [], "scores": []}
        for _ in range(count):
            wall, cpu = time.perf_counter(), time.process_time()
            answer["scores"] = self.score()
            answer["wall"].append(time.perf_counter() - wall)
            answer["cpu"].append(time.process_time() - cpu)
        return answer

    def facts(self):
        return {"texts": len(self.texts), "way": self.options.way, "batch_size": self.batch_size}


def architecture(folder):
    return json.loads((folder / "config.json").read_text(encoding="utf-8"))["architectures"][0]


def is_decoder(folder):
    return "CausalLM" in architecture(folder)


def sees(folder):
    return architecture(folder).startswith("Llava")


class Eyes:
    """Opens pictures and prepares them as a model's folder says, by transformers on Pillow."""

    def __init__(self, folder):
        from transformers import CLIPImageProcessor

        self.processor = CLIPImageProcessor.from_pretrained(folder)

    def pixels(self, files):
        from PIL import Image

        return self.processor(images=[Image.open(file).convert("RGB") for file in files], return_tensors="pt")["pixel_values"]


class Seeing:
    """The states of the patches after the last layer but one of a vision tower, as LLaVA takes them."""

    def __init__(self, options):
        from transformers import CLIPVisionModel

        self.options = options
        self.files = json.loads(options.questions.read_text(encoding="utf-8"))["pictures"]
        self.eyes = Eyes(options.model)
        self.model = CLIPVisionModel.from_pretrained(options.model, attn_implementation=options.attention).eval()

    def features(self, files):
        import torch

        with torch.no_grad():
            return self.model(pixel_values=self.eyes.pixels(files), output_hidden_states=True).hidden_states[-2][:, 1:]

    def run(self, count):
        answer = {"wall": [], "cpu": [], "features": []}
        for _ in range(count):
            wall = cpu = 0.0
            answer["features"] = []
            for first in range(0, len(self.files), self.options.batch):
                start = time.perf_counter(), time.process_time()
                features = self.features(self.files[first : first + self.options.batch])
                wall, cpu = wall + time.perf_counter() - start[0], cpu + time.process_time() - start[1]
                answer["features"] += self.told(features)
            answer["wall"].append(wall)
            answer["cpu"].append(cpu)
        return answer

    def told(self, features):
        """Some numbers to compare: the first 8 of 4 patches of each picture, evenly."""
        patches = [part * features.shape[1] // 4 for part in range(4)]
        return features[:, patches, :8].flatten().tolist()

    def facts(self):
        return {"pictures": len(self.files)}


class Writing:
    """Goes on after prompts, greedily, by transformers' own generate; a run takes as many batches as it is told."""

    def __init__(self, options):
        from transformers import AutoTokenizer

        self.options = options
        self.prompts = json.loads(options.texts.read_text(encoding="utf-8"))["texts"]
        self.tokenizer = AutoTokenizer.from_pretrained(options.model)
        self.tokenizer.pad_token, self.tokenizer.padding_side = self.tokenizer.eos_token, "left"
        self.model = writer(options).eval()
        self.next = 0

    def batch(self):
        """The next prompts, from the first again after the last."""
        chosen = [self.prompts[(self.next + i) % len(self.prompts)] for i in range(self.options.batch)]
        self.next += self.options.batch
        return chosen

    def write(self, prompts):
        import torch

        given = self.tokenizer(prompts, return_tensors="pt", padding=True, return_token_type_ids=False)
        with torch.no_grad():
            written = self.model.generate(**given, do_sample=False, max_new_tokens=self.options.tokens, pad_token_id=self.tokenizer.pad_token_id)
        return self.tokenizer.batch_decode(written[:, given["input_ids"].shape[1] :], skip_special_tokens=True)

    def run(self, count):
        answer = {"wall": [], "cpu": [], "texts": []}
        for _ in range(count):
            prompts = self.batch()
            wall, cpu = time.perf_counter(), time.process_time()
            texts = self.write(prompts)
            answer["wall"].append(time.perf_counter() - wall)
            answer["cpu"].append(time.process_time() - cpu)
            answer["texts"] += texts
        return answer

    def facts(self):
        return {"texts": len(self.prompts), "batch_size": self.options.batch}


class Sweeping:
    """The loss of an adapter cut at every boundary: its layers are switched off from above, one more for each, and the batches go through the whole model again."""

    def __init__(self, options):
        from peft import PeftModel

        self.model = PeftModel.from_pretrained(writer(options), options.adapter).eval()
        self.depth = self.model.config.num_hidden_layers
        self.batches = read_batches(options.batches, None, self.model.config.pad_token_id or 0, regression=False)

    def loss(self, boundary):
        """The mean over the learnt tokens, with the adapter on the layers below a boundary alone."""
        import torch
        from peft.tuners.lora import LoraLayer

        for name, module in self.model.named_modules():
            if isinstance(module, LoraLayer):
                module.enable_adapters(layer_of(name) < boundary)
        total, tokens = 0.0, 0
        with torch.no_grad():
            for batch in self.batches:
                learnt = int((batch["labels"][:, 1:] != NOT_LEARNT).sum())
                total += self.model(**batch).loss.item() * learnt
                tokens += learnt
        return total / tokens

    def run(self, count):
        answer = {"wall": [], "cpu": [], "losses": []}
        for _ in range(count):
            wall, cpu = time.perf_counter(), time.process_time()
            answer["losses"] = [self.loss(boundary) for boundary in range(self.depth + 1)]
            answer["wall"].append(time.perf_counter() - wall)
            answer["cpu"].append(time.process_time() - cpu)
        return answer

    def facts(self):
        return {"texts": sum(len(batch["input_ids"]) for batch in self.batches)}


def layer_of(name):
    """The index of the layer that a module lies in."""
    return int(name.split(".layers.")[1].split(".")[0])


def linear_cka(x, y):
    """Returns linear CKA as the paper's code has it: float32, column means off, denominator clamped at 1e-12."""
    x, y = x.float() - x.float().mean(0, keepdim=True), y.float() - y.float().mean(0, keepdim=True)
    return ((x.T @ y).norm() ** 2 / ((x.T @ x).norm() * (y.T @ y).norm()).clamp(min=1e-12)).item()


def memory():
    """Returns the largest and the present resident memory in MiB; null where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.startswith(("VmHWM", "VmRSS"))}
        return {"peak_mib": round(sizes["VmHWM"], 1), "resident_mib": round(sizes["VmRSS"], 1)}
    except OSError:
        pass
    try:
        import resource

        unit = 2**20 if sys.platform == "darwin" else 2**10
        return {"peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1), "resident_mib": None}
    except ImportError:
        return {"peak_mib": None, "resident_mib": None}


def main():
    options = options_of(sys.argv[1:])
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")  # what libraries print goes to standard error
    os.dup2(2, 1)
    prepare_process(options.threads)
    libraries = memory()["resident_mib"]
    side = {"train": Training, "score": Scoring, "write": Writing, "sweep": Sweeping, "see": Seeing}[options.mode](options)

    def answer(content):
        print(json.dumps(content), file=answers, flush=True)

    versions = {name: version(name) for name in PACKAGES}
    answer(
        {"ready": True, "mode": options.mode, "versions": versions, "threads": options.threads}
        | {"libraries_mib": libraries, **side.facts(), **memory()}
    )
    for line in sys.stdin:
        order, *rest = line.split(maxsplit=1) if line.strip() else [""]
        if order == "run":
            answer(side.run(int(rest[0])) | memory())
        elif order == "reset" and options.mode == "train":
            side.reset()
            answer({"reset": True})
        elif order == "save" and options.mode == "train":
            side.save(rest[0].strip())
            answer({"saved": rest[0].strip()})
        elif order == "quit":
            break
        else:
            sys.exit(f"order must be run, quit or, in a training, reset, save; got {line.strip()!r}")


if __name__ == "__main__":
    main()
