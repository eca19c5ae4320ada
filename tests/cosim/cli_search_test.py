#!/usr/bin/python3
"""`crucible search`: one method, its result folder, and Ctrl-C."""

import json
import subprocess
import unittest

from cli_support import PROGRAM, Workplace, crucible, interrupt_when_ready


class Search(Workplace):
    def test_search_by_monte_carlo_draws_the_chips_that_were_asked_for(self):
        done = crucible("search", "--method", "monte-carlo", "--chips", "3", "--images", "40", "--config", "small.yaml",
                        "--name", "chance", "--json", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        chance = json.loads(done.stdout)["monte_carlo"]
        self.assertEqual((chance["chips"], chance["images"], len(chance["accuracy"])), (3, 40, 3))
        self.assertEqual(chance["lowest"], min(chance["accuracy"]))
        again = crucible("run", "--config", "runs/chance/config.yaml", "--out", "again", "--json", folder=self.folder)
        self.assertEqual(json.loads(again.stdout)["monte_carlo"]["accuracy"], chance["accuracy"], again.stderr)
        self.expect_error(2, "belong to monte-carlo", "search", "--method", "weight-pgd", "--chips", "3", "--config", "small.yaml")

    def test_search_writes_one_json_document_and_nothing_else(self):
        done = crucible("search", "--config", "small.yaml", "--method", "random-vertex", "--json", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        document = json.loads(done.stdout)
        self.assertEqual(document["rows"][1]["bound"]["convention"], "weight")
        self.assertTrue((self.folder / "runs/search-random-vertex/result.json").exists())

    def test_ctrl_c_keeps_the_result_so_far(self):
        process = subprocess.Popen([PROGRAM, "search", "--config", "small.yaml", "--method", "margin-ascent", "--effort", "100",
                                    "--name", "cut"], cwd=self.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        interrupt_when_ready(self, process)
        output, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, errors)
        self.assertIn("INTERRUPTED", output)
        self.assertTrue(json.loads((self.folder / "runs/cut/result.json").read_text())["interrupted"])

    def start_killed_search(self, name):
        """A search killed as soon as its checkpoint is there."""
        checkpoint = self.folder / f"runs/{name}.checkpoint"
        process = subprocess.Popen([PROGRAM, "search", "--config", "small.yaml", "--effort", "0.3", "--name", name], cwd=self.folder, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        while not checkpoint.exists():
            self.assertIsNone(process.poll(), "the search ended before it could be killed")
        process.kill()
        process.wait()
        self.assertTrue(checkpoint.exists())

    def test_killed_and_resumed_gives_the_bytes_of_a_search_never_killed(self):
        whole = crucible("search", "--config", "small.yaml", "--effort", "0.3", "--name", "one", "--out", "whole", folder=self.folder)
        self.assertEqual(whole.returncode, 0, whole.stderr)
        self.start_killed_search("one")
        self.expect_error(2, "left from a search that did not end; go on with --resume", "search", "--config", "small.yaml",
                          "--effort", "0.3", "--name", "one")
        self.expect_error(6, "seed: the checkpoint has '3', this run has '4'", "search", "--config", "small.yaml", "--effort", "0.3",
                          "--name", "one", "--seed", 4, "--resume")
        resumed = crucible("search", "--config", "small.yaml", "--effort", "0.3", "--name", "one", "--resume", folder=self.folder)
        self.assertEqual(resumed.returncode, 0, resumed.stderr)
        expected, found = self.files_of("whole/one"), self.files_of("runs/one")
        expected.pop("timing.json"), found.pop("timing.json")
        self.assertEqual(expected, found)
        self.assertFalse((self.folder / "runs/one.checkpoint").exists())

    def bracket_of(self, *arguments):
        done = crucible("search", "--config", "small.yaml", "--method", "margin-ascent", "--effort", "0.1", *arguments, "--json",
                        folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["rows"][1].get("bracket")

    def test_every_result_stands_between_its_floor_and_the_clean_accuracy(self):
        for arguments in (("--bound", "0.1"), ("--bound", "0.001", "--adc", "transparent", "--tight"),
                          ("--bound", "0.1", "--space", "device"), ("--slice-bounds", "0.3,0.02", "--idle", "drifts")):
            with self.subTest(arguments=arguments):
                bracket = self.bracket_of(*arguments)
                self.assertEqual((bracket["images"], bracket["tight"]), (60, "--tight" in arguments))
                self.assertLessEqual(bracket["certified"], bracket["found"])
                self.assertLessEqual(bracket["found"], bracket["clean"])
        self.assertTrue(self.bracket_of("--bound", "1e-5")["trivial"])
        self.assertIsNone(self.bracket_of("--bound", "0.1", "--bracket", "0"))
        self.expect_error(2, r"bracket: 61 images asked for, but rows are evaluated on 60", "search", "--config", "small.yaml", "--bracket", "61")

    def test_a_search_in_the_loop_prints_its_bracket(self):
        done = crucible("search", "--config", "small.yaml", "--method", "spsa", "--images", "30", "--effort", "0.05", "--hidden-adc", "1",
                        "--bound", "0.05", "--json", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual((found["bracket"]["images"], found["bracket"]["clean"]), (30, found["clean_correct"]))
        self.assertLessEqual(found["bracket"]["certified"], found["bracket"]["found"])
        self.assertLessEqual(found["bracket"]["found"], found["bracket"]["clean"])

    def test_resume_without_a_checkpoint_is_refused(self):
        self.expect_error(2, "no checkpoint .*never.checkpoint to resume", "search", "--config", "small.yaml", "--name", "never", "--resume")

    def test_a_stop_by_the_clock_is_recorded_as_one(self):
        done = crucible("search", "--config", "small.yaml", "--name", "short", "--seconds", "0.001", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("STOPPED BY THE CLOCK", done.stdout)
        document = json.loads((self.folder / "runs/short/result.json").read_text())
        self.assertEqual(document["rows"][1]["stopped_by"], "clock")

    def test_parts_of_a_climb_are_chosen_by_name(self):
        done = crucible("search", "--config", "small.yaml", "--method", "climb", "--loss", "logit-ratio", "--optimiser", "auto-pgd",
                        "--start", "vertex", "--effort", "0.2", "--name", "climb", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.expect_error(2, "unknown loss 'hinge'; known are clamped-margin", "search", "--method", "climb", "--loss", "hinge")
        self.expect_error(2, "belong to --method climb", "search", "--loss", "collapse")
        self.expect_error(2, "belong to --method climb; leave them out with spsa", "search", "--method", "spsa", "--restarts", "3")
        self.expect_error(2, "spsa is none of those", "search", "--method", "spsa", "--space", "device")

    def test_leaves_a_folder_alone_that_is_no_result(self):
        (self.folder / "precious/small").mkdir(parents=True)
        (self.folder / "precious/small/thesis.tex").write_text("x")
        self.expect_error(2, "is no result folder", "search", "--config", "small.yaml", "--name", "small", "--out", "precious",
                          "--method", "random-vertex")
        self.assertEqual((self.folder / "precious/small/thesis.tex").read_text(), "x")


if __name__ == "__main__":
    unittest.main(verbosity=2)
