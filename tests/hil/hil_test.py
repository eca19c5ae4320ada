#!/usr/bin/python3
"""The tests of the label hil, as someone with a board runs them, on boards that are none: they pass on good ones, fail on bad ones, and
are skipped with the reason where there is none.

HIL_TEST names their program, GOOD_BOARD and BAD_BOARD programs that are boards, CRUCIBLE the host's."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cosim"))
from link_device import LinkDevice, identity_words  # noqa: E402


class Proof(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="crucible-hil-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def board(self, program, *arguments):
        """The board's program, ready; it ends with the test."""
        process = subprocess.Popen([program, *arguments], cwd=self.folder, text=True, stdout=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return json.loads(process.stdout.readline())

    def hil(self, address, expected=None):
        """Runs the tests at the address; {test: outcome}. `expected`: of how many tests each outcome must be, where that is known."""
        environment = {key: value for key, value in os.environ.items() if key != "CRUCIBLE_BOARD_ADDRESS"}
        if address:
            environment["CRUCIBLE_BOARD_ADDRESS"] = address
        done = subprocess.run([os.environ["HIL_TEST"]], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=500,
                              check=False)
        outcomes = {name: word for word, name in re.findall(r"^\[ +(OK|FAILED|SKIPPED) +\] Board\.(\w+) \(", done.stdout, re.M)}
        counts = {word: list(outcomes.values()).count(word) for word in set(outcomes.values())}
        self.assertEqual(counts, expected or counts, done.stdout + done.stderr)
        self.assertEqual(done.returncode, int("FAILED" in counts))
        self.output = done.stdout
        return outcomes


TESTS = 6


class Emulated(Proof):
    def test_without_a_board_every_test_is_skipped_and_says_why(self):
        self.hil(None, {"SKIPPED": TESTS})
        self.assertEqual(self.output.count("no board: set CRUCIBLE_BOARD_ADDRESS"), TESTS)

    def test_a_good_board_on_a_pseudo_terminal(self):
        ready = self.board(os.environ["GOOD_BOARD"], "--config", "tiny", "--pty", "uart")
        self.hil(f"uart:{ready['pty']}?baud=3000000", {"OK": TESTS})

    def test_a_good_board_with_effects_on_a_socket(self):
        self.board(os.environ["GOOD_BOARD"], "--config", "small", "--unix", "board.sock")
        self.hil(f"unix:{self.folder}/board.sock", {"OK": TESTS})

    def test_a_board_that_holds_nothing_fails(self):
        done = subprocess.run([os.environ["CRUCIBLE"], "info", "--address", "model:tiny", "--json"], capture_output=True, text=True, check=True)
        device = LinkDevice(identity_words(json.loads(done.stdout)["device"]))
        self.addCleanup(device.close)
        outcomes = self.hil(device.address, {"OK": 1, "FAILED": TESTS - 1})
        self.assertEqual(outcomes["HasTheGeometryOfItsConfiguration"], "OK")

    def test_a_port_where_no_board_is_fails(self):
        self.hil("uart:/dev/no-such-port", {"FAILED": TESTS})
        self.assertIn("is the board plugged in and powered?", self.output)


class Bitstream(Proof):
    """The bitstream of the iCE40-HX8K, turned back into Verilog, in the place of a board: as built, and with a look-up table flipped."""

    def test_the_bitstream_passes(self):
        ready = self.board(os.environ["GOOD_BOARD"], "--config", "tiny", "--pty", "uart")
        self.hil(f"uart:{ready['pty']}?baud=3000000", {"OK": TESTS})

    def test_a_flipped_look_up_table_fails(self):
        ready = self.board(os.environ["BAD_BOARD"], "--config", "tiny", "--pty", "uart")
        outcomes = self.hil(f"uart:{ready['pty']}?baud=3000000")
        # Random arrays reach every corner of the tile. The doctor's eight images and the one product of the recording may miss it.
        self.assertEqual(len(outcomes), TESTS)
        self.assertEqual(outcomes["HoldsALevelAndAnOffsetForEveryCell"], "OK")
        self.assertEqual(outcomes["MultipliesRandomArraysAsTheModelDoes"], "FAILED")


if __name__ == "__main__":
    unittest.main(verbosity=2)
