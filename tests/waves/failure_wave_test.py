#!/usr/bin/python3
"""A failing RTL test leaves an FST of its failing transaction alone, and a command that repeats it.

Usage: failure_wave_test.py PROGRAM (tests/waves/planted_failure.cpp)
"""
import os
import re
import struct
import subprocess
import sys
import unittest
from pathlib import Path

PROGRAM = sys.argv.pop()
PERIOD_PS = 83333  # of `tiny`, 12 MHz
FIRST_FRAME = 5000  # cycles that the test lets pass before its frame


class FailureWave(unittest.TestCase):
    def fail_once(self, command, environment=None):
        """Runs the program; returns what it said."""
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, shell=isinstance(command, str),
                              env=None if environment is None else {**os.environ, **environment})
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("PopFinds_A", done.stdout + done.stderr)
        return done.stderr

    def test_trims_the_wave_and_repeats_by_the_printed_command(self):
        for old in Path(PROGRAM).parent.parent.glob("waves/PlantedFailure*"):
            old.unlink()
        said = self.fail_once([PROGRAM])
        first, last, path = re.search(r"wave of cycles (\d+) \.\. (\d+): (\S+)", said).groups()
        self.assertGreater(int(first), FIRST_FRAME - 50)
        self.assertLess(int(last) - int(first), 300)
        self.assert_spans(path, int(first), int(last))
        os.remove(path)
        command = re.search(r"repeat with: (.*)", said).group(1)
        self.assertIn("CRUCIBLE_SEED=7 ", command)
        self.fail_once(command)
        self.assert_spans(path, int(first), int(last))

    def assert_spans(self, path, first, last):
        """The FST's header: first and last time are those of the window."""
        with open(path, "rb") as file:
            kind, _, begin, end = struct.unpack(">BQQQ", file.read(25))
        self.assertEqual(kind, 0, "not an FST header")
        cycles = (end - begin) / PERIOD_PS
        self.assertGreater(begin / PERIOD_PS, first - 1)
        self.assertGreater(cycles, 100)
        self.assertLessEqual(cycles, last - first + 2)


if __name__ == "__main__":
    unittest.main()
