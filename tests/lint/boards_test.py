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
import board_cable  # noqa: E402
import board_folder  # noqa: E402
import board_table  # noqa: E402

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
            if board.load(name)["proved"] in ("mapped", "synthesis", "read"):
                for part in ("build.sh", "program.sh", "README.md"):
                    self.assertIn("NOT RUN HERE", (board.BOARDS / name / part).read_text(), f"{name}/{part}")

    @unittest.skipUnless(shutil.which("verilator"), "verilator is not installed")
    def test_verilator_reads_the_tops_without_a_warning(self):
        for name in board.names():
            of = board.load(name)
            if of["part"]["family"] != "ice40":
                continue  # their clocks are vendors' cells
            with self.subTest(board=name):
                board.write_parameters(of, self.folder)
                files = board.sources(of)
                done = subprocess.run(["verilator", "--lint-only", "-Wall", "--no-timing", f"-I{self.folder}", *files,
                                       "--top-module", of["top"]], cwd=ROOT, capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    @unittest.skipUnless(shutil.which("yosys"), "yosys is not installed")
    def test_yosys_reads_the_tops_and_finds_every_port(self):
        for name in board.names():
            of = board.load(name)
            with self.subTest(board=name):
                board.write_parameters(of, self.folder)
                files = [f for f in board.sources(of) if (ROOT / f).exists()]
                check = "-check" if len(files) == len(board.sources(of)) else ""  # a controller's core is fetched
                black_boxes = [*CELLS[of["part"]["family"]], *sorted((board.BOARDS / name).glob("*_bb.v"))]
                cells = "".join(f"read_verilog -lib {c}; " for c in black_boxes)
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
        with mock.patch.object(board_folder, "BOARDS", boards), self.assertRaises(board.SpecError) as caught:
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

    @unittest.skipIf(shutil.which("vivado"), "vivado is installed")
    def test_a_board_whose_tools_are_not_in_debian_says_where_they_are_from(self):
        done = subprocess.run([ROOT / "scripts/board.py", "bitstream", "litefury"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 77)
        self.assertIn("vivado (not in Debian, AMD)", done.stderr)

    def program(self, **changes):
        """What `program icebreaker` says of a bitstream whose manifest differs in `changes`."""
        of = board.load("icebreaker")
        file = self.folder / "bitstream.bin"
        file.write_bytes(b"configuration")
        manifest = {"board": "icebreaker", "sha256": hashlib.sha256(b"configuration").hexdigest(),
                    "config_hash": f"0x{board.parameters('nano')['ConfigHash']:08X}", "sources_sha256": board.digest(of), **changes}
        (self.folder / "manifest.json").write_text(json.dumps(manifest))
        board.check_bitstream(of, file)

    def test_only_the_boards_own_bitstream_of_this_tree_is_programmed(self):
        self.program()
        for changes, said in (({"board": "ice40-hx8k"}, "is for the board 'ice40-hx8k', not 'icebreaker'"),
                              ({"sha256": "0" * 64}, "its manifest says 0000.*make bitstream BOARD=icebreaker"),
                              ({"config_hash": "0x00000001"}, "has configuration 0x00000001, 'nano' of this tree is 0x"),
                              ({"sources_sha256": "0" * 64}, "was made from other sources than this tree's; make bitstream BOARD=ice")):
            with self.subTest(said=said), self.assertRaisesRegex(board.SpecError, said):
                self.program(**changes)
        with self.assertRaisesRegex(board.SpecError, "no bitstream .*make bitstream BOARD=icebreaker"):
            board.check_bitstream(board.load("icebreaker"), self.folder / "none.bin")
        for text in ("{", "[]", "{}"):
            (self.folder / "manifest.json").write_text(text)
            with self.subTest(text=text), self.assertRaisesRegex(board.SpecError, "manifest.json: this is no bitstream's manifest"):
                board.check_bitstream(board.load("icebreaker"), self.folder / "bitstream.bin")

    def test_the_readmes_table_is_what_the_folders_say(self):
        board_table.write_table(check=True)


class Cables(unittest.TestCase):
    """What is said of a programmer that failed, on files that stand in for the kernel's."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="crucible-cables-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.rules = board.BOARDS / "icebreaker/53-icebreaker.rules"
        for name in ("USB", "NODES"):
            (self.folder / name).mkdir()
            patch = mock.patch.object(board_cable, name, self.folder / name)
            patch.start()
            self.addCleanup(patch.stop)

    def plug(self, product):
        """An FTDI adapter as bus 1, device 7."""
        device = self.folder / "USB/1-2"
        device.mkdir()
        for name, text in (("idVendor", "0403"), ("idProduct", product), ("busnum", "1"), ("devnum", "7")):
            (device / name).write_text(text + "\n", encoding="ascii")
        node = self.folder / "NODES/001/007"
        node.parent.mkdir()
        node.touch()
        return node

    def test_no_adapter_or_another(self):
        self.assertRegex(board_cable.why(self.rules), "no USB device 0403:6010 is plugged in; plug the board in")
        self.plug("6015")
        self.assertRegex(board_cable.why(self.rules), "no USB device 0403:6010 is plugged in")
        self.assertRegex(board_cable.why(board.BOARDS / "ulx3s/53-ulx3s.rules"), "0403:6015 is plugged in, free")

    def test_an_adapter_that_this_user_may_not_write(self):
        node = self.plug("6010")
        with mock.patch.object(board_cable.os, "access", return_value=False):
            self.assertRegex(board_cable.why(self.rules), f"no permission for {node}.*sudo cp .*53-icebreaker.rules")

    def test_an_adapter_in_use_names_the_program(self):
        node = self.plug("6010")
        with node.open("rb") as file:
            other = subprocess.Popen(["sleep", "60"], stdin=file)
        with other:
            said = board_cable.why(self.rules)
            other.kill()
        self.assertRegex(said, rf"in use by sleep \(process {other.pid}\); end it")

    def test_a_cable_of_the_users_choice(self):
        self.assertRegex(board_cable.why(board.BOARDS / "litefury/53-litefury.rules"), "is it the one that program.sh names")


if __name__ == "__main__":
    unittest.main()
