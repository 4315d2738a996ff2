# SPDX-License-Identifier: Apache-2.0
"""What a person sees while set-up works: one line per part, with seconds; and trouble in one sentence with its remedy."""
import subprocess
import sys
import threading
import time

from places import LOGS, PROJECT, child_environment, short


class Trouble(Exception):
    """Something a person has to mend: what is wrong, and what to do about it."""

    def __init__(self, what, remedy=""):
        super().__init__(f"{what}\n  -> {remedy}" if remedy else what)
        self.what = what
        self.remedy = remedy


class Line:
    """One line of the report; counts its seconds in place on a terminal."""

    def __init__(self, name):
        self.name = name
        self.doing = ""
        self.start = time.monotonic()
        self.done = threading.Event()
        self.live = sys.stdout.isatty()
        self.ticker = threading.Thread(target=self._tick, daemon=True)
        if self.live:
            self.ticker.start()

    def say(self, doing):
        """Says what is being done now."""
        self.doing = doing
        if not self.live:
            print(f"  {self.name:<14} {doing} ...", flush=True)

    def end(self, text):
        """Says what came of it."""
        self._stop()
        print(f"{self._back()}  {self.name:<14} {text:<72} {time.monotonic() - self.start:6.1f} s", flush=True)

    def drop(self):
        """Ends without a word, before an error is told."""
        self._stop()
        if self.live:
            print(self._back(), end="", flush=True)

    def _tick(self):
        while not self.done.wait(0.5):
            if self.doing:
                seconds = time.monotonic() - self.start
                print(f"{self._back()}  {self.name:<14} {self.doing[:80]} ... {seconds:.0f} s", end="", flush=True)

    def _stop(self):
        self.done.set()
        if self.live:
            self.ticker.join()

    def _back(self):
        return "\r\033[K" if self.live else ""


def run(command, log, remedy="", java_home=None, extra=None):
    """Runs a program, its output kept in .environment/logs; a failure shows the end of that output."""
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / f"{log}.txt"
    with path.open("wb") as output:
        code = subprocess.run(
            [str(part) for part in command],
            cwd=PROJECT,
            env={**child_environment(java_home), **(extra or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ).returncode
    text = path.read_text("utf-8", "replace")
    if code != 0:
        end = "\n".join("    " + line for line in text.rstrip().splitlines()[-25:])
        raise Trouble(f"{command[0]} ended with {code}; its last lines (all of them: {short(path)}):\n{end}", remedy)
    return text
