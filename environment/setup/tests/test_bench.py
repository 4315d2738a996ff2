# SPDX-License-Identifier: Apache-2.0
"""What the benchmark's rows start and what its page says of them. Nothing is measured here: environment/bench --quick does."""
import importlib.util
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.dont_write_bytecode = True

import bench_report
from bench_rows import COSTED, MODELS, QUICK, ROWS
from bench_sides import PEER

INPUTS = {"folder": "inputs", "model": "inputs/model", "task": "gsm8k", "tokens": 256, "depth": 30, "half": "01" * 15, "batch": 4}


class Recorder:
    """Stands for Lamella or its peer: a side is what would have been started."""

    def start(self, mode, options, **more):
        return mode, [str(option) for option in options], more


class Nobody:
    """Lamella, of which nothing is started."""

    def start(self, mode, options, **more):
        return None


def peer_options():
    """The Python side's own reading of its words."""
    spec = importlib.util.spec_from_file_location("bench_peft", PEER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.options_of


class RowsTest(unittest.TestCase):
    def test_every_row_has_a_name_of_its_own_a_title_and_a_model(self):
        names = [row.name for row in ROWS]
        self.assertEqual(len(set(names)), len(names))
        self.assertEqual(list(bench_report.TITLES), names)
        self.assertLessEqual({row.model for row in ROWS}, set(MODELS))

    def test_our_side_of_every_row_starts_alone_too_with_settings_of_its_own(self):
        setting = {"MALLOC_ARENA_MAX": "2"}
        for row in ROWS:
            with self.subTest(row.name):
                sides = row.sides(Recorder(), Recorder(), INPUTS)
                self.assertEqual(next(iter(sides)), "lamella")
                mode, options, more = row.ours(Recorder(), INPUTS, extra=setting)
                self.assertEqual((mode, options, {}), sides["lamella"]())
                self.assertEqual(more, {"extra": setting})
                self.assertTrue(all(row.count(side, QUICK) > 0 for side in sides) and row.warm(QUICK) > 0)

    def test_python_understands_what_each_row_tells_it(self):
        understood = peer_options()
        for row in ROWS:
            for name, start in row.sides(Nobody(), Recorder(), INPUTS).items():
                with self.subTest(f"{row.name}, {name}"):
                    self.assertTrue(name in ("lamella", "peft") or name in bench_report.WAYS)
                    made = start()
                    if made:
                        mode, options, _ = made
                        self.assertEqual(understood([mode, "--threads", "2", *options]).mode, mode)

    def test_a_whole_adapter_is_compared_with_one_on_the_lower_half(self):
        row = next(row for row in ROWS if row.name == "dropped")
        kept = {name: start()[1][-1] for name, start in row.sides(Recorder(), Recorder(), INPUTS).items()}
        self.assertEqual(kept, {"lamella": "15", "whole": "30"})

    def test_the_cost_of_a_step_is_measured_where_texts_fill_their_tokens(self):
        self.assertNotIn("llava-step", [row.name for row in COSTED])
        self.assertIn("smollm2", [row.name for row in COSTED])


class PicturesPageTest(unittest.TestCase):
    def results(self, theirs):
        ready = {"libraries_mib": 100.0, "pictures": 64}
        answer = {"wall": [2.0], "cpu": [4.0], "features": [1.0, -2.0], "peak_mib": 400.0}
        row = {
            "ready": {"lamella": ready, "transformers": ready},
            "warm": {},
            "rounds": [{"lamella": answer, "transformers": {**answer, "wall": [4.0], "features": [1.0, theirs]}}],
            "load": [0.1, 0.2],
        }
        return {"rows": {"pictures": row}}

    def test_pictures_a_second_and_the_largest_difference_are_told(self):
        self.assertEqual(
            bench_report.goals(self.results(-2.000005)),
            "- looking at pictures, a random vision tower, wall: 0.5, wanted at most 1: met; 32 pictures a second, transformers 16; largest difference of a state 5.0e-06",
        )
        self.assertEqual(bench_report.disagreements(self.results(-2.000005)), [])

    def test_towers_that_say_something_else_disagree(self):
        self.assertEqual(bench_report.disagreements(self.results(-2.5)), ["states of patches differ by 5.0e-01, more than 1e-05"])

    def test_how_pictures_are_read_is_told_where_there_is_such_a_row(self):
        self.assertIn("**Pictures.**", bench_report.method({"llava-step": {}}))
        self.assertNotIn("**Pictures.**", bench_report.method({"sweep": {}}))


if __name__ == "__main__":
    unittest.main()
