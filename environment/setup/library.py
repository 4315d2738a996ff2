# SPDX-License-Identifier: Apache-2.0
"""The library and the kernel as jars: built by Maven when a source has changed since the last build."""
import hashlib

import machine
from parts import Part, State
from places import PROJECT, TARGET
from report import Trouble, run

SOURCES = ("pom.xml", "src/main", "datasets", "kernel")
JARS = (TARGET / "lamella.jar", TARGET / "lamella-kernel.jar", TARGET / "lib")
STAMP = TARGET / "lamella.sources"


def fingerprint():
    """A hash over everything that goes into the jars."""
    digest = hashlib.sha256()
    for source in SOURCES:
        root = PROJECT / source
        files = [root] if root.is_file() else sorted(path for path in root.rglob("*") if path.is_file())
        for path in files:
            digest.update(f"{path.relative_to(PROJECT).as_posix()}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def class_path():
    """What a JVM needs on its class path to use the library."""
    return [JARS[0], JARS[2] / "*"]


class Library(Part):
    """target/lamella.jar, target/lamella-kernel.jar and target/lib, as fresh as their sources."""

    name = "library"

    def state(self):
        missing = [jar.name for jar in JARS if not jar.exists()]
        if missing:
            return State(False, f"target has no {', '.join(missing)}")
        if not STAMP.exists() or STAMP.read_text() != fingerprint():
            return State(False, "a source is newer than target/lamella.jar")
        return State(True, "target/lamella.jar, target/lamella-kernel.jar")

    def mend(self, line):
        jdk = machine.java()
        program, _ = machine.maven(jdk.home)
        line.say("building with Maven (a minute or two the first time)")
        STAMP.unlink(missing_ok=True)
        before = fingerprint()
        remedy = "where it could not download, try again; where code does not compile, mend it first"
        run([program, "-B", "-ntp", "-q", "-Dquick", "-Dmaven.test.skip=true", "package"], "build", remedy, jdk.home)
        STAMP.write_text(before)


class PackagedLibrary(Library):
    """The same inside a Maven build, which has just packaged the jars: set-up must not call Maven again."""

    def mend(self, line):
        missing = [jar.name for jar in JARS if not jar.exists()]
        if missing:
            raise Trouble(f"target has no {', '.join(missing)}", "run mvn package first")
        STAMP.write_text(fingerprint())
