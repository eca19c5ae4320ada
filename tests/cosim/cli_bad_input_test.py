#!/usr/bin/python3
"""What bad input gets: the message, the exit code, and nothing on stdout."""

import gzip
import shutil
import unittest

from cli_support import Workplace, crucible


class BadInput(Workplace):
    def test_the_command_line(self):
        self.expect_error(2, r"unknown command 'serach'; did you mean 'search'\? Commands: ", "serach")
        self.expect_error(2, r"unknown command 'xyzzy'\. Commands: ", "xyzzy")
        self.expect_error(2, "subcommand")
        self.expect_error(2, "--images: '0' is no number above 0", "eval", "--config", "small.yaml", "--images", 0)
        self.expect_error(2, "--bound: 'nan' is no number from 0 on", "search", "--config", "small.yaml", "--bound", "nan")
        self.expect_error(2, "--bound: '-1' is no number from 0 on", "search", "--config", "small.yaml", "--bound", "-1")
        self.expect_error(2, "--device excludes --address", "doctor", "--device", "model", "--address", "sim:tlm")
        self.expect_error(2, "--bound", "search", "--bound", "nine")
        self.expect_error(2, "margin-ascent", "search", "--config", "small.yaml", "--method", "margin-ascend")
        self.expect_error(2, "--idle", "search", "--config", "small.yaml", "--convention", "device")
        self.expect_error(2, "--idle", "search", "--config", "small.yaml", "--idle", "fixed")

    def test_a_configuration_with_a_wrong_key_or_value_is_named_by_line_and_column(self):
        text = (self.folder / "small.yaml").read_text()
        for before, after, pattern in (
                ("seed: 3", "sead: 3", r":3:1: unknown key 'sead' in the file; did you mean 'seed'\? Known keys: "),
                ("adc_bits: 8", "adc_bit: 8", r":8:34: unknown key 'adc_bit' in tile; did you mean 'adc_bits'\?"),
                ("effort: 0.1}", "efort: 0.1}", r":13:76: unknown key 'efort' in searches\[1\]; did you mean 'effort'\?"),
                ("seed: 3\n", "", r":1:1: missing key 'seed' in the file\. Needed: "),
                ("seed: 3", "seed: 3\nseed: 4", r":4:1: key 'seed' in the file stands twice"),
                ("seed: 3", "seed: three", r":3:7: 'seed' must be a whole number, found 'three'"),
                ("adc_bits: 8", "adc_bits: 13", r":8:44: 'adc_bits' must be 1 \.\. 12, found 13"),
                ("random-vertex", "random-vortex",
                 r":12:28: 'method' must be one of .*, found 'random-vortex'; did you mean 'random-vertex'\?"),
                ("random-vertex", "spsa", r":12:28: method 'spsa' has hardware in its loop.*crucible search --method spsa"),
                ("bound: 0.03, convention: weight}\n  - {name: ascent,", "bound: 0.03, convention: weight, loss: collapse}\n  - {name: ascent,",
                 r":12:82: 'loss' belongs to method climb; leave it out with random-vertex"),
                ("convention: weight}", "convention: wieght}",
                 r":12:68: 'convention' must be one of weight, .*, found 'wieght'; did you mean 'weight'\?"),
                ("name: small", "name: ../small", r":2:7: a name is letters, digits, '-' and '_', found '\.\./small'"),
                ("experiment/1", "experiment/9", r":1:9: expected schema crucible\.experiment/1, found 'crucible\.experiment/9'"),
                ("tile: {", "tile: {{", r":8:8: ")):
            with self.subTest(after=after):
                self.assertIn(before, text)
                (self.folder / "bad.yaml").write_text(text.replace(before, after, 1))
                self.expect_error(2, r"bad\.yaml" + pattern, "run", "--config", "bad.yaml")
        self.expect_error(2, r"none\.yaml: cannot be read", "run", "--config", "none.yaml")

    def test_data_that_is_damaged_or_not_there(self):
        images, labels = "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"
        whole = {name: gzip.decompress((self.folder / "mnist" / name).read_bytes()) for name in (images, labels)}
        for name, content, pattern in (
                (images, whole[images][:-100],
                 r"truncated: expected 47040 bytes after the header of 16, found 46940; fetch the file again"),
                (images, whole[images] + b"x", r"longer than its header says: expected the end at offset 47056"),
                (images, b"\0\0\x0d\x03" + whole[images][4:],
                 r"wrong magic number at offset 0: expected 0x00000803 .*, found 0x00000d03"),
                (images, whole[labels], r"wrong magic number at offset 0: expected 0x00000803 .*, found 0x00000801"),
                (images, b"", r"truncated: the magic number should be 4 bytes at offset 0, found 0"),
                (labels, whole[labels][:-1] + b"\x0a", r"label 10 at offset 67: expected 0 \.\. 9; the file is damaged"),
                (labels, whole[labels][:-1], r"truncated: expected 60 bytes after the header of 8, found 59")):
            with self.subTest(pattern=pattern):
                shutil.copytree(self.folder / "mnist", self.folder / "broken", dirs_exist_ok=True)
                with gzip.open(self.folder / "broken" / name, "wb") as file:
                    file.write(content)
                self.expect_error(3, rf"broken/{name}: {pattern}", "eval", "--config", "small.yaml", "--data", "broken")
        (self.folder / "broken" / labels).unlink()
        self.expect_error(3, "broken: t10k-labels-idx1-ubyte is missing .*fetch", "eval", "--config", "small.yaml", "--data", "broken")
        self.expect_error(3, "nowhere: no MNIST here .*correct the path", "eval", "--config", "small.yaml", "--data", "nowhere")

    def test_a_network_folder_that_is_damaged(self):
        weights = (self.folder / "net/w_fc1.npy").read_bytes()
        text = (self.folder / "net/network.yaml").read_text()
        for name, content, code, pattern in (
                ("w_fc1.npy", weights[:-7], 3, r"truncated: expected 3920 bytes of int8 with shape \(10, 392\), found 3913"),
                ("w_fc1.npy", weights + b"x", 3, r"too long: expected 3920 bytes .*, found 3921"),
                ("w_fc1.npy", weights[:40], 3, r"truncated: expected a header of 128 bytes, found 40"),
                ("w_fc1.npy", b"PK" + weights[2:], 3, r"expected a \.npy file .*, found something else"),
                ("w_fc1.npy", weights[:-1] + b"\x10", 3, r"weight \[9, 391\] is 16, but a weight is -15 \.\. 15"),
                ("network.yaml", text.replace("outputs", "output", 1).encode(), 2,
                 r"7:5: unknown key 'output' in layers\[0\]; did you mean 'outputs'"),
                ("network.yaml", text.replace("w_scale: ", "w_scale: -", 1).encode(), 2, r"11:14: 'w_scale' must be .*, found -0\.0")):
            with self.subTest(pattern=pattern):
                shutil.copytree(self.folder / "net", self.folder / "bad-net", dirs_exist_ok=True)
                (self.folder / "bad-net" / name).write_bytes(content)
                self.expect_error(code, rf"bad-net/{name}: ?{pattern}",
                                  "eval", "--config", "small.yaml", "--network", "bad-net")
        (self.folder / "bad-net/w_fc1.npy").unlink()
        (self.folder / "bad-net/network.yaml").write_text(text)
        self.expect_error(3, r"bad-net/w_fc1\.npy: cannot be read", "eval", "--config", "small.yaml", "--network", "bad-net")

    def test_a_network_that_does_not_fit(self):
        self.expect_error(2, "missing", "eval", "--config", "small.yaml", "--network", "missing")
        self.expect_error(2, "bank", "eval", "--config", "small.yaml", "--hardware", "tiny")
        self.expect_error(2, "tiny, small, full", "eval", "--config", "small.yaml", "--hardware", "huge")

    def test_bounds_that_no_grid_can_hold(self):
        for command in ("search", "certify", "chance", "sensitivity"):
            self.expect_error(2, r"too small for layer 'conv1'; the smallest .* is \|dw\| <= [\d.e-]+ w_max", command, "--config", "small.yaml",
                              "--bound", "0.0000001")
            self.expect_error(2, r"too large for layer .* the largest .* is \|dw\| <= 0.165365 w_max", command, "--config", "small.yaml", "--bound", "7")
            self.expect_error(2, "a bound of 0 makes no sense", command, "--config", "small.yaml", "--bound", "0")
        self.expect_error(2, "largest .* 0.165365 w_max", "sweep", "--config", "small.yaml", "--to", "7")
        text = (self.folder / "small.yaml").read_text()
        (self.folder / "wide.yaml").write_text(text.replace("bound: 0.03", "bound: 7", 1))
        self.expect_error(2, "largest .* 0.165365 w_max", "run", "--config", "wide.yaml")
        (self.folder / "wide.yaml").write_text(text.replace("random-vertex, bound: 0.03", "random-vertex, bound: 7", 1))
        self.expect_error(2, "largest .* 0.165365 w_max", "run", "--config", "wide.yaml")
        self.expect_error(2, "2 slices", "search", "--config", "small.yaml", "--slice-bounds", "0.1", "--idle", "fixed")
        self.expect_error(2, "up to 42 times apart", "search", "--config", "small.yaml", "--slice-bounds", "0.4,0.001", "--idle", "fixed")
        self.expect_error(2, "--idle", "search", "--config", "small.yaml", "--slice-bounds", "0.4,0.1")
        self.expect_error(2, "--slice-bounds", "search", "--config", "small.yaml", "--slice-bounds", "0.4,0.1", "--idle", "fixed", "--bound", "0.1")

    def test_more_images_than_the_data_has(self):
        self.expect_error(2, "61 test images asked for, but mnist has 60", "search", "--config", "small.yaml", "--images", "61")
        self.expect_error(2, "121 training images asked for, but mnist has 120", "search", "--config", "small.yaml", "--images", "121", "--on", "train")
        self.expect_error(2, "chance: 61 of 60 images", "chance", "--config", "small.yaml", "--images", "61")
        self.expect_error(2, "121 training images asked for and 0 held out, but mnist has 120", "train", "--config", "small.yaml", "--train-images",
                          "121", "--out", "never")
        self.expect_error(2, "61 test images asked for, but mnist has 60", "eval", "--config", "small.yaml", "--images", "61")
        text = (self.folder / "small.yaml").read_text()
        for key, value, what in (("model", 60, "test"), ("hardware", 20, "test"), ("search", 60, "test"), ("uart", 1, "test"),
                                 ("calibration_images", 50, "training")):
            with self.subTest(key=key):
                (self.folder / "many.yaml").write_text(text.replace(f"{key}: {value}", f"{key}: 999", 1))
                self.expect_error(2, f"999 {what} images asked for, but mnist has", "run", "--config", "many.yaml")

    def test_help_of_every_command_has_examples(self):
        for command in ("run", "search", "eval", "train", "import", "mvm", "program", "verify", "info"):
            done = crucible(command, "--help", folder=self.folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("Examples:", done.stdout)
            self.assertIn("--config", done.stdout)
            self.assertIn("--json", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
