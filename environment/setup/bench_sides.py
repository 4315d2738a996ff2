# SPDX-License-Identifier: Apache-2.0
"""The processes that the benchmark lets work in turn: ours and PEFT's. Both speak the protocol of environment/peer/bench_peft.py."""
import json
import os
import subprocess

import machine
from library import class_path
from places import LOGS, PROJECT, TARGET, child_environment, short
from report import Trouble, run

SOURCES = PROJECT / "src" / "bench" / "java"
CLASSES = TARGET / "bench" / "classes"
PEER = PROJECT / "environment" / "peer" / "bench_peft.py"
SERVER = "org.lamella.lora.BenchServer"
# a thread that waits for the others sleeps; spinning, libgomp's default, measures who else is on the machine: 3 to 5 times the processor time was seen
WAITING = os.environ.get("OMP_WAIT_POLICY") or "PASSIVE"


def environment_of(threads, java_home=None):
    """The environment variables of a side: the same for both."""
    return {**child_environment(java_home), "OMP_NUM_THREADS": str(threads), "OMP_WAIT_POLICY": WAITING}


class Side:
    """One process that waits for orders."""

    started = 0

    def __init__(self, name, command, environment):
        LOGS.mkdir(parents=True, exist_ok=True)
        self.name = name
        Side.started += 1
        self.log = LOGS / f"bench-{name}-{Side.started}.txt"
        self.process = subprocess.Popen(
            [str(part) for part in command],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log.open("wb"),
            encoding="utf-8",
        )
        self.facts = self._answer()

    def run(self, count):
        """Lets it work that many times and returns what it says."""
        try:
            self.process.stdin.write(f"run {count}\n")
            self.process.stdin.flush()
        except OSError:
            pass  # it has ended; what it said last is in its log
        return self._answer()

    def close(self):
        """Ends it; also where it hangs."""
        try:
            self.process.communicate("quit\n", timeout=30)
        except (subprocess.TimeoutExpired, OSError, ValueError):
            self.process.kill()
            self.process.wait()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            end = "\n".join("    " + text for text in self.log.read_text("utf-8", "replace").splitlines()[-25:])
            raise Trouble(f"{self.name} ended before it answered; its last lines (all of them: {short(self.log)}):\n{end}")
        return json.loads(line)


class Lamella:
    """Starts our side: a JVM with the library as a person has it, and the classes of src/bench."""

    def __init__(self, threads):
        self.jdk = machine.java()
        self.threads = threads
        self.path = os.pathsep.join(str(entry) for entry in [CLASSES, *class_path()])
        self.native = ["--enable-native-access=ALL-UNNAMED"] if self.jdk.feature >= 22 else []

    def _command(self, mode, options, java=()):
        return [self.jdk.java, *self.native, *java, "-cp", self.path, SERVER, mode, *options]

    def compile(self):
        """Compiles src/bench against the library's jars."""
        CLASSES.mkdir(parents=True, exist_ok=True)
        sources = sorted(SOURCES.rglob("*.java"))
        javac = self.jdk.home / "bin" / f"javac{machine.EXE}"
        run([javac, "--release", "17", "-cp", self.path, "-d", CLASSES, *sources], "bench-compile", java_home=self.jdk.home)

    def prepare(self, place, folder, model, steps, texts):
        """Writes what both sides are given, and returns what it is."""
        options = ["--model", place, "--task", model.task, "--tokens", model.tokens, "--folder", folder, "--steps", steps, "--texts", texts]
        options += ["--batch", model.batch, "--half", model.half, "--forms", model.forms]
        mode = "prepare-seeing" if model.language else "prepare"
        return json.loads(run(self._command(mode, options), f"bench-prepare-{model.name}", java_home=self.jdk.home, extra={"OMP_WAIT_POLICY": WAITING}).splitlines()[-1])

    def start(self, mode, options, java=(), extra=None):
        """Starts a process in that mode, with options of Java's own and environment variables besides."""
        command = self._command(mode, [*options, "--threads", self.threads], java)
        return Side("Lamella", command, {**environment_of(self.threads, self.jdk.home), **(extra or {})})


class Peer:
    """Starts PEFT's side in the Python of the peer."""

    def __init__(self, python, threads):
        self.python = python
        self.threads = threads

    def start(self, mode, options):
        """Starts a process in that mode."""
        command = [self.python, "-B", PEER, mode, "--threads", self.threads, *options]
        return Side("Python", command, environment_of(self.threads))
