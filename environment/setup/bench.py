# SPDX-License-Identifier: Apache-2.0
"""environment/bench: measures Lamella against Python. What it is given it hands on to src/test/bench/compare.py."""
import os
import subprocess

import machine
from everything import everything
from library import Library, class_path
from parts import make
from peer import bench_peer
from places import PROJECT, child_environment
from report import Trouble

COMPARE = PROJECT / "src" / "test" / "bench" / "compare.py"


def main(words):
    """Sets up both sides and runs the comparison with the peer's Python; JAVA and CLASSPATH tell it how to start ours."""
    if not COMPARE.exists():
        raise Trouble(f"{COMPARE.relative_to(PROJECT)} is missing")
    environments = bench_peer()
    if words not in (["-h"], ["--help"]):
        make([*everything(Library()), *environments])
    jdk = machine.java()
    environment = {
        **child_environment(jdk.home),
        "JAVA": str(jdk.java),
        "CLASSPATH": os.pathsep.join(str(entry) for entry in class_path()),
    }
    return subprocess.run([str(environments[-1].python), "-B", str(COMPARE), *words], cwd=PROJECT, env=environment).returncode
