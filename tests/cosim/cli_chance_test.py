#!/usr/bin/python3
"""`crucible chance`: its document, its text, bad input, and Ctrl-C."""

import json
import subprocess
import unittest

from cli_support import PROGRAM, Workplace, crucible, interrupt_when_ready

SMALL = ("chance", "--config", "small.yaml", "--bound", "0.1", "--images", "20")


class Chance(Workplace):
    def document(self, *arguments):
        done = crucible(*SMALL, *arguments, "--json", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        document = json.loads(done.stdout)
        for part in ("monte_carlo", "subset_simulation"):
            if part in document:
                document[part].pop("seconds")
        return document

    def test_says_mean_quantiles_and_tail_with_intervals(self):
        document = self.document("--chips", "40", "--subset-simulation", "--chains", "4", "--levels", "1", "--at-most", "0,100")
        self.assertEqual((document["images"], document["image_subset"]), (20, "20 of 60 images: number 0 and every 3 after it"))
        brute = document["monte_carlo"]
        self.assertEqual((brute["chips"], len(brute["images_right"]), brute["first_seed"]), (40, 40, 3))
        self.assertEqual(brute["lowest"], min(brute["images_right"]) / 20)
        self.assertAlmostEqual(brute["mean"], sum(brute["images_right"]) / 40 / 20)
        self.assertLessEqual(brute["mean_interval"][0], brute["mean"])
        half, thousandth = brute["quantiles"][0], brute["quantiles"][3]
        self.assertLessEqual(half["interval"][0], half["accuracy"])
        self.assertEqual((thousandth["accuracy"], thousandth["interval"], thousandth["chips_needed"]), (None, None, 3688))
        self.assertEqual([p["probability"] for p in brute["probabilities"]], [0.0, 1.0])
        split = document["subset_simulation"]
        self.assertEqual(split["levels"][0]["probability"], 1.0)
        self.assertEqual(split["probabilities"][1]["probability"], 1.0)
        self.assertNotEqual(split["first_seed"], brute["first_seed"])

    def test_gives_the_same_on_any_number_of_threads(self):
        more = ("--chips", "8", "--subset-simulation", "--chains", "3", "--quantiles", "0.5,0.05")
        self.assertEqual(self.document(*more, "--threads", "1"), self.document(*more, "--threads", "3"))

    def test_prints_how_many_chips_a_quantile_needs(self):
        done = crucible(*SMALL, "--chips", "10", "--quantiles", "0.001", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"quantile 0\.001 .*not enough chips for an interval: 3688 are needed, 10 were drawn")

    def test_refuses_what_makes_no_sense(self):
        self.expect_error(2, "nothing to do", *SMALL, "--chips", "0")
        self.expect_error(2, "quantile is 1.5", *SMALL, "--chips", "2", "--quantiles", "1.5")
        self.expect_error(2, "--subset-simulation", *SMALL, "--chains", "5")
        self.expect_error(2, "--idle", *SMALL, "--convention", "device")
        self.expect_error(2, "between 0.05 and 1000", *SMALL, "--sigma", "0.01")
        self.expect_error(2, "accuracy 150", *SMALL, "--at-most", "150")

    def test_ctrl_c_keeps_the_chips_so_far(self):
        process = subprocess.Popen([PROGRAM, *SMALL, "--chips", "100000000", "--subset-simulation"], cwd=self.folder, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        interrupt_when_ready(self, process)
        output, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, errors)
        self.assertIn("INTERRUPTED", output)
        self.assertRegex(output, r"Monte Carlo: \d+ chips")


if __name__ == "__main__":
    unittest.main(verbosity=2)
