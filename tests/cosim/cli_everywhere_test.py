#!/usr/bin/python3
"""One LeNet, the same 200 images, run by the board itself on every board and over every wire: `crucible eval --on-board` ends with an
error at the first logit that is not the model's, so what passes everywhere is identical everywhere."""

import json
import pathlib
import subprocess
import tempfile
import unittest

from cli_support import BOARD, crucible

IMAGES = 200
CONFIG = ("--config", "full_soc")


@unittest.skipUnless(BOARD, "no board")
class Everywhere(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="crucible-everywhere-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def start_board(self, *arguments):
        board = subprocess.Popen([BOARD, *CONFIG, *arguments], cwd=self.folder, text=True, stdout=subprocess.PIPE)
        self.addCleanup(board.stdout.close)
        self.addCleanup(board.wait)
        self.addCleanup(board.kill)
        self.assertIn("crucible.board/1", board.stdout.readline())

    def evaluate(self, address):
        done = crucible("eval", "--data", "strokes", "--address", address, "--hardware", "full_soc", "--on-board", "--stats", "--json",
                        "--images", IMAGES, folder=self.folder, timeout=280)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual(found["device"]["images"], IMAGES)
        self.assertEqual(found["device"]["correct"], found["model"]["correct"])
        return found["device"]

    def test_the_tlm_board_and_the_verilated_one_give_the_same_logits_over_every_wire(self):
        devices = {"tlm": self.evaluate("sim:tlm"), "rtl": self.evaluate("sim:rtl")}
        self.start_board("--model", "tlm", "--vfio-user", "tlm.sock")
        devices["vfio-user"] = self.evaluate("vfio-user:tlm.sock")
        self.start_board("--vfio-user", "rtl.sock")
        devices["vfio-user, RTL card"] = self.evaluate("vfio-user:rtl.sock")
        self.start_board("--model", "tlm", "--pty", "uart")
        devices["uart"] = self.evaluate("uart:uart?baud=3000000")
        cycles = {name: device["stats"]["core_cycles_per_image"] for name, device in devices.items()}
        for name, found in cycles.items():
            self.assertLess(abs(found - cycles["rtl"]), 0.05 * cycles["rtl"], cycles)
            self.assertLessEqual(found, 35000, name)
            self.assertLessEqual(devices[name]["stats"]["wire_bytes_per_image"], 900, name)


if __name__ == "__main__":
    unittest.main()
