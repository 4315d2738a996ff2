# SPDX-License-Identifier: Apache-2.0
"""The list of parts that the notebooks and the tests need."""
import sys

import cards
import machine
from kernelspec import Kernelspec
from parts import Found
from python_environment import PythonEnvironment, venv_possible

FIRST_CARDS = ("minilm", "smollm2-135m", "reuters-r8")


def everything(library):
    """Everything that the notebooks need, in the order in which it is made."""
    return [
        Found("Java", lambda: f"{machine.java().version} in {machine.java().home}"),
        Found("Maven", lambda: machine.maven(machine.java().home)[1]),
        Found("Python", lambda: f"{sys.version.split()[0]}, {venv_possible()}"),
        Found("sandbox", machine.sandbox),
        library,
        PythonEnvironment(),
        Kernelspec(),
        *(cards.Fetched(name) for name in FIRST_CARDS),
    ]
