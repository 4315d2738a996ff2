# SPDX-License-Identifier: Apache-2.0
"""environment/start: from a fresh clone to the first notebook."""
import argparse
import os
import subprocess
import sys
import time

import cards
import machine
import maven_build
import show
from everything import everything
from library import Library
from parts import check, make
from places import NOTEBOOKS, PROJECT, PYTHON, child_environment

FIRST_NOTEBOOK = NOTEBOOKS / "00-start.ipynb"


def arguments(words):
    """What a person may write behind environment/start."""
    parser = argparse.ArgumentParser(
        prog="environment/start",
        description="Builds Lamella, makes its Python environment, installs its kernel, fetches a model and a task, and executes the first notebook. "
        "Run it as often as you like: it does only what is missing, and mends what is broken.",
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--lab", action="store_true", help="set up, then open JupyterLab in notebooks/")
    choice.add_argument("--check", action="store_true", help="one line per part with its remedy; changes nothing")
    choice.add_argument("--fetch", nargs="+", metavar="NAME", help="fetch models and tasks by the names of their cards")
    choice.add_argument("--no-notebook", action="store_true", help="set up, and execute nothing")
    parser.add_argument("lab_options", nargs="*", help="with --lab: what to hand on to JupyterLab, after --")
    return parser.parse_args(words)


def main(words):
    if words[:1] == ["--in-maven"]:
        return maven_build.main(words[1:])
    wanted = arguments(words)
    if wanted.check:
        return check_all()
    begin = time.monotonic()
    cards.clear_scratch()
    if wanted.fetch:
        make([cards.Fetched(name) for name in wanted.fetch])
        return 0
    print(f"Lamella in {PROJECT}", flush=True)
    make(everything(Library()))
    print(f"  set up in {time.monotonic() - begin:.1f} s", flush=True)
    if wanted.lab:
        return lab(wanted.lab_options)
    if not wanted.no_notebook:
        first()
    return 0


def check_all():
    print(f"Lamella in {PROJECT}", flush=True)
    troubled = check(everything(Library()))
    print("  all in order" if troubled == 0 else f"  {troubled} not in order")
    return 1 if troubled else 0


def first():
    """The first notebook, and what a person can do next."""
    if FIRST_NOTEBOOK.exists():
        show.first_notebook(FIRST_NOTEBOOK)
    print("Open it in JupyterLab:  environment/start --lab\nCheck every part:       environment/start --check")


def lab(options):
    """Opens JupyterLab on the notebooks; ends when it ends."""
    command = [PYTHON, "-m", "jupyterlab", f"--ServerApp.root_dir={NOTEBOOKS if NOTEBOOKS.exists() else PROJECT}"]
    command += ["--LabApp.news_url=None", "--LabApp.check_for_update_class=jupyterlab.handlers.announcements.NeverCheckForUpdate"]
    command += ["--MultiKernelManager.default_kernel_name=java", "--LanguageServerManager.autodetect=False"]  # the latter would start npm
    command += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    if (NOTEBOOKS / FIRST_NOTEBOOK.name).exists():
        command += [f"--LabApp.default_url=/lab/tree/{FIRST_NOTEBOOK.name}"]
    print("  JupyterLab opens in your browser; it ends with Ctrl-C here", flush=True)
    try:
        return subprocess.run([str(part) for part in command + options], cwd=PROJECT, env=child_environment(machine.java().home)).returncode
    except KeyboardInterrupt:
        return 0
