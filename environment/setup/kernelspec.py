# SPDX-License-Identifier: Apache-2.0
"""The Jupyter kernel `java` in the project's own Python environment, never in the home folder."""
import hashlib
import json
import os

import machine
from library import JARS, class_path
from parts import Part, State
from places import CACHE, PROJECT, VENV
from report import run

KERNEL_JAR = JARS[1]
STARTUP = PROJECT / "environment" / "imports.jsh"


class Kernelspec(Part):
    """kernel.json with the absolute path of the JDK that was checked."""

    name = "kernel java"

    def __init__(self, prefix=VENV):
        self.prefix = prefix
        self.folder = prefix / "share" / "jupyter" / "kernels" / "java"
        self.stamp = self.folder / "lamella.stamp"

    def state(self):
        if not (self.folder / "kernel.json").exists():
            return State(False, "the kernelspec is missing")
        if not self.stamp.exists() or self.stamp.read_text() != self._expected():
            return State(False, "the kernelspec is of another kernel or another JDK")
        return State(True, f"runs {machine.java().java}")

    def mend(self, line):
        line.say("installing the kernelspec")
        jdk = machine.java()
        run([jdk.java, "-jar", KERNEL_JAR, *self._arguments()], "kernelspec", java_home=jdk.home)
        self._keep_inside()
        self.stamp.write_text(self._expected())

    def _arguments(self):
        path = os.pathsep.join(str(entry) for entry in class_path())
        startup = ["--startup", STARTUP] if STARTUP.exists() else []
        inside = [f"-Djna.tmpdir={CACHE / 'jna'}", f"-Djava.util.prefs.userRoot={CACHE / 'prefs'}"]
        options = [word for option in inside for word in ("--jvm-option", option)]
        return ["install", "--prefix", self.prefix, "--classpath", path, *startup, *options]

    def _keep_inside(self):
        """Whoever starts the kernel: what Java's libraries keep aside lies in the project, not in the home folder."""
        path = self.folder / "kernel.json"
        spec = json.loads(path.read_text("utf-8"))
        spec.setdefault("env", {})["XDG_CACHE_HOME"] = str(CACHE)
        path.write_text(json.dumps(spec, indent=2) + "\n", "utf-8")
        for folder in ("jna", "prefs"):
            (CACHE / folder).mkdir(parents=True, exist_ok=True)

    def _expected(self):
        digest = hashlib.sha256(KERNEL_JAR.read_bytes() if KERNEL_JAR.exists() else b"")
        for word in (machine.java().java, *self._arguments()):
            digest.update(f"\0{word}".encode())
        return digest.hexdigest()
