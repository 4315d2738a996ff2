# SPDX-License-Identifier: Apache-2.0
"""environment/golden: makes the golden files again. What it is given it hands on to src/test/golden/make.py."""
import subprocess

from cards import Fetched
from parts import make
from peer import golden_peer
from places import PROJECT, child_environment
from report import Trouble

REAL = ("minilm", "smollm2-135m")
MAKE = PROJECT / "src" / "test" / "golden" / "make.py"


def main(words):
    environments = golden_peer()
    python = environments[-1].python
    if words not in (["-h"], ["--help"]):
        make([*environments, *(Fetched(name) for name in REAL)])
    elif not python.exists():
        raise Trouble(f"{MAKE.relative_to(PROJECT)} tells its options once its Python is there", "run environment/golden")
    minilm, smollm2 = (Fetched(name).card for name in REAL)
    real = {"--minilm": minilm.folder, "--smollm2": smollm2.folder / smollm2.files[0]["name"]}
    options = [word for option, place in real.items() if option not in words for word in (option, place)]
    command = [python, "-B", MAKE, *words, *options]
    return subprocess.run([str(part) for part in command], cwd=PROJECT, env=child_environment()).returncode
