#!/usr/bin/python3
"""`crucible board`: the list of boards, and what `program` hands to a programmer. No board is attached: programs on PATH stand in for
iceprog and openFPGALoader and keep their arguments, so what is tested is what is called, not that a board takes it."""

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from cli_support import PROGRAM, ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import board_folder  # noqa: E402


class FpgaBoard(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="crucible-fpga-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.tools = self.folder / "tools"
        self.tools.mkdir()

    def crucible(self, *arguments, **environment):
        return subprocess.run([PROGRAM, "board", *arguments], cwd=self.folder, capture_output=True, text=True, timeout=60, check=False,
                              env={**os.environ, "PATH": str(self.tools), **environment})

    def programmer(self, name, code=0):
        """A stand-in for a programmer: keeps its arguments and ends with `code`."""
        file = self.tools / name
        file.write_text(f"#!/bin/sh\necho \"$0 $*\" >'{self.folder}/called'\nexit {code}\n", encoding="ascii")
        file.chmod(0o755)

    def bitstream(self, name, file="bitstream.bin", **changes):
        """A bitstream with the manifest that the board asks for, but for `changes`."""
        of = board_folder.load(name)
        path = self.folder / file
        path.write_bytes(b"configuration")
        manifest = {"board": name, "config_hash": f"0x{board_folder.parameters(of['config'])['ConfigHash']:08X}",
                    "sources_sha256": board_folder.digest(of), "sha256": hashlib.sha256(b"configuration").hexdigest(), **changes}
        (self.folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        return path

    def refused(self, code, pattern, *arguments, **environment):
        done = self.crucible(*arguments, **environment)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertRegex(done.stderr, pattern)
        self.assertEqual(done.stdout, "")
        self.assertFalse((self.folder / "called").exists(), "the programmer was called")

    def test_the_list_names_every_board_and_what_it_stands_on(self):
        done = self.crucible("list")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([line.split()[0] for line in done.stdout.splitlines()], board_folder.names())
        self.assertIn("ULX3S with an ECP5-85F; small; ", done.stdout)
        found = {b["name"]: b for b in json.loads(self.crucible("list", "--json").stdout)}
        self.assertEqual((found["icebreaker"]["config"], found["icebreaker"]["core_hz"]), ("nano", 12_000_000))

    def test_the_boards_programmer_gets_the_bitstream(self):
        for name, tool, arguments in (("icebreaker", "iceprog", ""), ("ice40-hx8k", "iceprog", ""),
                                      ("ulx3s", "openFPGALoader", "--board ulx3s "),
                                      ("arty-a7-100", "openFPGALoader", "--board arty_a7_100t ")):
            with self.subTest(board=name):
                self.programmer(tool)
                path = self.bitstream(name, "a name with spaces.bin")
                done = self.crucible("program", name, "--bitstream", path.name)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(f"{name}: {path} is on the board", done.stdout)
                self.assertEqual((self.folder / "called").read_text(), f"{self.tools / tool} {arguments}{path}\n")

    def test_a_bitstream_that_is_not_the_boards_never_reaches_the_programmer(self):
        self.programmer("iceprog")
        for changes, said in (({"board": "ice40-hx8k"}, "is for the board 'ice40-hx8k', not 'icebreaker'"),
                              ({"sha256": "0" * 64}, "its manifest says 0000.*; make bitstream BOARD=icebreaker"),
                              ({"config_hash": "0x00000001"}, "has configuration 0x00000001, 'nano' of this tree is 0x"),
                              ({"sources_sha256": "0" * 64}, "was made from other sources than this tree's")):
            with self.subTest(said=said):
                path = self.bitstream("icebreaker", **changes)
                self.refused(2, said, "program", "icebreaker", "--bitstream", str(path))
        self.refused(2, "no bitstream .*none.bin with its manifest.json; make bitstream BOARD=icebreaker", "program", "icebreaker",
                     "--bitstream", "none.bin")

    def test_what_is_missing_is_named(self):
        self.refused(2, "no board 'nosuch'; there are arty-a7-100, ice40-hx8k, icebreaker", "program", "nosuch")
        self.refused(2, "program which board.*crucible board list", "program")
        self.refused(2, "list takes neither", "list", "icebreaker")
        self.refused(2, "--json goes with list", "program", "icebreaker", "--json")
        self.refused(2, "wipe.*list", "wipe")
        self.refused(77, r"not installed: iceprog \(fpga-icestorm\); .*packages-boards.txt", "program", "icebreaker", "--bitstream",
                     str(self.bitstream("icebreaker")))
        self.refused(2, "there is no '/nowhere/scripts/board.py'; set CRUCIBLE_SOURCE to", "list", CRUCIBLE_SOURCE="/nowhere")

    def test_a_programmer_that_fails_is_explained(self):
        self.programmer("openFPGALoader", 1)
        path = self.bitstream("litefury")
        done = self.crucible("program", "litefury", "--bitstream", str(path))
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertRegex(done.stderr, "openFPGALoader ended with 1: .*is the cable plugged in")
        self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
