# SPDX-License-Identifier: Apache-2.0
"""What the machine must bring: a JDK, Maven, Python. Set-up checks them and names the package; it never installs them."""
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from places import WINDOWS
from report import Trouble

LEAST_JAVA = 17
LEAST_MAVEN = (3, 8)
EXE = ".exe" if WINDOWS else ""


def package(debian, mac, windows):
    """How to install something here."""
    if sys.platform == "darwin":
        return f"install it: brew install {mac}"
    if WINDOWS:
        return f"install it: winget install {windows}"
    return f"install it (Debian, Ubuntu: sudo apt install {debian})"


JDK_REMEDY = package("openjdk-17-jdk-headless", "openjdk@17", "EclipseAdoptium.Temurin.17.JDK")
JDK_REMEDY += ", or set JAVA_HOME to a JDK 17 or newer"
MAVEN_REMEDY = package("maven", "maven", "Apache.Maven")
PYTHON_REMEDY = package("python3-venv", "python@3.12", "Python.Python.3.12")

NO_SANDBOX = "none, so that generated Python programs are not run"


@dataclass(frozen=True)
class Jdk:
    """A Java installation: its folder, its version as it says it, and its modules."""

    home: Path
    version: str
    modules: frozenset

    @property
    def java(self):
        return self.home / "bin" / f"java{EXE}"

    @property
    def feature(self):
        """17 for 17.0.15."""
        return int(re.match(r"\d+", self.version.removeprefix("1.")).group())

    def complaint(self):
        """Why Lamella cannot be built and run with it, or None."""
        if self.feature < LEAST_JAVA:
            return f"Java must be {LEAST_JAVA} or newer; got {self.version} in {self.home}"
        if "jdk.jshell" not in self.modules or not (self.home / "bin" / f"javac{EXE}").exists():
            return f"Java must be a JDK with the module jdk.jshell; got a runtime without it in {self.home}"
        return None


def jdk_at(home):
    """Reads the JDK in a folder, or None if there is none."""
    java = home / "bin" / f"java{EXE}"
    if not java.exists():
        return None
    release = home / "release"
    entries = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', release.read_text(), re.M)) if release.exists() else {}
    if "JAVA_VERSION" in entries and "MODULES" in entries:
        return Jdk(home, entries["JAVA_VERSION"], frozenset(entries["MODULES"].split()))
    told = subprocess.run([java, "-XshowSettings:properties", "-version"], capture_output=True, text=True).stderr
    version = re.search(r"java\.version = (\S+)", told)
    folder = re.search(r"java\.home = (.+)", told)
    if not version or not folder:
        return None
    listed = subprocess.run([java, "--list-modules"], capture_output=True, text=True).stdout
    return Jdk(Path(folder.group(1).strip()), version.group(1), frozenset(re.findall(r"^([\w.]+)", listed, re.M)))


def java():
    """The JDK of JAVA_HOME, else of the path."""
    if os.environ.get("JAVA_HOME"):
        home = Path(os.environ["JAVA_HOME"])
        found = jdk_at(home)
        if not found:
            raise Trouble(f"JAVA_HOME must be the folder of a JDK; got {home}, which has no bin/java", JDK_REMEDY)
    else:
        program = shutil.which("java")
        if not program:
            raise Trouble("Java was not found: neither JAVA_HOME nor the path has it", JDK_REMEDY)
        found = jdk_at(Path(program).resolve().parent.parent)
        if not found:
            raise Trouble(f"{program} does not tell its version", JDK_REMEDY)
    complaint = found.complaint()
    if complaint:
        raise Trouble(complaint, JDK_REMEDY)
    return found


def maven(java_home):
    """Maven's program and version."""
    program = shutil.which("mvn")
    if not program:
        raise Trouble("Maven was not found on the path", MAVEN_REMEDY)
    environment = {**os.environ, "JAVA_HOME": str(java_home)}
    told = subprocess.run([program, "-v"], capture_output=True, text=True, env=environment)
    version = re.search(r"Apache Maven (\d+)\.(\d+)[\w.-]*", told.stdout)
    if not version:
        said = " ".join(told.stderr.split())[-300:]
        raise Trouble(f"{program} does not tell its version; it says: {said}", f"mend what it says (JAVA_HOME, MAVEN_OPTS), or {MAVEN_REMEDY}")
    if (int(version.group(1)), int(version.group(2))) < LEAST_MAVEN:
        raise Trouble(f"Maven must be 3.8 or newer; got {version.group().split()[-1]}", MAVEN_REMEDY)
    return program, version.group().split()[-1]


def sandbox():
    """Whether generated programs can be run. Nothing else needs it, so it is never in the way."""
    if not sys.platform.startswith("linux"):
        return f"{NO_SANDBOX}; only Linux has one"
    program = shutil.which("bwrap")
    if not program:
        return f"{NO_SANDBOX}; to run them {package('bubblewrap', '', '')}"
    folders = ["--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64"]
    tried = subprocess.run([program, "--unshare-all", *folders, "/usr/bin/true"], capture_output=True, text=True)
    if tried.returncode:
        return f"{NO_SANDBOX}; {program} says: {' '.join(tried.stderr.split())[-200:]}; allow user namespaces"
    told = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return f"{told.strip()}, works"
