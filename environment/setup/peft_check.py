# SPDX-License-Identifier: Apache-2.0
"""environment/peft-check: lets an installed PEFT load adapters that Lamella writes, and compares what both answer."""
import argparse
import json
import os
import random
import subprocess
import tempfile
from pathlib import Path

import machine
from library import Library, class_path
from parts import make
from peer import bench_peer
from places import PROJECT, TARGET, child_environment, short
from report import run

SOURCES = [
    PROJECT / "src" / "test" / "java" / "org" / "lamella" / f"{name}.java"
    for name in ("lora/PeftCheck", "lora/PeftCase", "lora/PeftBase", "lora/Dice", "model/PaddedBatch")
]
CLASSES = TARGET / "peft-check" / "classes"
GOLDEN = PROJECT / "src" / "test" / "resources" / "golden"
CHECK = PROJECT / "environment" / "peer" / "check_peft.py"
# what PeftContractTest has too
GOLDEN_SEED, GOLDEN_CASES = 4, 432


def options_of(words):
    parser = argparse.ArgumentParser(prog="environment/peft-check", description=__doc__.split(": ", 1)[1])
    parser.add_argument("--seed", type=int, help="of the adapters; default: another each time, printed")
    parser.add_argument("--cases", type=int, default=216, help="how many adapters; 216 are every variant over every model once (default)")
    parser.add_argument("--golden", action="store_true", help=f"write {short(GOLDEN / 'peft')}: the answers that the tests compare with")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave what was written there; it must not exist")
    options = parser.parse_args(words)
    if options.cases < 1:
        parser.error(f"cases must be at least 1; got {options.cases}")
    if options.keep and options.keep.exists():
        parser.error(f"folder must not exist; got {options.keep}")
    if options.golden:
        options.seed, options.cases = GOLDEN_SEED, GOLDEN_CASES
    elif options.seed is None:
        options.seed = random.SystemRandom().randrange(1_000_000)
    return options


def main(words):
    options = options_of(words)
    environments = bench_peer()
    make([Library(), *environments])
    print(f"\nseed {options.seed}, {options.cases} adapters", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = (options.keep or Path(scratch) / "cases").absolute()
        write(folder, options.seed, options.cases)
        return compare(environments[-1].python, folder, options.golden)


def write(folder, seed, cases):
    """Lets Lamella write the adapters, and what its models answer under them."""
    jdk = machine.java()
    path = os.pathsep.join(str(entry) for entry in [CLASSES, *class_path()])
    CLASSES.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True)
    run([jdk.home / "bin" / f"javac{machine.EXE}", "--release", "17", "-cp", path, "-d", CLASSES, *SOURCES], "peft-check-compile", java_home=jdk.home)
    native = ["--enable-native-access=ALL-UNNAMED"] if jdk.feature >= 22 else []
    command = [jdk.java, *native, "-Dai.djl.pytorch.num_threads=1", "-cp", path, "org.lamella.lora.PeftCheck", GOLDEN, folder, seed, cases]
    run([str(part) for part in command], "peft-check", java_home=jdk.home)


def compare(python, folder, golden):
    """Lets PEFT load and answer; returns 0 where it agrees in everything."""
    place = GOLDEN / "peft"
    command = [python, "-B", CHECK, folder, GOLDEN]
    if golden:
        place.mkdir(exist_ok=True)
        command += ["--answers", place / "answers.safetensors"]
        told = json.loads((folder / "cases.json").read_text("utf-8"))
        lines = [f" {json.dumps(case['name'])}: {json.dumps(case['fingerprint'])}" for case in told]
        (place / "fingerprints.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    environment = {**child_environment(), "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    failed = subprocess.run([str(part) for part in command], cwd=PROJECT, env=environment).returncode
    if golden:
        (place / "answers.safetensors").chmod(0o644)  # safetensors makes it for its owner alone
    return failed
