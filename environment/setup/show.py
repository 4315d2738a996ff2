# SPDX-License-Identifier: Apache-2.0
"""Executes notebooks through the real kernel and shows their last table as text."""
import html.parser
import json
import os
import subprocess
import time
from pathlib import Path

import machine
from places import ENVIRONMENT, PROJECT, PYTHON, child_environment, short
from report import Trouble

EXECUTE = PROJECT / "environment" / "setup" / "inside" / "execute.py"


def execute(notebook, copy, scale=None, extra=None, options=()):
    """Executes a notebook into a copy, one line per cell; returns the seconds it took."""
    environment = {**child_environment(machine.java().home), **(extra or {})}
    if scale:
        environment["LAMELLA_SCALE"] = scale
    start = time.monotonic()
    command = [PYTHON, EXECUTE, notebook, copy, *options]
    code = subprocess.run([str(part) for part in command], cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL).returncode
    if code != 0:
        raise Trouble(f"{short(notebook)} did not run to its end; what it did is in {short(copy)}", "environment/start --check tells what is missing")
    return time.monotonic() - start


def first_notebook(notebook):
    """Executes the first notebook at a scale of its own (quick unless LAMELLA_SCALE says more) and prints its last table."""
    scale = os.environ.get("LAMELLA_SCALE") or "quick"
    print(f"\n{short(notebook)} at LAMELLA_SCALE={scale}, through the kernel:", flush=True)
    copy = ENVIRONMENT / "notebooks" / Path(notebook).name
    seconds = execute(notebook, copy, scale)
    table = last_table(copy)
    print(f"    {seconds:.1f} s; executed copy: {short(copy)}\n")
    if table:
        print(table + "\n")


def last_table(notebook):
    """The last table among a notebook's outputs, as text; empty if there is none."""
    cells = json.loads(Path(notebook).read_text("utf-8"))["cells"]
    pages = ["".join(output.get("data", {}).get("text/html", "")) for cell in cells for output in cell.get("outputs", [])]
    tables = [page for page in pages if "<table" in page]
    if not tables:
        return ""
    reader = TableReader()
    reader.feed(tables[-1])
    return aligned(reader.rows)


def aligned(rows):
    """Rows of texts as columns; what looks like a number stands to the right."""
    rows = [row for row in rows if row]
    columns = max((len(row) for row in rows), default=0)
    full = [row for row in rows if len(row) == columns]
    widths = [max(len(row[column]) for row in full) for column in range(columns)]

    def line(row):
        cells = [text.rjust(width) if text[:1] in "-−–0123456789" else text.ljust(width) for text, width in zip(row, widths)]
        return "  " + "  ".join(cells).rstrip()

    return "\n".join(line(row) for row in full)


class TableReader(html.parser.HTMLParser):
    """Collects the cells of the last table of a page."""

    def __init__(self):
        super().__init__()
        self.rows = []
        self.inside = False

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.rows = []
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self.inside = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1] += " ".join(data.split())
