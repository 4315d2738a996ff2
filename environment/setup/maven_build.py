# SPDX-License-Identifier: Apache-2.0
"""What `mvn verify` asks of set-up: its parts before the integration tests, and the tests on further JDKs after them.

The words come from pom.xml. Where Maven knows no value for a property it leaves its ${...}, which counts as nothing.
"""
from pathlib import Path

import jdks
import machine
import show
from everything import everything
from kernelspec import Kernelspec
from library import PackagedLibrary
from parts import make
from places import PROJECT, TARGET

NOTHING = "-"


def value(word, default=""):
    """The value of a Maven property, or a default."""
    return default if word in ("", NOTHING) or word.startswith("${") else word


def main(words):
    """prepare SKIPS... | test-jdks JDKS MAVEN_JDK CLASS_PATH_FILE JVM_OPTIONS SKIPS... | notebook NOTEBOOK COPY; SKIPS are Maven's skip properties."""
    command, *rest = words
    if command == "notebook":
        return notebook(Path(rest[0]).absolute(), Path(rest[1]).absolute())
    skips = rest if command == "prepare" else rest[4:]
    if any(value(skip) == "true" for skip in skips):
        return 0
    if command == "prepare":
        print(f"Lamella in {PROJECT}", flush=True)
        make(everything(PackagedLibrary()))
        return 0
    wanted, maven_jdk, class_path, options = rest[:4]
    return jdks.test_on_others(value(wanted, jdks.DEFAULT), maven_jdk, class_path, options.split())


def notebook(source, copy):
    """Executes one notebook at the quick scale, through a kernel on the JDK of the test that asks."""
    prefix = TARGET / f"jdk{machine.java().feature}" / "jupyter"
    make([Kernelspec(prefix)])
    show.execute(source, copy, "quick", {"JUPYTER_PATH": str(prefix / "share" / "jupyter")})
    return 0
