# SPDX-License-Identifier: Apache-2.0
"""What set-up is made of. A part knows its state without changing anything, and how to mend itself."""
import time
from dataclasses import dataclass

from report import Line, Trouble


@dataclass(frozen=True)
class State:
    """What a part is like now: good or not, in words, and what a person does about it."""

    good: bool
    text: str
    remedy: str = "run environment/start"


class Part:
    """One thing that set-up makes."""

    name = ""

    def state(self):
        """Says what it is like; changes nothing."""
        raise NotImplementedError(self.name)

    def mend(self, line):
        """Makes it good; `line` is told what happens."""
        raise NotImplementedError(self.name)


class Found(Part):
    """A thing the machine brings: nothing that set-up could mend."""

    def __init__(self, name, look):
        self.name = name
        self.look = look

    def state(self):
        try:
            return State(True, self.look())
        except Trouble as trouble:
            return State(False, trouble.what, trouble.remedy)

    def mend(self, line):
        self.look()


def make(parts):
    """Brings each part into order, in turn; stops at the first that cannot be."""
    for part in parts:
        line = Line(part.name)
        try:
            state = part.state()
            if not state.good:
                part.mend(line)
                state = part.state()
            if not state.good:
                raise Trouble(f"{part.name} is not in order after set-up: {state.text}", state.remedy)
            line.end(state.text)
        except BaseException:
            line.drop()
            raise


def check(parts):
    """Prints one line per part with its remedy, changes nothing, and returns how many are not in order."""
    troubled = 0
    for part in parts:
        start = time.monotonic()
        try:
            state = part.state()
        except Trouble as trouble:
            state = State(False, trouble.what, trouble.remedy)
        troubled += not state.good
        mark = "ok     " if state.good else "MISSING"
        remedy = "" if state.good else f" -> {state.remedy}"
        print(f"  {mark} {part.name:<14} {state.text}{remedy}   ({time.monotonic() - start:.1f} s)", flush=True)
    return troubled
