#!/usr/bin/python3
"""The folders of boards/ without building a bitstream: board.yaml, tops in both tools, what scripts/board.py refuses, the README's table."""
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import board  # noqa: E402

CELLS = {"ice40": [], "ecp5": ["+/ecp5/cells_bb.v"], "xc7": ["+/xilinx/cells_sim.v", "+/xilinx/cells_xtra.v"]}


class Folders(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="crucible-boards-")
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)

    def test_every_board_has_all_parts(self):
        self.assertLessEqual({"icebreaker", "ice40-hx8k", "ulx3s", "arty-a7-100", "litefury"}, set(board.names()))
        for name in board.names():
            with self.subTest(board=name):
                board.load(name)
                for part in ("build.sh", "program.sh", "README.md", "expected.json", f"53-{name}.rules"):
                    self.assertTrue((board.BOARDS / name / part).is_file(), part)

    def test_boards_that_were_not_run_here_say_so_in_every_script(self):
        for name in board.names():
            if board.load(name)["proved"] in ("synthesis", "read"):
                for part in ("build.sh", "program.sh", "README.md"):
                    self.assertIn("NOT RUN HERE", (board.BOARDS / name / part).read_text(), f"{name}/{part}")

    @unittest.skipUnless(shutil.which("verilator"), "verilator is not installed")
    def test_verilator_reads_the_tops_without_a_warning(self):
        for name in board.names():
            of = board.load(name)
            if of["part"]["family"] != "ice40":
                continue  # their clocks are vendors' cells
            with self.subTest(board=name):
                files = board.sources(of, self.folder)
                done = subprocess.run(["verilator", "--lint-only", "-Wall", "--no-timing", f"-I{self.folder}", *files,
                                       "--top-module", of["top"]], cwd=ROOT, capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    @unittest.skipUnless(shutil.which("yosys"), "yosys is not installed")
    def test_yosys_reads_the_tops_and_finds_every_port(self):
        for name in board.names():
            of = board.load(name)
            with self.subTest(board=name):
                files = [f for f in board.sources(of, self.folder) if (ROOT / f).exists()]
                # The shell of a PCIe card is made by the vendor's tool, and the core's source is fetched.
                check = "-check" if of["module"] == "cim_top" else ""
                cells = "".join(f"read_verilog -lib {c}; " for c in CELLS[of["part"]["family"]])
                done = subprocess.run(["yosys", "-q", "-p", f"{cells}read_verilog -sv -noassert -I{self.folder} {' '.join(files)}; "
                                       f"hierarchy {check} -top {of['top']}"], cwd=ROOT, capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)

    def refused(self, name, before, after):
        """What board.py says of a board.yaml with one text replaced by another."""
        boards = self.folder / "boards"
        shutil.rmtree(boards, ignore_errors=True)
        shutil.copytree(board.BOARDS, boards)
        path = boards / name / "board.yaml"
        text = path.read_text(encoding="utf-8")
        self.assertIn(before, text)
        path.write_text(text.replace(before, after), encoding="utf-8")
        with mock.patch.object(board, "BOARDS", boards), self.assertRaises(board.SpecError) as caught:
            board.load(name)
        return str(caught.exception)

    def test_a_wrong_description_is_refused_with_its_place(self):
        for before, after, said in (
                ("title: iCEBreaker\n", "title: iCEBreaker\ncolour: red\n", r"board.yaml:4:1: unknown key 'colour'"),
                ("proved: netlist\n", "", "key 'proved' is missing"),
                ("config: nano", "config: huge", "key 'config' is 'huge', legal is .*nano"),
                ("baud: 3000000", "baud: 115200", "key 'baud' is 115200; core_hz and ClksPerBit of 'nano' make 3000000"),
                ('uart_rx_i: "6"', 'uart_rx_i: "7"', "key 'uart_rx_i': icebreaker.pcf does not put it on pin 7"),
                ("hz: 12000000, core_hz", "hz: fast, core_hz", r"board.yaml:\d+:\d+: 'hz' must be an integer")):
            with self.subTest(said=said):
                self.assertRegex(self.refused("icebreaker", before, after), said)

    def test_an_unknown_board_is_answered_with_those_there_are(self):
        done = subprocess.run([ROOT / "scripts/board.py", "bitstream", "nosuch"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, "no board 'nosuch'; there are arty-a7-100, ice40-hx8k, icebreaker")

    def test_a_missing_tool_is_named_with_its_package(self):
        with mock.patch.object(board.shutil, "which", return_value=None), mock.patch("sys.stderr") as errors, \
                self.assertRaises(SystemExit) as caught:
            board.need(board.load("icebreaker")["tools"])
        self.assertEqual(caught.exception.code, 77)
        said = "".join(call.args[0] for call in errors.write.call_args_list)
        self.assertIn("icepack (fpga-icestorm)", said)
        self.assertIn("scripts/packages-boards.txt", said)

    def test_a_board_without_an_open_flow_is_not_built(self):
        done = subprocess.run([ROOT / "scripts/board.py", "bitstream", "litefury"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("boards/litefury/README.md", done.stderr)

    def program(self, **changes):
        """What `program icebreaker` says of a bitstream whose manifest differs in `changes`."""
        of = board.load("icebreaker")
        file = self.folder / "bitstream.bin"
        file.write_bytes(b"configuration")
        manifest = {"board": "icebreaker", "sha256": hashlib.sha256(b"configuration").hexdigest(),
                    "config_hash": f"0x{board.parameters('nano')['ConfigHash']:08X}", **changes}
        (self.folder / "manifest.json").write_text(json.dumps(manifest))
        board.check_bitstream(of, file)

    def test_only_the_boards_own_bitstream_of_this_tree_is_programmed(self):
        self.program()
        for changes, said in (({"board": "ice40-hx8k"}, "is for the board 'ice40-hx8k', not 'icebreaker'"),
                              ({"sha256": "0" * 64}, "its manifest says 0000.*make bitstream BOARD=icebreaker"),
                              ({"config_hash": "0x00000001"}, "has configuration 0x00000001, 'nano' of this tree is 0x")):
            with self.subTest(said=said), self.assertRaisesRegex(board.SpecError, said):
                self.program(**changes)
        with self.assertRaisesRegex(board.SpecError, "no bitstream .*make bitstream BOARD=icebreaker"):
            board.check_bitstream(board.load("icebreaker"), self.folder / "none.bin")

    def test_the_readmes_table_is_what_the_folders_say(self):
        board.write_table(check=True)


if __name__ == "__main__":
    unittest.main()
