"""What the tests of the program share: calling it, and a folder with a small data set, a small network and a configuration.

CRUCIBLE names the program; CRUCIBLE_BOARD, if set, the board.
"""

import gzip
import os
import pathlib
import re
import signal
import struct
import subprocess
import tempfile
import unittest

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ["CRUCIBLE"]
BOARD = os.environ.get("CRUCIBLE_BOARD")
SEED = 20240501


def crucible(*arguments, folder, timeout=100, **more):
    environment = {key: value for key, value in os.environ.items() if key != "CRUCIBLE_DATA"}
    return subprocess.run([PROGRAM, *map(str, arguments)], cwd=folder, text=True, capture_output=True, timeout=timeout,
                          env=environment, **more)


def interrupt_when_ready(test, process):
    """Sends SIGINT as soon as the process has caught it, which /proc shows."""
    status = pathlib.Path(f"/proc/{process.pid}/status")
    while not int(re.search(r"SigCgt:\s*(\w+)", status.read_text()).group(1), 16) & (1 << (signal.SIGINT - 1)):
        test.assertIsNone(process.poll())
    process.send_signal(signal.SIGINT)


def write_idx(path, array):
    header = struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    with gzip.open(path, "wb") as file:
        file.write(header + array.astype(np.uint8).tobytes())


def reference_product(levels, offsets, x, s, base, shift, bits, transparent):
    """docs/numerics.md in NumPy."""
    b = base << (s - 8)
    g = np.clip(b + (levels.astype(np.int64) << s) + offsets, 0, 2 * b + (3 << s))
    result = 0
    for p in range(8):
        total = (x.astype(np.int64) >> p & 1) @ g
        code = total if transparent else np.clip((total + (1 << shift >> 1)) >> shift, 0, 2**bits - 1)
        result = result + ((code.reshape(len(x), -1, 4) @ np.array([1, 4, -1, -4])) << p)
    return result


class Workplace(unittest.TestCase):
    """A folder with a small data set, a small network and a configuration, made once for each class."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="crucible-cli-")
        cls.folder = pathlib.Path(cls.temporary.name)
        random = np.random.default_rng(SEED)
        (cls.folder / "mnist").mkdir()
        labels = {}
        for name, count in (("train", 120), ("t10k", 60)):
            labels[name] = random.integers(0, 10, count)
            # A bright bar whose place says the class, in noise: enough for accuracy to mean something.
            images = random.integers(0, 60, (count, 28, 28))
            for image, label in zip(images, labels[name]):
                image[2 * label + 3: 2 * label + 5, 4:24] += 180
            write_idx(cls.folder / f"mnist/{name}-images-idx3-ubyte.gz", images)
            write_idx(cls.folder / f"mnist/{name}-labels-idx1-ubyte.gz", labels[name])
        cls.write_float_network(random)
        done = crucible("import", "float", "--out", "net", "--data", "mnist", folder=cls.folder)
        assert done.returncode == 0, done.stderr
        cls.imported = done
        cls.write_config()

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def write_float_network(cls, random):
        folder = cls.folder / "float"
        folder.mkdir()
        conv = np.zeros((2, 1, 3, 3), np.float32)
        conv[0, 0, 1, 1], conv[1, 0, :, 1] = 1.0, 0.4
        # Each class looks at its own rows of the pooled image.
        dense = random.normal(0, 0.01, (10, 2, 14, 14)).astype(np.float32)
        for label in range(10):
            rows = sorted({(2 * label + 3) // 2, (2 * label + 4) // 2})
            dense[label, :, rows, 2:12] += 0.5
        np.save(folder / "w_conv1.npy", conv)
        np.save(folder / "b_conv1.npy", np.zeros(2, np.float32))
        np.save(folder / "w_fc1.npy", dense.reshape(10, 392))
        np.save(folder / "b_fc1.npy", np.zeros(10, np.float32))
        (folder / "network.yaml").write_text("""schema: crucible.float_network/1
name: bars
input: {mean: 0.0, std: 1.0}
layers:
  - {name: conv1, kind: conv, inputs: [1, 28, 28], outputs: 2, kernel: 3, pad: 1, pool: true}
  - {name: fc1, kind: fc, inputs: 392, outputs: 10}
""")

    @classmethod
    def write_config(cls):
        (cls.folder / "small.yaml").write_text("""schema: crucible.experiment/1
name: small
seed: 3
threads: 2
data: {source: mnist, folder: mnist}
network: net
device: {address: model, hardware: full}
tile: {base: 0, adc: calibrated, adc_bits: 8, calibration_images: 50, realisation: pair}
images: {model: 60, hardware: 20, search: 60, uart: 1}
monte_carlo: {bound: 0.03, convention: weight, sigma: 0.5, chips: 3, images: 30, hardware_chips: 1}
searches:
  - {name: vertex, method: random-vertex, bound: 0.03, convention: weight}
  - {name: ascent, method: margin-ascent, bound: 0.03, convention: weight, effort: 0.1}
  - {name: ascent-transparent, method: margin-ascent, bound: 0.03, convention: weight, effort: 0.1, adc: transparent}
  - {name: ascent-base, method: margin-ascent, bound: 0.09, convention: device, idle: drifts, effort: 0.1, base: 32}
""")

    def expect_products_equal_the_definition(self, address):
        """Random products on the `small` device at `address`, offsets on, are what docs/numerics.md says."""
        random = np.random.default_rng(SEED)
        levels = random.integers(0, 4, (32, 16)).astype(np.uint8)
        offsets = random.integers(-128, 128, (32, 16)).astype(np.int8)
        x = random.integers(0, 256, (5, 32)).astype(np.uint8)
        for name, array in (("l", levels), ("o", offsets), ("x", x)):
            np.save(self.folder / f"{name}.npy", array)
        done = crucible("mvm", "--levels", "l.npy", "--offsets", "o.npy", "--inputs", "x.npy", "--out", "r.npy", "--lsb-exp", 10,
                        "--base", 32, "--adc-shift", 10, "--backend", f"board:{address}", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        np.testing.assert_array_equal(np.load(self.folder / "r.npy"),
                                      reference_product(levels, offsets, x, 10, 32, 10, 8, False))

    def expect_error(self, code, pattern, *arguments):
        done = crucible(*arguments, folder=self.folder)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertRegex(done.stderr, r"(?m)^crucible: error: ")
        self.assertRegex(done.stderr, pattern)
        self.assertEqual(done.stdout, "")
        return done

    def files_of(self, folder):
        base = self.folder / folder
        return {path.relative_to(base).as_posix(): path.read_bytes() for path in sorted(base.rglob("*")) if path.is_file()}
