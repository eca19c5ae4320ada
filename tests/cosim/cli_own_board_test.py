#!/usr/bin/python3
"""A board as somebody else started it: over a serial line of its own, and killed under the program's hands."""

import fcntl
import json
import math
import os
import pty
import select
import signal
import subprocess
import termios
import threading
import tty
import unittest

from cli_support import BOARD, PROGRAM, Workplace, crucible


class SerialLine:
    """Two wired pseudo-terminals, as a serial adapter and its cable: `path` is the host's end. The wire is at 3,000,000 baud. With
    `unplug_after` the adapter is pulled out after so many bytes of the board: the host's end is gone."""

    def __init__(self, board_end, unplug_after=math.inf):
        self.left = unplug_after
        self.board = os.open(board_end, os.O_RDWR | os.O_NOCTTY)
        self.wire, self.host = pty.openpty()
        for end in (self.board, self.host):
            tty.setraw(end)
        settings = termios.tcgetattr(self.board)
        settings[4] = settings[5] = termios.B3000000
        termios.tcsetattr(self.board, termios.TCSANOW, settings)
        self.path = os.ttyname(self.host)
        self.stop, self.stopped = os.pipe()
        self.thread = threading.Thread(target=self.carry, daemon=True)
        self.thread.start()

    def carry(self):
        other = {self.board: self.wire, self.wire: self.board}
        while self.stop not in (ready := select.select([*other, self.stop], [], [])[0]):
            for end in ready:
                data = os.read(end, 4096)
                os.write(other[end], data)
                self.left -= len(data) if end == self.board else 0
            if self.left <= 0:
                break
        for end in (self.wire, self.host):
            os.close(end)

    def close(self):
        os.close(self.stopped)
        self.thread.join()
        for end in (self.board, self.stop):
            os.close(end)


@unittest.skipUnless(BOARD, "no board")
class OwnBoard(Workplace):
    def start_board(self, *arguments):
        """A crucible-board of this test's own; what it says when it is ready."""
        board = subprocess.Popen([BOARD, *arguments], cwd=self.folder, text=True, stdout=subprocess.PIPE)
        self.addCleanup(board.stdout.close)
        self.addCleanup(board.wait)
        self.addCleanup(board.kill)
        return board, json.loads(board.stdout.readline())

    def test_the_doctor_finds_a_board_on_a_serial_line_good_and_says_which_rate_it_has(self):
        _, ready = self.start_board("--config", "small", "--pty", "uart")
        done = crucible("doctor", "--device", f"uart:{ready['pty']}?baud=3000000", "--bauds", "115200", "--frames", 20, "--json",
                        folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = {finding["name"]: finding for finding in json.loads(done.stdout)["findings"]}
        self.assertEqual({name: finding["verdict"] for name, finding in found.items()},
                         {"port": "pass", "latency": "skip", "115200 baud": "skip", "answer": "pass", "identity": "pass",
                          "3000000 baud": "pass", "memory": "pass", "ramp": "pass", "network": "pass"})
        done = crucible("doctor", "--device", f"uart:{ready['pty']}?baud=115200", "--bauds", "3000000", "--frames", 5, folder=self.folder)
        self.assertEqual(done.returncode, 4)
        self.assertRegex(done.stdout, r"pass  3000000 baud +\d+ frames, 0 sent again")
        self.assertRegex(done.stdout, rf"FAIL  answer(.|\n)*do: a device answers at 3000000 baud: write uart:{ready['pty']}\?baud=3000000")

    def test_the_doctor_says_that_a_board_was_unplugged_in_mid_run(self):
        _, ready = self.start_board("--config", "tiny", "--pty", "uart")
        # Bytes of a whole examination: well over 4,000. The adapter goes at the link's test, and at the memories'.
        for after in (400, 4000):
            line = SerialLine(ready["pty"], unplug_after=after)
            done = crucible("doctor", "--device", f"uart:{line.path}?baud=3000000", "--bauds", "3000000", "--frames", 40, "--json",
                            folder=self.folder)
            line.close()
            self.assertEqual(done.returncode, 4, done.stderr)
            last = json.loads(done.stdout)["findings"][-1]
            self.assertEqual((last["name"], last["verdict"]), ("port", "FAIL"))
            self.assertEqual(last["text"], f"'{line.path}' went away in mid-run")
            self.assertIn("unplugged or lost its power: plug it in and start again", last["advice"])

    def test_the_doctor_says_that_a_port_is_in_use(self):
        wire, host = pty.openpty()
        self.addCleanup(os.close, wire)
        self.addCleanup(os.close, host)
        fcntl.flock(host, fcntl.LOCK_EX)
        done = crucible("doctor", "--device", f"uart:{os.ttyname(host)}?baud=3000000", "--json", folder=self.folder)
        self.assertEqual(done.returncode, 4, done.stderr)
        [finding] = json.loads(done.stdout)["findings"]
        self.assertIn("is in use by another program", finding["text"])
        self.assertIn(f"`fuser -v {os.ttyname(host)}` names it", finding["advice"])

    def test_products_over_a_serial_line_equal_the_definition(self):
        _, ready = self.start_board("--config", "small", "--pty", "uart")
        line = SerialLine(ready["pty"])
        self.addCleanup(line.close)
        address = f"uart:{line.path}?baud=3000000"
        done = crucible("info", "--address", address, "--json", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["device"]["config"], "small")
        self.expect_products_equal_the_definition(address)

    def test_another_configuration_is_refused_over_the_serial_line(self):
        _, ready = self.start_board("--config", "tiny", "--pty", "uart")
        self.expect_error(4, r"the device is 'tiny' \(16 rows, 4 columns, 4 banks\), the configuration asks for 'full' \(128, 64, 72\)",
                          "eval", "--config", "small.yaml", "--address", f"uart:{ready['pty']}?baud=3000000")

    def test_a_board_that_is_killed_in_mid_run_is_an_error_and_leaves_no_folder(self):
        board, ready = self.start_board("--config", "full", "--tcp", "127.0.0.1:0")
        address = f"tcp:{ready['tcp']}"
        process = subprocess.Popen([PROGRAM, "run", "--config", "small.yaml", "--address", address, "--name", "killed"],
                                   cwd=self.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        while "hardware: programmed" not in (line := process.stderr.readline()):
            self.assertNotEqual(line, "", "the program ended before the board was programmed")
        board.send_signal(signal.SIGKILL)
        output, errors = process.communicate(timeout=100)
        self.assertEqual(process.returncode, 4, errors)
        self.assertRegex(errors, rf"crucible: error: {address}: the device has gone away .*is its power on, is its program still running\?")
        self.assertEqual(output, "")
        self.assertFalse((self.folder / "runs/killed").exists())
        self.assertEqual(list(self.folder.glob("runs/*.part-*")), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
