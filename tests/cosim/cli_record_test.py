#!/usr/bin/python3
"""`crucible record` and `crucible replay`: a device's answers as a file, and the first that another device gives otherwise."""

import gzip
import json
import os
import pathlib
import re
import struct
import subprocess
import tempfile
import unittest

import numpy as np

from cli_support import PROGRAM, SEED, crucible

RECORD = struct.Struct("<BBHIIIQ")
READ = 2
OUTPUT_LO = 0x00200000


class Recordings(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="crucible-record-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        random = np.random.default_rng(SEED)
        np.save(self.folder / "l.npy", random.integers(0, 4, (16, 4)).astype(np.uint8))
        np.save(self.folder / "o.npy", random.integers(-128, 128, (16, 4)).astype(np.int8))
        np.save(self.folder / "x.npy", random.integers(0, 256, (3, 16)).astype(np.uint8))

    def record(self, file, address):
        return crucible("record", file, "--", "mvm", "--levels", "l.npy", "--offsets", "o.npy", "--inputs", "x.npy", "--out", "r.npy",
                        "--lsb-exp", 10, "--base", 32, "--adc-shift", 10, "--hardware", "tiny", "--backend", f"board:{address}",
                        folder=self.folder)

    def replay(self, file, address, *more):
        return crucible("replay", file, "--address", address, *more, folder=self.folder)

    def damage(self, source, target):
        """Flips a bit of the first result that was read; returns the number of its transaction."""
        data = bytearray(gzip.decompress((self.folder / source).read_bytes()))
        at, number = data.index(b"\n") + 1, 0
        while True:
            number += 1
            kind, _, _, address, _, words, _ = RECORD.unpack_from(data, at)
            if kind == READ and address == OUTPUT_LO:
                data[at + RECORD.size] ^= 4
                (self.folder / target).write_bytes(gzip.compress(bytes(data)))
                return number
            at += RECORD.size + 4 * words

    def test_rtl_and_model_answer_each_others_recordings(self):
        for recorded_on in ("model:tiny", "sim:rtl:tiny"):
            done = self.record("good.rec", recorded_on)
            self.assertEqual(done.returncode, 0, done.stderr)
            for address in ("model", "sim:rtl"):
                done = self.replay("good.rec", address, "--json")
                self.assertEqual(done.returncode, 0, done.stderr)
                found = json.loads(done.stdout)
                self.assertIsNone(found["divergence"])
                self.assertGreater(found["transactions"], 10)
                self.assertEqual(found["recorded_on"], recorded_on)

    def test_the_first_divergence_is_named_and_its_waves_can_be_had(self):
        self.assertEqual(self.record("good.rec", "sim:rtl:tiny").returncode, 0)
        number = self.damage("good.rec", "bad.rec")
        done = self.replay("bad.rec", "sim:rtl", "--patience", 0.1)
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertIn(f"transaction {number} differs: READ", done.stderr)
        self.assertIn("OUTPUT_LO word 0", done.stderr)
        recorded, now = (int(re.search(rf"  {side}\s+(0x\w+)", done.stderr)[1], 16) for side in ("recorded", "now"))
        self.assertEqual(recorded ^ now, 4)
        self.assertRegex(done.stderr, r"the last \d+ transactions")
        command = re.search(r"waves of it: (.*); gtkwave", done.stderr)[1]
        path = f"{pathlib.Path(PROGRAM).parent}:{os.environ['PATH']}"
        subprocess.run(command, shell=True, cwd=self.folder, env={**os.environ, "PATH": path}, timeout=60, check=False,
                       capture_output=True)
        self.assertGreater((self.folder / "replay.fst").stat().st_size, 1000)

    def test_bad_input_says_what_to_do(self):
        self.assertEqual(self.record("good.rec", "model:tiny").returncode, 0)
        for code, pattern, arguments in (
                (6, "made on a device of configuration", ("replay", "good.rec", "--address", "model:small")),
                (2, "names no device", ("record", "a.rec", "--", "info")),
                (2, "a recording of a recording", ("record", "a.rec", "--", "record", "b.rec", "--", "info")),
                (3, "it is none", ("replay", "l.npy", "--address", "model")),
                (3, "cannot be written", ("record", "no/folder/a.rec", "--", "info", "--address", "model:tiny")),
                (2, "does not exist", ("replay", "none.rec"))):
            done = crucible(*arguments, folder=self.folder)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn(pattern, done.stderr)
        # The code of the command inside is the recording's.
        done = crucible("record", "a.rec", "--", "mvm", "--levels", "none.npy", "--inputs", "x.npy", "--out", "r.npy", "--backend",
                        "board:model:tiny", folder=self.folder)
        self.assertNotEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main()
