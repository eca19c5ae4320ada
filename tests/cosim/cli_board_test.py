#!/usr/bin/python3
"""The program and the emulated board that it starts: the main job, and how both end."""

import json
import os
import pathlib
import select
import signal
import subprocess
import unittest

from cli_support import BOARD, PROGRAM, Workplace, crucible


@unittest.skipUnless(BOARD, "no board")
class OnTheBoard(Workplace):
    """The emulated board: the main job over its socket and its UART, and how it ends."""

    def boards(self):
        """Processes of boards that were started from this test's folder."""
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if (process / "cwd").resolve() == self.folder and b"crucible-board" in (process / "cmdline").read_bytes():
                    found.append(process)
            except OSError:
                continue
        return found

    def test_the_main_job_gives_the_same_result_as_on_the_in_process_device(self):
        arguments = ("run", "--config", "small.yaml")
        done = crucible(*arguments, "--address", "sim:rtl", "--out", "rtl", folder=self.folder, timeout=250)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("hardware over the UART's pins: identity, 8192 cells read", done.stderr)
        self.assertEqual(self.boards(), [])
        done = crucible(*arguments, "--out", "twin", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        rtl, twin = (json.loads((self.folder / out / "small/result.json").read_text()) for out in ("rtl", "twin"))
        self.assertGreater(rtl.pop("uart")["cells_changed"], 0)
        self.assertEqual(rtl, twin)

    def test_ctrl_c_keeps_the_result_so_far_and_closes_the_board(self):
        process = subprocess.Popen([PROGRAM, "run", "--config", "small.yaml", "--address", "sim:rtl", "--name", "cut"],
                                   cwd=self.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        while "hardware: programmed" not in (line := process.stderr.readline()):
            self.assertNotEqual(line, "", "the program ended before the board was programmed")
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=100)
        self.assertEqual(process.returncode, 130, errors)
        self.assertIn("INTERRUPTED", output)
        self.assertTrue(json.loads((self.folder / "runs/cut/result.json").read_text())["interrupted"])
        self.assertEqual(self.boards(), [])

    def test_the_board_ends_with_a_program_that_is_killed(self):
        process = subprocess.Popen([PROGRAM, "run", "--config", "small.yaml", "--address", "sim:rtl", "--name", "killed"],
                                   cwd=self.folder, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        while "hardware: programmed" not in (line := process.stderr.readline()):
            self.assertNotEqual(line, "", "the program ended before the board was programmed")
        watched = [os.pidfd_open(int(board.name)) for board in self.boards()]
        self.assertEqual(len(watched), 1)
        self.addCleanup(os.close, watched[0])
        process.kill()
        process.wait()
        ended, _, _ = select.select(watched, [], [], 20)
        self.assertTrue(ended, "the board outlived its program by 20 s")

    def test_a_board_that_dies_is_an_error_with_its_last_words(self):
        process = subprocess.Popen([PROGRAM, "eval", "--config", "small.yaml", "--address", "sim:rtl", "--images", "60"],
                                   cwd=self.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        while not (boards := self.boards()):
            self.assertIsNone(process.poll(), "the program ended before there was a board")
        os.kill(int(boards[0].name), signal.SIGKILL)
        _, errors = process.communicate(timeout=100)
        self.assertEqual(process.returncode, 4, errors)
        self.assertRegex(errors, r"crucible: error: .*board")


if __name__ == "__main__":
    unittest.main(verbosity=2)
