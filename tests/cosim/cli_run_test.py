#!/usr/bin/python3
"""`crucible run` on the in-process device: the table, the result folder, and what can be recomputed from it."""

import json
import subprocess
import sys
import unittest

import numpy as np

from cli_support import ROOT, Workplace, crucible


class SmallRun(Workplace):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_done = crucible("run", "--config", "small.yaml", folder=cls.folder)
        assert cls.run_done.returncode == 0, cls.run_done.stderr

    def test_prints_a_table_with_every_row(self):
        for row in ("clean", "monte-carlo", "vertex", "ascent", "ascent-transparent", "ascent-base"):
            self.assertIn(f"  {row}", self.run_done.stdout)
        self.assertIn("rms(w) / w_max", self.run_done.stdout)

    def test_brackets_the_worst_chip_of_every_row(self):
        rows = json.loads((self.folder / "runs/small/result.json").read_text())["rows"]
        self.assertNotIn("bracket", rows[0])
        for row in rows[1:]:
            bracket = row["bracket"]
            self.assertEqual(bracket["images"], 60)
            self.assertLessEqual(bracket["certified"], bracket["found"])
            self.assertLessEqual(bracket["found"], bracket["clean"])
            line = f"certified {100 * bracket['certified'] / 60:.2f} % <= worst <= found {100 * bracket['found'] / 60:.2f} % <= clean "
            self.assertRegex(self.run_done.stdout, rf"  {row['name']} +{line}")
            self.assertIn(line, (self.folder / "runs/small/table.md").read_text())

    def test_says_from_where_its_data_came(self):
        self.assertIn("data: mnist (", self.run_done.stderr)

    def test_repeats_to_the_same_bytes_whatever_the_threads(self):
        again = crucible("run", "--config", "small.yaml", "--threads", 1, "--out", "again", folder=self.folder)
        self.assertEqual(again.returncode, 0, again.stderr)
        first, second = self.files_of("runs/small"), self.files_of("again/small")
        self.assertEqual(set(first), set(second))
        first["config.yaml"] = first["config.yaml"].replace(b"threads: 2", b"threads: 1")
        for name in first:
            if name != "timing.json":
                self.assertEqual(first[name], second[name], name)

    def test_holds_everything_to_repeat_and_recompute_it(self):
        files = self.files_of("runs/small")
        for name in ("result.json", "timing.json", "config.yaml", "table.md", "convergence.csv", "convergence.svg",
                     "network/network.yaml", "network/w_fc1.npy", "cells/levels_conv1.npy", "rows/ascent/offsets_fc1.npy",
                     "rows/ascent/bias_fc1.npy", "rows/ascent/logits.npy", "rows/clean/predicted.npy"):
            self.assertIn(name, files)
        result = json.loads(files["result.json"])
        self.assertEqual([row["name"] for row in result["rows"]],
                         ["clean", "vertex", "ascent", "ascent-transparent", "ascent-base"])
        self.assertEqual(result["rows"][2]["hardware"]["images"], 20)
        self.assertEqual(result["rows"][3]["same_search_as"], "ascent")
        self.assertGreater(result["rows"][0]["model"]["accuracy"], 0.5)
        self.assertEqual(list(self.folder.glob("runs/*.part-*")), [], "nothing half-written stays")

    def test_offsets_stay_within_the_bound(self):
        result = json.loads((self.folder / "runs/small/result.json").read_text())
        for row in result["rows"]:
            for layer in row["layers"]:
                offsets = np.load(self.folder / f"runs/small/rows/{row['name']}/offsets_{layer['name']}.npy")
                self.assertLessEqual(np.abs(offsets.astype(int)).max(), layer["largest_offset"])

    def test_thirty_lines_of_numpy_recompute_every_row(self):
        for row in ("clean", "vertex", "ascent", "ascent-transparent", "ascent-base"):
            done = subprocess.run([sys.executable, ROOT / "scripts/recompute.py", "runs/small", row,
                                   "mnist/t10k-images-idx3-ubyte.gz", "mnist/t10k-labels-idx1-ubyte.gz"],
                                  cwd=self.folder, text=True, capture_output=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            stored = next(r for r in json.loads((self.folder / "runs/small/result.json").read_text())["rows"] if r["name"] == row)
            self.assertIn(f"{row}: {stored['model']['correct']} of 60 correct", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
