#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes every golden file of src/test/resources/golden with the reference libraries in Python.

    python -m venv VENV && VENV/bin/pip install -r src/test/golden/requirements.txt
    VENV/bin/python src/test/golden/make.py                  # everything
    VENV/bin/python src/test/golden/make.py bert cka         # these parts only
    VENV/bin/python src/test/golden/make.py --minilm FOLDER  # an unpacked all-MiniLM-L6-v2 instead of its package
    VENV/bin/python src/test/golden/make.py --smollm2 FILE   # a GGUF of SmolLM2-135M-Instruct instead of its package

The same versions on the same machine make the same bytes. README.md beside this file describes what is made.
"""
import argparse
import importlib
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PARTS = ("schedules", "metrics", "texts", "cka", "bert", "roberta", "deberta", "decoders", "chat", "gguf", "pictures", "clip", "llava", "minilm", "smollm2")


def fix_the_environment():
    """Starts Python again if needed: the hash seed orders PEFT's sets and must be set before Python starts."""
    wanted = {
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }
    if any(os.environ.get(name) != value for name, value in wanted.items()):
        os.environ.update(wanted)
        os.execv(sys.executable, [sys.executable, *sys.argv])


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("parts", nargs="*", help="which parts to make: " + ", ".join(PARTS) + " (default: all)")
    arguments.add_argument("--out", type=Path, default=HERE.parent / "resources" / "golden")
    arguments.add_argument("--minilm", type=Path, help="folder of an unpacked all-MiniLM-L6-v2")
    arguments.add_argument("--smollm2", type=Path, help="GGUF file of SmolLM2-135M-Instruct")
    options = arguments.parse_args()
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        arguments.error(f"parts must be among {', '.join(PARTS)}; got {', '.join(unknown)}")
    fix_the_environment()

    from parts import files

    options.out.mkdir(parents=True, exist_ok=True)
    for part in options.parts or PARTS:
        start = time.perf_counter()
        maker = importlib.import_module(f"parts.{part}").make
        real = {"minilm": options.minilm, "smollm2": options.smollm2}
        maker(options.out, real[part]) if part in real else maker(options.out)
        print(f"{part}: {time.perf_counter() - start:.1f} s")
    files.write_versions(options.out)
    size = sum(path.stat().st_size for path in options.out.rglob("*") if path.is_file())
    print(f"{options.out}: {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
