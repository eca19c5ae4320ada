#!/usr/bin/python3
"""`crucible certify`: layers, subsets, the largest bound, and what it refuses."""

import json
import unittest

from cli_support import Workplace, crucible


class Certify(Workplace):
    def certify(self, *arguments):
        done = crucible("certify", "--config", "small.yaml", "--images", "30", *arguments, "--json", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_certifies_every_layer_alone_and_all_together(self):
        document = self.certify("--bound", "1e-4", "--adc", "transparent")
        rows = document["certified"]
        self.assertEqual([row["layers"] for row in rows][-1], "all")
        self.assertEqual(document["images"], 30)
        self.assertEqual(document["bound"]["convention"], "weight")
        for row in rows:
            self.assertLessEqual(rows[-1]["certified"], row["certified"])

    def test_takes_a_subset_of_the_layers_by_name(self):
        names = [row["layers"] for row in self.certify("--bound", "1e-4", "--adc", "transparent")["certified"]][:-1]
        subset = ",".join(names[-2:])
        rows = self.certify("--bound", "1e-4", "--adc", "transparent", "--layers", subset)["certified"]
        self.assertEqual([row["layers"] for row in rows], [*names[-2:], subset])
        self.expect_error(2, names[0], "certify", "--config", "small.yaml", "--layers", "nothing")

    def test_says_where_the_dead_zone_makes_certificates_trivial(self):
        document = self.certify("--bound", "1e-5", "--adc", "calibrated", "--base", "0")
        self.assertEqual(len(document["dead_zone"]), len(document["steps"]))
        if document["trivial"]:
            self.assertEqual(len({row["certified"] for row in document["certified"]}), 1)

    def test_finds_the_largest_bound_above_a_share(self):
        clean = self.certify("--bound", "1e-5", "--adc", "transparent")["certified"][-1]["certified_accuracy"]
        largest = self.certify("--bound", "1e-4", "--adc", "transparent", "--largest", str(clean / 2))["largest"]
        self.assertGreater(largest["certified_accuracy"], clean / 2)
        beyond = self.certify("--bound", str(1.05 * largest["bound"]), "--adc", "transparent")["certified"][-1]
        self.assertLessEqual(beyond["certified_accuracy"], clean / 2)

    def test_refuses_what_the_grid_or_the_convention_cannot_hold(self):
        self.expect_error(2, "too small for layer", "certify", "--config", "small.yaml", "--bound", "1e-7")
        self.expect_error(2, "--idle", "certify", "--config", "small.yaml", "--convention", "device")


if __name__ == "__main__":
    unittest.main(verbosity=2)
