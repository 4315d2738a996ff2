# SPDX-License-Identifier: Apache-2.0
"""Executes one notebook through its kernel and writes the executed copy. Runs in the project's Python environment.

execute.py NOTEBOOK COPY [--clean]      --clean leaves nothing in the copy that differs from one run to the next
"""
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

SECONDS_PER_CELL = 1800


def clean(notebook):
    """Removes times and everything else that a second run would write differently."""
    notebook.metadata = {name: notebook.metadata[name] for name in ("kernelspec", "language_info") if name in notebook.metadata}
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        cell.metadata = {name: value for name, value in cell.metadata.items() if name in ("tags", "jupyter", "collapsed")}
        for output in cell.get("outputs", []):
            output.get("metadata", {}).pop("transient", None)


def main(source, target, *options):
    notebook = nbformat.read(source, as_version=4)
    codes = sum(cell.cell_type == "code" for cell in notebook.cells)
    begun = {}
    done = 0

    def starting(cell, cell_index):
        begun[cell_index] = time.monotonic()

    def executed(cell, cell_index, execute_reply):
        nonlocal done
        done += 1
        seconds = time.monotonic() - begun.get(cell_index, time.monotonic())
        first = next((line for line in cell.source.splitlines() if line.strip() and not line.startswith("//")), "")
        print(f"    cell {done:>2} of {codes}  {seconds:6.1f} s  {first[:90]}", flush=True)

    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        resources={"metadata": {"path": str(Path(source).parent)}},
        on_cell_execute=starting,
        on_cell_executed=executed,
        shutdown_kernel="graceful",
    )
    code = 0
    try:
        client.execute()
    except (CellExecutionError, DeadKernelError, TimeoutError) as error:
        print(f"    cell {done + 1} of {codes} of {Path(source).name} failed:\n{error}", file=sys.stderr, flush=True)
        code = 1
    if "--clean" in options:
        clean(notebook)
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    if code == 0 or Path(source) != Path(target):
        nbformat.write(notebook, target)
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
