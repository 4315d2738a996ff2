# SPDX-License-Identifier: Apache-2.0
"""The Python that Lamella is compared with: torch, transformers and peft, pinned; large, and so only on demand."""
import os
from pathlib import Path

from parts import State
from places import ENVIRONMENT, PROJECT
from python_environment import PythonEnvironment
from report import Trouble

BENCH = PROJECT / "environment" / "peer" / "requirements.txt"
GOLDEN = PROJECT / "src" / "test" / "golden" / "requirements.txt"


class Large(PythonEnvironment):
    """A virtual environment whose packages are too large to be kept a second time in pip's cache."""

    pip_options = ("--no-cache-dir",)


class Given(PythonEnvironment):
    """An environment that a person has made and names in LAMELLA_PEER: checked, never changed."""

    def state(self):
        if not self.python.exists():
            return State(False, f"LAMELLA_PEER must be the folder of a virtual environment; got {self.venv}", "unset LAMELLA_PEER")
        return self.held()

    def mend(self, line):
        raise Trouble(f"LAMELLA_PEER: {self.state().text}", f"install {self.requirements} there, or unset LAMELLA_PEER")


def bench_peer():
    """What the benchmark compares with, as a list of parts; the last one's Python runs it."""
    if os.environ.get("LAMELLA_PEER"):
        return [Given("Python peer", Path(os.environ["LAMELLA_PEER"]).absolute(), BENCH)]
    return [Large("Python peer", ENVIRONMENT / "peer", BENCH, "about 3 GB to download, 6 GB on disk, once")]


def golden_peer():
    """What makes the golden files: the same, and SciPy and scikit-learn beside it, which the benchmark's transformers must not find."""
    if os.environ.get("LAMELLA_PEER"):
        return [Given("Python peer", Path(os.environ["LAMELLA_PEER"]).absolute(), GOLDEN)]
    below = bench_peer()
    return [*below, Large("and statistics", ENVIRONMENT / "golden", GOLDEN, "about 50 MB, once", below[-1])]
