#!/usr/bin/python3
"""`crucible eval` and `crucible verify` on a stored result."""

import json
import unittest

import numpy as np

from cli_support import Workplace, crucible


class StoredRun(Workplace):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        done = crucible("run", "--config", "small.yaml", folder=cls.folder)
        assert done.returncode == 0, done.stderr

    def test_a_stored_chip_evaluates_to_what_was_stored(self):
        done = crucible("eval", "--run", "runs/small", "--row", "ascent", "--config", "small.yaml", "--json", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        stored = json.loads((self.folder / "runs/small/result.json").read_text())["rows"][2]["model"]
        self.assertEqual(json.loads(done.stdout)["model"]["correct"], stored["correct"])

    def test_verify_holds_the_folder_against_a_device(self):
        done = crucible("verify", "--run", "runs/small", "--address", "model", "--data", "mnist", "--json", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([row["row"] for row in json.loads(done.stdout)["rows"]],
                         ["clean", "vertex", "ascent", "ascent-transparent", "ascent-base"])

    def test_verify_names_what_was_changed(self):
        crucible("run", "--config", "small.yaml", "--out", "spoilt", folder=self.folder)
        file = self.folder / "spoilt/small/rows/vertex/logits.npy"
        logits = np.load(file)
        logits[3, 4] += 1
        np.save(file, logits)
        self.expect_error(6, r"image 3, class 4: ", "verify", "--run", "spoilt/small", "--row", "vertex", "--address", "model",
                          "--data", "mnist")
        file = self.folder / "spoilt/small/cells/levels_fc1.npy"
        levels = np.load(file)
        levels[0, 0] ^= 1
        np.save(file, levels)
        self.expect_error(6, r"levels_fc1\.npy: element 0 is ", "verify", "--run", "spoilt/small", "--address", "model")

    def test_verify_of_an_unprogrammed_device_names_the_cell(self):
        self.expect_error(6, r"bank 0, row \d+, col", "verify", "--config", "small.yaml")


if __name__ == "__main__":
    unittest.main(verbosity=2)
