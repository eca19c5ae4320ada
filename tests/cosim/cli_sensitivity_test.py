#!/usr/bin/python3
"""`crucible sensitivity`: its document, its maps, and what it refuses."""

import json
import struct
import subprocess
import time
import unittest

import numpy as np
from cli_support import PROGRAM, Workplace, crucible

SENSITIVITY = ("sensitivity", "--config", "small.yaml", "--bound", "0.1", "--effort", "0.1")


class Sensitivity(Workplace):
    def test_says_what_each_layer_bank_and_cell_does(self):
        done = crucible(*SENSITIVITY, "--json", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        study = json.loads(done.stdout)
        folder = self.folder / "runs/sensitivity"
        self.assertEqual(study, json.loads((folder / "sensitivity.json").read_text()))
        self.assertEqual([(layer["name"], layer["cells"]) for layer in study["layers"]], [("conv1", [9, 8]), ("fc1", [392, 40])])
        self.assertLess(study["all"]["correct"], study["clean"]["correct"])
        for layer in study["layers"]:
            self.assertEqual(layer["alone"]["images"], 60)
            for where in ("clean", "worst"):
                cells = np.load(folder / f"{layer['name']}_{where}.npy")
                self.assertEqual(list(cells.shape), layer["cells"])
                self.assertAlmostEqual(cells.sum(), layer[where]["sum"], delta=1e-9 * cells.sum())
                self.assertEqual(cells.max(), layer[where]["largest_cell"])
                self.assertAlmostEqual(sum(bank[where] for bank in layer["banks"]), cells.sum(), delta=1e-9 * cells.sum())
                self.assertGreater(cells.sum(), 0)
                png = (folder / f"{layer['name']}_{where}.png").read_bytes()
                self.assertEqual(png[:8], b"\x89PNG\r\n\x1a\n")
                width, height = struct.unpack(">II", png[16:24])
                self.assertEqual((height * cells.shape[1], width % cells.shape[1]), (width * cells.shape[0], 0))
                self.assertGreaterEqual(max(width, height), 512)

    def test_gives_the_same_bytes_on_any_number_of_threads(self):
        for name, threads in (("one", "1"), ("three", "3")):
            done = crucible(*SENSITIVITY, "--name", name, "--threads", threads, folder=self.folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("all layers", done.stdout)
        self.assertEqual(self.files_of("runs/one"), self.files_of("runs/three"))

    def test_killed_and_resumed_gives_the_bytes_of_a_study_never_killed(self):
        command = [*SENSITIVITY[:-1], "0.5"]
        whole = crucible(*command, "--name", "whole", folder=self.folder)
        self.assertEqual(whole.returncode, 0, whole.stderr)
        folder = self.folder / "runs/cut"
        # Killed in the first search, then in one of the next.
        for extra, ready in (((), (folder / "search.checkpoint").exists),
                             (("--resume",), lambda: (folder / "fc1_change.npy").exists() and (folder / "search.checkpoint").exists())):
            process = subprocess.Popen([PROGRAM, *command, "--name", "cut", *extra], cwd=self.folder, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            self.addCleanup(process.kill)
            deadline = time.monotonic() + 60
            while not ready():
                self.assertLess(time.monotonic(), deadline)
                self.assertIsNone(process.poll(), "ended before it could be killed")
            process.kill()
            process.wait(timeout=60)
        self.assertTrue(json.loads((folder / "sensitivity.json").read_text())["interrupted"])
        self.expect_error(2, "--resume", *command, "--name", "cut")
        self.expect_error(6, "seed: the sensitivity has '3', this command has '4'", *command, "--name", "cut", "--resume", "--seed", "4")
        resumed = crucible(*command, "--name", "cut", "--resume", folder=self.folder)
        self.assertEqual(resumed.returncode, 0, resumed.stderr)
        self.assertEqual(resumed.stdout.replace("cut", "whole"), whole.stdout)
        self.assertEqual(self.files_of("runs/whole"), self.files_of("runs/cut"))

    def test_refuses_what_makes_no_sense(self):
        self.expect_error(2, "smallest", "sensitivity", "--config", "small.yaml", "--bound", "1e-9")
        self.expect_error(2, "unknown method", *SENSITIVITY, "--method", "luck")
        self.expect_error(2, "--idle", *SENSITIVITY, "--convention", "device")
        (self.folder / "precious").mkdir()
        (self.folder / "precious/thesis.tex").write_text("x")
        self.expect_error(2, "is no sensitivity", *SENSITIVITY, "--out", ".", "--name", "precious")


if __name__ == "__main__":
    unittest.main(verbosity=2)
