# SPDX-License-Identifier: Apache-2.0
"""environment/notebooks: executes notebooks and keeps their outputs in them, as they are committed."""
import argparse
import shutil
from pathlib import Path

import show
from everything import everything
from library import Library
from parts import make
from places import ENVIRONMENT, NOTEBOOKS, short
from report import Trouble

COMMITTED = {"LAMELLA_CHARTS": "static"}


def main(words):
    parser = argparse.ArgumentParser(
        prog="environment/notebooks",
        description="Executes notebooks in place, with static pictures and without anything that differs from one run to the next. "
        "A notebook with an error stays as it was.",
    )
    parser.add_argument("notebooks", nargs="*", type=Path, help="which ones (default: all in notebooks/)")
    parser.add_argument("--scale", default="laptop", choices=("quick", "laptop", "paper"), help="LAMELLA_SCALE (default: laptop, the scale that is committed)")
    wanted = parser.parse_args(words)
    chosen = [path.absolute() for path in wanted.notebooks] or sorted(NOTEBOOKS.glob("*.ipynb"))
    missing = [str(path) for path in chosen if not path.exists()]
    if missing:
        raise Trouble(f"notebooks must exist; got {', '.join(missing)}")
    make(everything(Library()))
    for notebook in chosen:
        print(f"\n{short(notebook)} at LAMELLA_SCALE={wanted.scale}:", flush=True)
        copy = ENVIRONMENT / "notebooks" / "again" / notebook.name  # where it stays when a cell fails
        seconds = show.execute(notebook, copy, wanted.scale, COMMITTED, ["--clean"])
        shutil.move(copy, notebook)
        print(f"    {seconds:.0f} s; kept in {short(notebook)}", flush=True)
    return 0
