# SPDX-License-Identifier: Apache-2.0
"""environment/golden: makes the golden files again. What it is given it hands on to src/test/golden/make.py."""
import subprocess

from cards import Fetched
from parts import make
from peer import golden_peer
from places import PROJECT, child_environment
from report import Trouble

MAKE = PROJECT / "src" / "test" / "golden" / "make.py"


def main(words):
    environments = golden_peer()
    python = environments[-1].python
    if words not in (["-h"], ["--help"]):
        make([*environments, Fetched("minilm")])
    elif not python.exists():
        raise Trouble(f"{MAKE.relative_to(PROJECT)} tells its options once its Python is there", "run environment/golden")
    options = [] if "--minilm" in words else ["--minilm", Fetched("minilm").card.folder]
    command = [python, "-B", MAKE, *words, *options]
    return subprocess.run([str(part) for part in command], cwd=PROJECT, env=child_environment()).returncode
