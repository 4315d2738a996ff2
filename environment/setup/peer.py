# SPDX-License-Identifier: Apache-2.0
"""The Python that Lamella is compared with: torch, transformers and peft, pinned beside the golden files."""
import os
from pathlib import Path

from parts import State
from places import ENVIRONMENT, PROJECT
from python_environment import PythonEnvironment
from report import Trouble

REQUIREMENTS = PROJECT / "src" / "test" / "golden" / "requirements.txt"


class Peer(PythonEnvironment):
    """A virtual environment of its own, large and so only on demand; or the one that LAMELLA_PEER names."""

    def __init__(self):
        self.given = os.environ.get("LAMELLA_PEER")
        venv = Path(self.given).absolute() if self.given else ENVIRONMENT / "peer"
        super().__init__("Python peer", venv, REQUIREMENTS, "about 3 GB to download, 6 GB on disk, once")

    def state(self):
        if not self.given:
            return super().state()
        if not self.python.exists():
            return State(False, f"LAMELLA_PEER must be the folder of a virtual environment; got {self.given}", "unset LAMELLA_PEER")
        return self.held()

    def mend(self, line):
        if self.given:
            raise Trouble(f"LAMELLA_PEER: {self.state().text}", f"install {REQUIREMENTS} there, or unset LAMELLA_PEER")
        super().mend(line)
