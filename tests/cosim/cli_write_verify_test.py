#!/usr/bin/python3
"""`crucible write-verify`: its table and files, the same bytes on any number of threads and resumed, and what it refuses."""

import json
import unittest

from cli_support import Workplace, crucible

COMMON = ("write-verify", "--config", "small.yaml", "--base", "32", "--effort", "0.1", "--chips", "2", "--images", "30")


class WriteVerify(Workplace):
    def study(self, name, *arguments):
        done = crucible(*COMMON, "--name", name, *arguments, folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def document(self, name):
        return json.loads((self.folder / f"runs/{name}/write-verify.json").read_text())

    def test_gives_pulses_bound_and_worst_case_of_every_tolerance(self):
        text = self.study("table", "--tolerance", "0.2,0.02", "--method", "margin-ascent", "--certify", "10", "--adc", "transparent")
        study = self.document("table")
        self.assertTrue(study["complete"])
        wide, narrow = study["rows"]
        self.assertEqual((wide["tolerance"], narrow["tolerance"]), (0.2, 0.02))
        self.assertLess(wide["pulses"]["mean"], narrow["pulses"]["mean"])
        self.assertLessEqual(wide["worst"]["found"], narrow["worst"]["found"])
        for row in study["rows"]:
            # 18 + 3,920 weights of four cells, two chips; nothing is left behind, so the tolerance is the bound.
            self.assertEqual(row["cells"], 2 * 4 * (18 + 3920))
            self.assertEqual((row["not_converged"], row["cut"]), (0, 0))
            self.assertLessEqual(row["largest_deviation"], row["tolerance"])
            self.assertLessEqual(row["lowest"], row["mean"])
            worst = row["worst"]
            self.assertLessEqual(worst["floor"]["certified"], worst["floor"]["found"])
            self.assertLessEqual(worst["found"], worst["clean"])
        self.assertIn((self.folder / "runs/table/write-verify.md").read_text(), text)

    def test_counts_cells_that_are_given_up(self):
        self.study("given-up", "--tolerance", "0.02", "--method", "none", "--most-pulses", "2")
        row = self.document("given-up")["rows"][0]
        self.assertGreater(row["not_converged"], 0)
        self.assertGreater(row["cut"], 0)
        self.assertEqual(row["pulses"]["most"], 2)
        self.assertGreater(row["largest_deviation"], 0.5)

    def test_gives_the_same_bytes_on_any_number_of_threads_and_refuses_other_settings(self):
        arguments = ("--tolerance", "0.1,0.05", "--method", "random-vertex")
        self.study("one", *arguments, "--threads", "1")
        self.study("three", *arguments, "--threads", "3")
        for name in ("write-verify.json", "write-verify.md"):
            self.assertEqual(self.files_of("runs/one")[name], self.files_of("runs/three")[name], name)
        before = self.files_of("runs/one")
        self.study("one", *arguments, "--resume")
        self.assertEqual(self.files_of("runs/one")["write-verify.json"], before["write-verify.json"])
        refused = self.expect_error(6, "made with other settings", *COMMON, *arguments, "--name", "one", "--resume",
                                    "--pulse", "0.2")
        self.assertIn("pulse: the write-verify has '0.1', this command has '0.2'", refused.stderr)

    def test_refuses_before_it_begins(self):
        self.expect_error(2, "tolerance is 3", *COMMON, "--tolerance", "3")
        self.expect_error(2, "tolerance 0.9: .*largest", *COMMON, "--tolerance", "0.9")
        self.expect_error(2, "pulse is 5", *COMMON, "--pulse", "5")
        self.expect_error(2, "unknown method", *COMMON, "--method", "luck")
        self.assertFalse((self.folder / "runs/write-verify").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
