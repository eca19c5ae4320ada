#!/usr/bin/python3
"""The generator refuses what it does not know, naming file and key, and its check notices drift."""
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Generator(unittest.TestCase):
    """Runs spec/generate.py on a copy of spec/ that was broken in one place."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        shutil.copytree(ROOT / "spec", self.root / "spec")
        (self.root / "docs").mkdir()
        self.run_generator()

    def tearDown(self):
        self.folder.cleanup()

    def run_generator(self, *arguments):
        return subprocess.run([sys.executable, str(ROOT / "spec/generate.py"), "--root", str(self.root), *arguments],
                              capture_output=True, text=True, check=False)

    def replace(self, name, old, new):
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def refused(self, *parts):
        result = self.run_generator()
        self.assertEqual(result.returncode, 2, result.stderr)
        for part in parts:
            self.assertIn(part, result.stderr)

    def test_accepts_what_it_wrote(self):
        self.assertEqual(self.run_generator("--check").returncode, 0)

    def test_notices_an_edited_file(self):
        self.replace("rtl/gen/cim_spec_pkg.sv", "RegMagic", "RegMagick")
        result = self.run_generator("--check")
        self.assertEqual(result.returncode, 1)
        self.assertIn("-  localparam logic [7:0] RegMagick", result.stderr)

    def test_notices_a_changed_register(self):
        self.replace("spec/registers.xml", "<ipxact:addressOffset>0x20<", "<ipxact:addressOffset>0x38<")
        self.assertEqual(self.run_generator("--check").returncode, 1)

    def test_notices_a_file_that_nothing_generates(self):
        (self.root / "rtl/gen/old.sv").write_text("", encoding="utf-8")
        self.assertEqual(self.run_generator("--check").returncode, 1)

    def test_refuses_an_unknown_key_with_its_place(self):
        self.replace("spec/configs/tiny.yaml", "banks: 4", "bank: 4")
        self.refused("tiny.yaml:6:1", "unknown key 'bank'")

    def test_refuses_a_missing_key(self):
        self.replace("spec/link.yaml", "protocol_version: 1\n", "")
        self.refused("link.yaml", "'protocol_version' is missing")

    def test_refuses_a_value_of_the_wrong_type(self):
        self.replace("spec/configs/full.yaml", "banks: 72", "banks: many")
        self.refused("full.yaml:6:8", "'banks' must be an integer")

    def test_refuses_a_value_out_of_range(self):
        self.replace("spec/configs/tiny.yaml", "kept: 2", "kept: 3")
        self.refused("tiny.yaml", "'kept' is 3", "power of two")

    def test_refuses_memory_without_a_controller_and_a_controller_without_memory(self):
        self.replace("spec/configs/tiny.yaml", "memory_bytes: 0", "memory_bytes: 4096")
        self.refused("tiny.yaml", "'memory_bytes' is 4096")
        self.replace("spec/configs/tiny.yaml", "memory_bytes: 4096", "memory_bytes: 0")
        self.replace("spec/configs/small_soc.yaml", "memory_bytes: 262144", "memory_bytes: 2048")
        self.refused("small_soc.yaml", "'memory_bytes' is 2048")

    def test_refuses_an_unknown_presence(self):
        self.replace("spec/registers.xml", "<ipxact:isPresent>controller<", "<ipxact:isPresent>magic<")
        self.refused("registers.xml", "isPresent must be one of effects, controller")

    def test_refuses_two_registers_at_one_address(self):
        self.replace("spec/registers.xml", "<ipxact:addressOffset>0x04<", "<ipxact:addressOffset>0x00<")
        self.refused("registers.xml", "is taken")

    def test_refuses_an_unknown_element(self):
        self.replace("spec/registers.xml", "<ipxact:size>32</ipxact:size>", "<ipxact:sise>32</ipxact:sise>")
        self.refused("registers.xml", "unknown element 'sise'")


if __name__ == "__main__":
    unittest.main()
