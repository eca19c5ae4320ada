#!/usr/bin/python3
"""`crucible compare`: its table and files, the same bytes however it is run, and what it refuses."""

import json
import shutil
import signal
import subprocess
import time
import unittest

from cli_support import PROGRAM, Workplace, crucible

COMMON = ("--config", "small.yaml", "--method", "margin-ascent", "--effort", "0.1", "--adc", "transparent")
CHIPS = ("--chips", "40", "--chip-images", "30", "--chains", "4", "--certify", "20")
DEADLINE_S = 60


class Compare(Workplace):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        shutil.copytree(cls.folder / "net", cls.folder / "other")
        described = (cls.folder / "other/network.yaml").read_text()
        (cls.folder / "other/network.yaml").write_text(described.replace("name: bars", "name: bars-again", 1))

    def compare(self, name, *arguments):
        done = crucible("compare", *arguments, *COMMON, "--name", name, folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def document(self, name):
        return json.loads((self.folder / f"runs/{name}/compare.json").read_text())

    def test_has_a_row_for_each_network_and_bound_with_all_columns_in_order(self):
        text = self.compare("table", "net", "other", "--bound", "0.001,0.1", *CHIPS)
        table = self.document("table")
        self.assertTrue(table["complete"])
        self.assertEqual([(row["bound"], row["network"]) for row in table["rows"]],
                         [(0.001, "bars"), (0.001, "bars-again"), (0.1, "bars"), (0.1, "bars-again")])
        for row in table["rows"]:
            worst, random = row["worst"], row["random"]
            floor = worst["floor"]
            self.assertEqual(worst["images"], 60)
            self.assertLessEqual(worst["found"], worst["clean"])
            self.assertLessEqual(floor["certified"], floor["found"])
            self.assertLessEqual(floor["found"], floor["images"])
            self.assertEqual((random["chips"], random["images"]), (40, 30))
            self.assertLessEqual(random["mean_interval"][0], random["mean"])
            self.assertEqual([(q["q"], q["by"]) for q in random["quantiles"]],
                             [(0.5, "chips"), (0.1, "chips"), (0.01, "subset-simulation"),
                              (0.001, "subset-simulation"), (0.0001, "subset-simulation")])
            known = [q["accuracy"] for q in random["quantiles"] if q["accuracy"] is not None]
            self.assertGreaterEqual(len(known), 2)
        # The same network under two names: the same figures.
        for first, second in ((0, 1), (2, 3)):
            same = dict(table["rows"][first], network="bars-again")
            self.assertEqual(same, table["rows"][second])
        self.assertLess(table["rows"][2]["worst"]["found"], table["rows"][0]["worst"]["found"])
        self.assertIn("| bars-again |", text)
        self.assertIn((self.folder / "runs/table/compare.md").read_text(), text)

    def test_finds_what_a_single_search_finds(self):
        self.compare("single", "net", "--bound", "0.05", "--chips", "0", "--certify", "0")
        done = crucible("search", *COMMON, "--bound", "0.05", "--json", folder=self.folder)
        row = json.loads(done.stdout)["rows"][1]
        self.assertEqual(self.document("single")["rows"][0]["worst"]["found"], row["model"]["correct"], done.stderr)

    def test_gives_the_same_bytes_after_a_kill_and_on_another_number_of_threads(self):
        rows = ("net", "other", "--bound", "0.03,0.05", "--chips", "8", "--chip-images", "40", "--chains", "0", "--certify", "5")
        self.compare("whole", *rows, "--threads", "1")
        command = ("compare", *rows, *COMMON, "--name", "cut")
        process = subprocess.Popen([PROGRAM, *command], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        deadline = time.monotonic() + DEADLINE_S
        written = self.folder / "runs/cut/compare.json"
        while not written.exists() or not json.loads(written.read_text())["rows"]:
            self.assertLess(time.monotonic(), deadline)
            self.assertIsNone(process.poll(), "ended before it could be killed")
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=DEADLINE_S)
        self.expect_error(2, "is there already", *command)
        refused = self.expect_error(6, "made with other settings", *command, "--resume", "--seed", "9")
        self.assertIn("seed: the compare has '3', this command has '9'", refused.stderr)
        self.compare("cut", *rows, "--threads", "2", "--resume")
        whole, cut = self.files_of("runs/whole"), self.files_of("runs/cut")
        self.assertEqual(sorted(cut), ["compare.json", "compare.md", "timing.json"])
        for name in ("compare.json", "compare.md"):
            self.assertEqual(cut[name], whole[name], name)

    def test_refuses_before_it_begins(self):
        self.expect_error(2, "both called 'bars'", "compare", "net", "./net", *COMMON)
        self.expect_error(2, r"network bars, bound 1e-09: .*smallest", "compare", "net", *COMMON, "--bound", "1e-9")
        self.expect_error(2, "both by --network and behind the command", "compare", "net", "--network", "net", *COMMON)
        self.expect_error(2, "--idle", "compare", "net", *COMMON, "--convention", "device")
        self.expect_error(2, "unknown method", "compare", "net", "--config", "small.yaml", "--method", "luck")
        self.assertFalse((self.folder / "runs/compare").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
