# SPDX-License-Identifier: Apache-2.0
"""Runs all tests on further JDKs, after Maven has run them on its own."""
import os
import re
import subprocess
import time
from pathlib import Path

from machine import Jdk, jdk_at
from places import PROJECT, PYTHON, TARGET, child_environment, short
from report import Trouble

DEFAULT = "17,25"
NONE = "none"
FOLDERS = (
    "/usr/lib/jvm/*",
    "~/.sdkman/candidates/java/*",
    "~/.jdks/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "C:/Program Files/Java/*",
    "C:/Program Files/Eclipse Adoptium/*",
)
GROUPS = (("Test", "unit tests"), ("IT", "golden, real-model, kernel and notebook tests"))
COUNT = re.compile(r"\[\s*(\d+) (tests|containers) (successful|failed|skipped|aborted)\s*\]")


def installed():
    """Every JDK that can be found on this machine, newest first."""
    homes = [Path(value) for name, value in os.environ.items() if re.fullmatch(r"JAVA_HOME(_\d+_\w+)?", name)]
    for pattern in FOLDERS:
        base, _, rest = pattern.partition("*")
        folder = Path(base).expanduser()
        homes += [Path(f"{path}{rest}") for path in sorted(folder.iterdir())] if folder.is_dir() else []
    found = {home.resolve(): jdk_at(home.resolve()) for home in homes}
    return sorted((jdk for jdk in found.values() if jdk), key=lambda jdk: (-jdk.feature, str(jdk.home)))


def named(word):
    """The JDK that a word of LAMELLA_JDKS means: a version number or a folder. None where there is none."""
    if not word.isdigit():
        return jdk_at(Path(word).expanduser().absolute())
    return next((jdk for jdk in installed() if jdk.feature == int(word) and not jdk.complaint()), None)


def test_on_others(words, maven_home, class_path, options):
    """Tests on each JDK of a list but Maven's own; returns 1 if a test failed. Says what was skipped and why."""
    own = jdk_at(Path(maven_home))
    failed = False
    for word in [part for part in re.split(f"[,{re.escape(os.pathsep)}]", words) if part not in ("", NONE)]:
        jdk = named(word)
        why = skip_reason(word, jdk, own)
        if why:
            print(f"JDK {word}: skipped, {why}", flush=True)
        else:
            failed |= test_on(jdk, class_path, options)
    return 1 if failed else 0


def skip_reason(word, jdk: Jdk | None, own: Jdk):
    if jdk is None:
        return "it is not installed" if word.isdigit() else f"{word} is not the folder of a JDK"
    if own and (jdk.home.resolve() == own.home.resolve() or jdk.version == own.version):
        return f"Maven itself runs on {own.version} and has just tested it"
    return jdk.complaint()


def test_on(jdk, class_path, options):
    """Both groups of tests on one JDK; prints the counts and, where tests failed, how."""
    print(f"JDK {jdk.feature} ({jdk.version} in {jdk.home}):", flush=True)
    total = {"successful": 0, "failed": 0, "skipped": 0, "aborted": 0}
    ended = True
    for suffix, what in GROUPS:
        start = time.monotonic()
        log = TARGET / f"jdk{jdk.feature}" / f"{suffix.lower()}.txt"
        code = launch(jdk, class_path, options, suffix, log)
        text = log.read_text("utf-8", "replace")
        counts = COUNT.findall(text)
        for count, kind, state in counts:
            if kind == "tests" or state == "failed":
                total[state] += int(count)
        ended &= bool(counts) and code in (0, 1)
        print(f"  {what}: {time.monotonic() - start:.0f} s, {short(log)}", flush=True)
        if code != 0:
            at = text.find("\nFailures (")
            print(text[at:][:20000] if at >= 0 else text[-4000:], flush=True)
    if not ended:
        total["failed"] += 1
        print(f"  the JVM of JDK {jdk.feature} ended before its tests did")
    print(f"{total['successful']} passed, {total['failed']} failed, {total['skipped'] + total['aborted']} skipped", flush=True)
    return total["failed"] > 0


def launch(jdk, class_path, options, suffix, log):
    """Runs one group of tests with JUnit's console launcher."""
    log.parent.mkdir(parents=True, exist_ok=True)
    arguments = log.with_suffix(".arguments")
    path = os.pathsep.join([str(TARGET / "test-classes"), str(TARGET / "classes"), Path(class_path).read_text().strip()])
    arguments.write_text('-cp "' + path.replace("\\", "\\\\") + '"\n')
    command = [jdk.java, *options, f"@{arguments}", "org.junit.platform.console.ConsoleLauncher", "execute"]
    command += ["--scan-classpath", TARGET / "test-classes", "--include-classname", f"^.*{suffix}$", "--details=tree"]
    command += ["--disable-banner", "--disable-ansi-colors", "--reports-dir", log.parent / f"{suffix.lower()}-reports"]
    environment = {**child_environment(jdk.home), "LAMELLA_PYTHON": str(PYTHON)}
    with log.open("wb") as output:
        told = subprocess.run([str(part) for part in command], cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    if told.returncode not in (0, 1):
        print(f"  java ended with {told.returncode}")
    return told.returncode
