#!/usr/bin/python3
"""`crucible import`: networks from elsewhere."""

import json
import subprocess
import unittest

import numpy as np

from cli_support import Workplace, crucible


class Import(Workplace):
    def test_reports_both_accuracies_and_writes_a_network(self):
        self.assertRegex(self.imported.stdout, r"as it came, in float +\d+\.\d\d %")
        weights = np.load(self.folder / "net/w_fc1.npy")
        self.assertEqual((weights.dtype, weights.shape), (np.int8, (10, 392)))
        self.assertEqual(np.abs(weights).max(), 15)
        original = np.load(self.folder / "float/w_fc1.npy").astype(np.float64)
        scale = np.abs(original).max() / 15
        self.assertLessEqual(np.abs(weights - original / scale).max(), 0.5 + 1e-6)

    def test_takes_its_own_folders_as_they_are(self):
        done = crucible("import", "net", "--out", "net2", "--data", "mnist", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.files_of("net"), self.files_of("net2"))

    def test_says_that_a_mean_with_padding_changes_the_border(self):
        text = (self.folder / "float/network.yaml").read_text()
        changed = self.folder / "shifted"
        subprocess.run(["cp", "-r", self.folder / "float", changed], check=True)
        (changed / "network.yaml").write_text(text.replace("mean: 0.0, std: 1.0", "mean: 0.1307, std: 0.3081"))
        done = crucible("import", "shifted", "--out", "net3", "--data", "mnist", "--json", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(json.loads(done.stdout)["border_approximated"])
        self.assertIn("note: the input mean", done.stderr)

    def test_refuses_weights_of_the_wrong_type_or_shape(self):
        for name, array, pattern in (("double", np.zeros((10, 392)), "expected float32, found float64"),
                                     ("turned", np.zeros((392, 10), np.float32), r"expected shape \(10, 392\), found \(392, 10\)"),
                                     ("zero", np.zeros((10, 392), np.float32), "every weight is zero"),
                                     ("nan", np.full((10, 392), np.nan, np.float32), "not a finite number")):
            subprocess.run(["cp", "-r", self.folder / "float", self.folder / name], check=True)
            np.save(self.folder / name / "w_fc1.npy", array)
            self.expect_error(3, rf"{name}/w_fc1\.npy: .*{pattern}", "import", name, "--out", "x", "--data", "mnist")


if __name__ == "__main__":
    unittest.main(verbosity=2)
