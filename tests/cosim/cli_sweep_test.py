#!/usr/bin/python3
"""`crucible sweep`: its files, bisection, a killed and resumed sweep, and what it refuses."""

import json
import signal
import subprocess
import time
import unittest

from cli_support import PROGRAM, Workplace, crucible

COMMON = ("--config", "small.yaml", "--method", "margin-ascent")
SWEEP = ("sweep", *COMMON)
LITTLE = ("--effort", "0.1")
DEADLINE_S = 60


class Sweep(Workplace):
    def sweep(self, name, *arguments):
        done = crucible(*SWEEP, "--name", name, *arguments, folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def document(self, name):
        return json.loads((self.folder / f"runs/{name}/sweep.json").read_text())

    def test_searches_every_bound_of_the_grid_beside_random_chips_and_the_certificate(self):
        text = self.sweep("grid", "--points", "3", "--from", "0.001", "--to", "0.1", "--chips", "4", "--certify", "10",
                          "--adc", "transparent", *LITTLE)
        sweep = self.document("grid")
        self.assertTrue(sweep["complete"])
        self.assertEqual([point["bound"] for point in sweep["points"]], [0.001, 0.01, 0.1])
        for point in sweep["points"]:
            self.assertEqual(point["images"], 60)
            self.assertEqual(point["accuracy"], point["correct"] / 60)
            self.assertEqual((point["random"]["chips"], point["random"]["images"]), (4, 30))
            certificate = point["certificate"]
            self.assertEqual(certificate["images"], 10)
            self.assertLessEqual(certificate["certified"], certificate["found"])
            self.assertIn(f"{100 * point['accuracy']:.2f} %", text)
        self.assertLess(sweep["points"][2]["correct"], sweep["clean"]["correct"])
        csv = (self.folder / "runs/grid/sweep.csv").read_text().splitlines()
        self.assertEqual([line.split(",")[0] for line in csv], ["bound", "0.001", "0.01", "0.1"])
        self.assertIn(">worst found</text>", (self.folder / "runs/grid/sweep.svg").read_text())

    def test_is_what_single_searches_find(self):
        self.sweep("pair", "--points", "2", "--from", "0.02", "--to", "0.1", *LITTLE)
        for point in self.document("pair")["points"]:
            done = crucible("search", *COMMON, *LITTLE, "--bound", point["bound"], "--json", folder=self.folder)
            row = json.loads(done.stdout)["rows"][1]
            self.assertEqual(row["model"]["correct"], point["correct"], done.stderr)

    def test_brackets_the_bound_that_reaches_an_accuracy(self):
        text = self.sweep("reach", "--reach", "0.5", "--from", "0.001", "--to", "0.16", "--resolution", "0.3",
                          *LITTLE)
        sweep = self.document("reach")
        above, below = sweep["bracket"]["above"], sweep["bracket"]["below"]
        self.assertGreaterEqual(above["accuracy"], 0.5)
        self.assertLess(below["accuracy"], 0.5)
        self.assertLessEqual(below["bound"], 1.3 * above["bound"])
        self.assertIn("the largest bound that stays at or above", text)
        for end in (above, below):
            self.assertIn(end, [{"bound": p["bound"], "accuracy": p["accuracy"]} for p in sweep["points"]])

    def kill_when(self, ready, *arguments):
        """Starts a sweep and kills it, as SIGKILL does, once ready() is true."""
        process = subprocess.Popen([PROGRAM, *arguments], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        deadline = time.monotonic() + DEADLINE_S
        while not ready():
            self.assertLess(time.monotonic(), deadline)
            self.assertIsNone(process.poll(), "ended before it could be killed")
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=DEADLINE_S)

    def test_gives_the_same_bytes_after_a_kill_and_refuses_other_settings(self):
        grid = ("--points", "3", "--from", "0.01", "--to", "0.1", "--chips", "2", "--effort", "1")
        self.sweep("whole", *grid)
        folder = self.folder / "runs/cut"
        command = [*SWEEP, "--name", "cut", *grid]
        # Killed in the first point's search, then in the next one.
        self.kill_when((folder / "search.checkpoint").exists, *command)
        self.assertEqual(self.document("cut")["points"], [])
        self.kill_when(lambda: len(self.document("cut")["points"]) > 0 and (folder / "search.checkpoint").exists(),
                       *command, "--resume")
        self.assertFalse(self.document("cut")["complete"])

        self.expect_error(2, "--resume", *command)
        refused = self.expect_error(6, "made with other settings", *command[:-1], "0.2", "--resume", "--seed", "9")
        self.assertIn("effort: the sweep has '1', this command has '0.2'", refused.stderr)
        self.assertIn("seed: the sweep has '3', this command has '9'", refused.stderr)

        self.sweep("cut", *grid, "--resume")
        whole, cut = self.files_of("runs/whole"), self.files_of("runs/cut")
        self.assertEqual(sorted(cut), ["sweep.csv", "sweep.json", "sweep.svg", "timing.json"])
        for name in ("sweep.json", "sweep.csv", "sweep.svg"):
            self.assertEqual(cut[name], whole[name], name)
        self.assertEqual(list(json.loads(cut["timing.json"])["seconds"]), list(json.loads(whole["timing.json"])["seconds"]))

    def test_refuses_before_it_begins(self):
        refused = self.expect_error(2, r"point 1 of 3, bound 1e-09: .*smallest .* is \|dw\| <= ", *SWEEP, "--from", "1e-9", "--points", "3")
        self.assertNotIn("search 1e-09", refused.stderr)
        self.assertFalse((self.folder / "runs/sweep").exists())
        self.expect_error(2, "below the last", *SWEEP, "--from", "0.1", "--to", "0.01")
        self.expect_error(2, "--points", *SWEEP, "--points", "3", "--reach", "0.5")
        self.expect_error(2, "--resolution", *SWEEP, "--resolution", "0.1")
        self.expect_error(2, "--idle", *SWEEP, "--convention", "device")
        self.expect_error(2, "unknown method", "sweep", "--config", "small.yaml", "--method", "luck")
        self.expect_error(2, "no .*sweep.json to resume", *SWEEP, "--resume", "--name", "nothing")
        (self.folder / "precious").mkdir()
        (self.folder / "precious/thesis.tex").write_text("x")
        self.expect_error(2, "is no sweep", *SWEEP, "--out", ".", "--name", "precious")

    def test_refuses_a_damaged_sweep(self):
        (self.folder / "runs/torn").mkdir(parents=True)
        (self.folder / "runs/torn/sweep.json").write_text('{"schema": "crucible.sweep/1", "settings"')
        self.expect_error(3, "not a whole sweep", *SWEEP, "--name", "torn", "--resume")


if __name__ == "__main__":
    unittest.main(verbosity=2)
