# SPDX-License-Identifier: Apache-2.0
"""A Python of our own inside the project, with every package pinned by a requirements file."""
import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

from machine import PYTHON_REMEDY
from parts import Part, State
from places import PROJECT, VENV, pip_environment, python_of, short
from report import Trouble, run

REQUIREMENTS = PROJECT / "environment" / "requirements.txt"
INSTALLED = "import importlib.metadata as m; print('\\n'.join(f'{d.name}=={d.version}' for d in m.distributions()))"


def plain(name):
    """A package's name as the index compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def venv_possible():
    """How a virtual environment can be made here, or trouble."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return "venv"
    if importlib.util.find_spec("venv") and importlib.util.find_spec("pip"):
        return "venv, with the pip of this Python"
    raise Trouble(f"Python {sys.version.split()[0]} has neither ensurepip nor pip", PYTHON_REMEDY)


def install(command, log, remedy):
    """Runs Python or pip to install something."""
    run(command, log, remedy, extra=pip_environment())


def packages_of(python):
    """The folder where an interpreter keeps its packages."""
    command = [python, "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    return Path(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())


class PythonEnvironment(Part):
    """A virtual environment that holds exactly the packages of its requirements file."""

    pip_options = ()

    def __init__(self, name="JupyterLab", venv=VENV, requirements=REQUIREMENTS, needs="about 150 MB, once", over=None):
        """`over` is another environment whose packages this one sees too; `needs` says what a person waits for."""
        self.name = name
        self.venv = venv
        self.python = python_of(venv)
        self.requirements = requirements
        self.needs = needs
        self.over = over
        self.stamp = venv / "lamella.stamp"

    def state(self):
        if not self.python.exists():
            return State(False, f"{short(self.venv)} is missing")
        if not self.stamp.exists() or self.stamp.read_text() != self._expected():
            return State(False, f"{short(self.venv)} does not hold what {short(self.requirements)} names")
        return self.held()

    def held(self):
        """Whether every pinned package is there in its version."""
        told = subprocess.run([self.python, "-I", "-c", INSTALLED], capture_output=True, text=True)
        if told.returncode != 0:
            return State(False, f"{short(self.python)} does not run")
        installed = {plain(name): version for name, _, version in (line.partition("==") for line in told.stdout.split())}
        lost = [name for name, version in self._pins() if installed.get(plain(name)) != version]
        if lost:
            return State(False, f"{short(self.venv)} has lost {', '.join(lost[:4])}")
        return State(True, self._summary(installed))

    def mend(self, line):
        how = venv_possible()
        line.say(f"making {short(self.venv)} ({self.needs})")
        shutil.rmtree(self.venv, ignore_errors=True)
        self.venv.parent.mkdir(parents=True, exist_ok=True)
        log = f"python-{self.venv.name}"
        if how == "venv":
            install([sys.executable, "-m", "venv", self.venv], log, PYTHON_REMEDY)
        else:
            install([sys.executable, "-m", "venv", "--without-pip", self.venv], log, PYTHON_REMEDY)
            install([sys.executable, "-m", "pip", "--python", self.python, "install", "-q", "pip"], log, PYTHON_REMEDY)
        if self.over:
            (packages_of(self.python) / "over.pth").write_text(str(packages_of(self.over.python)))
        line.say(f"installing the packages of {short(self.requirements)}")
        remedy = "run it again; what was downloaded is kept. Without a network, see src/docs/CONTRIBUTING.md"
        install([self.python, "-m", "pip", "install", "-q", *self.pip_options, "-r", self.requirements], log, remedy)
        self.stamp.write_text(self._expected())

    def _expected(self):
        return hashlib.sha256(self.requirements.read_bytes()).hexdigest()

    def _pins(self):
        """Name and version of each line that holds on every machine."""
        lines = (line.split("#")[0].strip() for line in self.requirements.read_text().splitlines())
        return [tuple(line.split("==")) for line in lines if "==" in line and ";" not in line]

    def _summary(self, installed):
        shown = [name for name in ("jupyterlab", "torch", "transformers", "peft") if name in installed]
        return f"{', '.join(f'{name} {installed[name]}' for name in shown)} in {short(self.venv)}"
