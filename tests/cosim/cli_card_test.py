#!/usr/bin/python3
"""The program over PCIe: the emulated board as a card, reached by vfio-user."""

import json
import signal
import subprocess
import unittest

from cli_support import BOARD, PROGRAM, Workplace, crucible


@unittest.skipUnless(BOARD, "no board")
class Card(Workplace):
    def start_card(self, config):
        """A board that is a card, and its address."""
        board = subprocess.Popen([BOARD, "--config", config, "--vfio-user", f"{config}.sock"], cwd=self.folder, text=True,
                                 stdout=subprocess.PIPE)
        self.addCleanup(board.stdout.close)
        self.addCleanup(board.wait)
        self.addCleanup(board.kill)
        return board, "vfio-user:" + json.loads(board.stdout.readline())["vfio_user"]

    def test_the_card_says_what_the_device_is(self):
        _, address = self.start_card("small")
        answers = []
        for place in (address, "model:small"):
            done = crucible("info", "--address", place, "--json", folder=self.folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            answers.append(json.loads(done.stdout)["device"])
        self.assertEqual(answers[0]["address"], address)
        for answer in answers:
            answer.pop("address"), answer["counters"].pop("cycles")
        self.assertEqual(*answers)

    def test_products_equal_the_definition(self):
        _, address = self.start_card("small")
        self.expect_products_equal_the_definition(address)

    def test_every_logit_equals_the_models(self):
        _, address = self.start_card("full")
        done = crucible("eval", "--config", "small.yaml", "--address", address, "--images", "20", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"{address}  100.00 % of 20 images, every logit equal to the model's", done.stdout)

    def test_a_card_that_is_killed_in_mid_run_is_an_error(self):
        board, address = self.start_card("full")
        process = subprocess.Popen([PROGRAM, "run", "--config", "small.yaml", "--address", address, "--name", "killed"],
                                   cwd=self.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        while "hardware: programmed" not in (line := process.stderr.readline()):
            self.assertNotEqual(line, "", "the program ended before the card was programmed")
        board.send_signal(signal.SIGKILL)
        _, errors = process.communicate(timeout=100)
        self.assertEqual(process.returncode, 4, errors)
        self.assertRegex(errors, rf"crucible: error: {address}: the card has gone away .*is the board's program still running\?")
        self.assertFalse((self.folder / "runs/killed").exists())

    def test_what_is_no_card_is_refused(self):
        self.expect_error(4, r"vfio-user:none\.sock: there is no such socket; start the board \(crucible-board --vfio-user\)",
                          "info", "--address", "vfio-user:none.sock")
        self.expect_error(2, r"vfio-user:': no path; write vfio-user:/path/to/socket", "info", "--address", "vfio-user:")


if __name__ == "__main__":
    unittest.main(verbosity=2)
