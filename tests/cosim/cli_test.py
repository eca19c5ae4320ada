#!/usr/bin/python3
"""The program from the outside: small runs, bad input, exit codes. CRUCIBLE names the program; CRUCIBLE_BOARD, if set, the board."""

import gzip
import json
import os
import pathlib
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import unittest

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ["CRUCIBLE"]
SEED = 20240501


def crucible(*arguments, folder, timeout=100, **more):
    environment = {key: value for key, value in os.environ.items() if key != "CRUCIBLE_DATA"}
    return subprocess.run([PROGRAM, *map(str, arguments)], cwd=folder, text=True, capture_output=True, timeout=timeout,
                          env=environment, **more)


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


class SmallRun(Workplace):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_done = crucible("run", "--config", "small.yaml", folder=cls.folder)
        assert cls.run_done.returncode == 0, cls.run_done.stderr

    def test_prints_a_table_with_every_row(self):
        for row in ("clean", "monte-carlo", "vertex", "ascent", "ascent-transparent", "ascent-base"):
            self.assertIn(f"  {row}", self.run_done.stdout)
        self.assertIn("rms(w) / w_max", self.run_done.stdout)
        self.assertIn("data: mnist (", self.run_done.stderr)

    def test_repeats_to_the_same_bytes_whatever_the_threads(self):
        again = crucible("run", "--config", "small.yaml", "--threads", 1, "--out", "again", folder=self.folder)
        self.assertEqual(again.returncode, 0, again.stderr)
        first, second = self.files_of("runs/small"), self.files_of("again/small")
        self.assertEqual(set(first), set(second))
        first["config.yaml"] = first["config.yaml"].replace(b"threads: 2", b"threads: 1")
        for name in first:
            if name != "timing.json":
                self.assertEqual(first[name], second[name], name)

    def test_holds_everything_to_repeat_and_recompute_it(self):
        files = self.files_of("runs/small")
        for name in ("result.json", "timing.json", "config.yaml", "table.md", "convergence.csv", "convergence.svg",
                     "network/network.yaml", "network/w_fc1.npy", "cells/levels_conv1.npy", "rows/ascent/offsets_fc1.npy",
                     "rows/ascent/bias_fc1.npy", "rows/ascent/logits.npy", "rows/clean/predicted.npy"):
            self.assertIn(name, files)
        result = json.loads(files["result.json"])
        self.assertEqual([row["name"] for row in result["rows"]],
                         ["clean", "vertex", "ascent", "ascent-transparent", "ascent-base"])
        self.assertEqual(result["rows"][2]["hardware"]["images"], 20)
        self.assertEqual(result["rows"][3]["same_search_as"], "ascent")
        self.assertGreater(result["rows"][0]["model"]["accuracy"], 0.5)
        self.assertEqual(list(self.folder.glob("runs/*.part-*")), [], "nothing half-written stays")

    def test_offsets_stay_within_the_bound(self):
        result = json.loads((self.folder / "runs/small/result.json").read_text())
        for row in result["rows"]:
            for layer in row["layers"]:
                offsets = np.load(self.folder / f"runs/small/rows/{row['name']}/offsets_{layer['name']}.npy")
                self.assertLessEqual(np.abs(offsets.astype(int)).max(), layer["largest_offset"])

    def test_thirty_lines_of_numpy_recompute_every_row(self):
        for row in ("clean", "vertex", "ascent", "ascent-transparent", "ascent-base"):
            done = subprocess.run([sys.executable, ROOT / "scripts/recompute.py", "runs/small", row,
                                   "mnist/t10k-images-idx3-ubyte.gz", "mnist/t10k-labels-idx1-ubyte.gz"],
                                  cwd=self.folder, text=True, capture_output=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            stored = next(r for r in json.loads((self.folder / "runs/small/result.json").read_text())["rows"] if r["name"] == row)
            self.assertIn(f"{row}: {stored['model']['correct']} of 60 correct", done.stdout)

    def test_search_by_monte_carlo_draws_the_chips_that_were_asked_for(self):
        done = crucible("search", "--method", "monte-carlo", "--chips", "3", "--images", "40", "--config", "small.yaml",
                        "--name", "chance", "--json", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        chance = json.loads(done.stdout)["monte_carlo"]
        self.assertEqual((chance["chips"], chance["images"], len(chance["accuracy"])), (3, 40, 3))
        self.assertEqual(chance["lowest"], min(chance["accuracy"]))
        again = crucible("run", "--config", "runs/chance/config.yaml", "--out", "again", "--json", folder=self.folder)
        self.assertEqual(json.loads(again.stdout)["monte_carlo"]["accuracy"], chance["accuracy"], again.stderr)
        self.expect_error(2, "belong to monte-carlo", "search", "--method", "weight-pgd", "--chips", "3", "--config", "small.yaml")

    def test_a_stored_chip_evaluates_to_what_was_stored(self):
        done = crucible("eval", "--run", "runs/small", "--row", "ascent", "--config", "small.yaml", "--json", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        stored = json.loads((self.folder / "runs/small/result.json").read_text())["rows"][2]["model"]
        self.assertEqual(json.loads(done.stdout)["model"]["correct"], stored["correct"])

    def test_verify_holds_the_folder_against_a_device(self):
        done = crucible("verify", "--run", "runs/small", "--address", "model", "--data", "mnist", "--json", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([row["row"] for row in json.loads(done.stdout)["rows"]],
                         ["clean", "vertex", "ascent", "ascent-transparent", "ascent-base"])

    def test_verify_names_what_was_changed(self):
        crucible("run", "--config", "small.yaml", "--out", "spoilt", folder=self.folder)
        file = self.folder / "spoilt/small/rows/vertex/logits.npy"
        logits = np.load(file)
        logits[3, 4] += 1
        np.save(file, logits)
        self.expect_error(6, r"image 3, class 4: ", "verify", "--run", "spoilt/small", "--row", "vertex", "--address", "model",
                          "--data", "mnist")
        file = self.folder / "spoilt/small/cells/levels_fc1.npy"
        levels = np.load(file)
        levels[0, 0] ^= 1
        np.save(file, levels)
        self.expect_error(6, r"levels_fc1\.npy: element 0 is ", "verify", "--run", "spoilt/small", "--address", "model")

    def test_verify_of_an_unprogrammed_device_names_the_cell(self):
        self.expect_error(6, r"bank 0, row \d+, col", "verify", "--config", "small.yaml")

    def test_leaves_a_folder_alone_that_is_no_result(self):
        (self.folder / "precious/small").mkdir(parents=True)
        (self.folder / "precious/small/thesis.tex").write_text("x")
        self.expect_error(2, "is no result folder", "search", "--config", "small.yaml", "--name", "small", "--out", "precious",
                          "--method", "random-vertex")
        self.assertEqual((self.folder / "precious/small/thesis.tex").read_text(), "x")

    def test_search_writes_one_json_document_and_nothing_else(self):
        done = crucible("search", "--config", "small.yaml", "--method", "random-vertex", "--json", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        document = json.loads(done.stdout)
        self.assertEqual(document["rows"][1]["bound"]["convention"], "weight")
        self.assertTrue((self.folder / "runs/search-random-vertex/result.json").exists())

    def test_ctrl_c_keeps_the_result_so_far(self):
        process = subprocess.Popen([PROGRAM, "search", "--config", "small.yaml", "--method", "margin-ascent", "--effort", "100",
                                    "--name", "cut"], cwd=self.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        # The first search's folder of the run is done by the time that the search has begun: the reporter says so every 10 s at most,
        # so the signal is sent as soon as the process has caught SIGINT, which /proc shows.
        status = pathlib.Path(f"/proc/{process.pid}/status")
        while not int(re.search(r"SigCgt:\s*(\w+)", status.read_text()).group(1), 16) & (1 << (signal.SIGINT - 1)):
            self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, errors)
        self.assertIn("INTERRUPTED", output)
        self.assertTrue(json.loads((self.folder / "runs/cut/result.json").read_text())["interrupted"])


@unittest.skipUnless(os.environ.get("CRUCIBLE_BOARD"), "no board")
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


class Import(Workplace):
    def test_reports_both_accuracies_and_writes_a_network(self):
        self.assertRegex(self.imported.stdout, r"as it came, in float +\d+\.\d\d %")
        weights = np.load(self.folder / "net/w_fc1.npy")
        self.assertEqual((weights.dtype, weights.shape), (np.int8, (10, 392)))
        self.assertEqual(np.abs(weights).max(), 15)
        original = np.load(self.folder / "float/w_fc1.npy").astype(np.float64)
        scale = np.abs(original).max() / 15
        self.assertLessEqual(np.abs(weights - original / scale).max(), 0.5 + 1e-6)

    def test_takes_its_own_folders_as_they_are(self):
        done = crucible("import", "net", "--out", "net2", "--data", "mnist", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.files_of("net"), self.files_of("net2"))

    def test_says_that_a_mean_with_padding_changes_the_border(self):
        text = (self.folder / "float/network.yaml").read_text()
        changed = self.folder / "shifted"
        subprocess.run(["cp", "-r", self.folder / "float", changed], check=True)
        (changed / "network.yaml").write_text(text.replace("mean: 0.0, std: 1.0", "mean: 0.1307, std: 0.3081"))
        done = crucible("import", "shifted", "--out", "net3", "--data", "mnist", "--json", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(json.loads(done.stdout)["border_approximated"])
        self.assertIn("note: the input mean", done.stderr)

    def test_refuses_weights_of_the_wrong_type_or_shape(self):
        for name, array, pattern in (("double", np.zeros((10, 392)), "expected float32, found float64"),
                                     ("turned", np.zeros((392, 10), np.float32), r"expected shape \(10, 392\), found \(392, 10\)"),
                                     ("zero", np.zeros((10, 392), np.float32), "every weight is zero"),
                                     ("nan", np.full((10, 392), np.nan, np.float32), "not a finite number")):
            subprocess.run(["cp", "-r", self.folder / "float", self.folder / name], check=True)
            np.save(self.folder / name / "w_fc1.npy", array)
            self.expect_error(3, rf"{name}/w_fc1\.npy: .*{pattern}", "import", name, "--out", "x", "--data", "mnist")


class Mvm(Workplace):
    def save(self, **arrays):
        for name, array in arrays.items():
            np.save(self.folder / f"{name}.npy", array)

    def multiply(self, *arguments):
        done = crucible("mvm", "--levels", "l.npy", "--inputs", "x.npy", "--out", "r.npy", *arguments, folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return np.load(self.folder / "r.npy")

    def test_equals_the_definition_on_model_and_device(self):
        random = np.random.default_rng(SEED)
        for trial in range(6):
            rows, cols, count = int(random.integers(1, 33)) * 4, int(random.integers(1, 17)) * 4, int(random.integers(1, 5))
            s, base, shift, bits = int(random.integers(8, 19)), int(random.integers(0, 256)), int(random.integers(0, 20)), 8
            levels = random.integers(0, 4, (rows, cols)).astype(np.uint8)
            offsets = random.integers(-128, 128, (rows, cols)).astype(np.int8)
            x = random.integers(0, 256, (count, rows)).astype(np.uint8)
            self.save(l=levels, o=offsets, x=x)
            transparent = trial % 2 == 1
            flags = ["--offsets", "o.npy", "--lsb-exp", s, "--base", base, "--adc-shift", shift, "--adc-bits", bits]
            flags += ["--transparent"] if transparent else []
            expected = reference_product(levels, offsets, x, s, base, shift, bits, transparent)
            for backend in ("model", "board:model"):
                with self.subTest(seed=SEED, trial=trial, backend=backend):
                    np.testing.assert_array_equal(self.multiply(*flags, "--backend", backend), expected)
            np.testing.assert_array_equal(self.multiply(*flags, "--no-inject"),
                                          reference_product(levels, 0 * offsets, x, s, base, shift, bits, transparent))

    @unittest.skipUnless(os.environ.get("CRUCIBLE_BOARD"), "no board")
    def test_equals_the_definition_on_the_rtl(self):
        random = np.random.default_rng(SEED + 1)
        levels = random.integers(0, 4, (16, 4)).astype(np.uint8)
        offsets = random.integers(-128, 128, (16, 4)).astype(np.int8)
        x = random.integers(0, 256, (3, 16)).astype(np.uint8)
        self.save(l=levels, o=offsets, x=x)
        result = self.multiply("--offsets", "o.npy", "--lsb-exp", 9, "--adc-shift", 9, "--backend", "rtl", "--hardware", "tiny")
        np.testing.assert_array_equal(result, reference_product(levels, offsets, x, 9, 0, 9, 8, False))

    def test_names_what_is_wrong_with_the_arrays(self):
        levels, x = np.ones((8, 8), np.uint8), np.ones((1, 8), np.uint8)
        bad = levels.copy()
        bad[2, 3] = 4
        files = ("mvm", "--levels", "l.npy", "--inputs", "x.npy", "--out", "r.npy")
        for arrays, pattern, more in (
                ({"l": bad}, r"l\.npy: level \[2, 3\] is 4, but a level is 0 \.\. 3", ()),
                ({"l": levels.astype(np.int64)}, r"l\.npy: expected uint8, found int64", ()),
                ({"l": levels[:, :6].copy()}, r"l\.npy: shape \(8, 6\), but .* a multiple of 4 columns", ()),
                ({"x": x[:, :7].copy()}, r"x\.npy: expected shape \(any, 8\), found \(1, 7\)", ()),
                ({"x": x[0].copy()}, r"x\.npy: expected shape \(any, 8\), found \(8,\)", ()),
                ({"l": np.asfortranarray(np.ones((8, 12), np.uint8))}, r"l\.npy: .*Fortran order", ()),
                ({"o": np.ones((8, 7), np.int8)}, r"o\.npy: expected shape \(8, 8\), found \(8, 7\)", ("--offsets", "o.npy")),
                ({"a": np.ones(7, np.int16)}, r"a\.npy: expected shape \(8,\), found \(7,\)", ("--adc-offset", "a.npy"))):
            self.save(l=levels, x=x)
            self.save(**arrays)
            self.expect_error(3, pattern, *files, *more)
        (self.folder / "l.npy").write_bytes(b"\x93NUMPY\x01\x00")
        self.expect_error(3, r"l\.npy: ", *files)
        self.save(l=np.ones((256, 8), np.uint8), x=np.ones((1, 256), np.uint8))
        self.expect_error(2, r"256 rows and 8 columns, but a bank of model", *files, "--backend", "board:model")
        self.expect_error(2, r"--backend is model, rtl or board:ADDRESS", *files, "--backend", "fpga")


class BadInput(Workplace):
    def test_the_command_line(self):
        self.expect_error(2, r"unknown command 'serach'; did you mean 'search'\? Commands: ", "serach")
        self.expect_error(2, "subcommand")
        self.expect_error(2, "--bound", "search", "--bound", "nine")
        self.expect_error(2, "margin-ascent", "search", "--config", "small.yaml", "--method", "margin-ascend")
        self.expect_error(2, "--idle", "search", "--config", "small.yaml", "--convention", "device")
        self.expect_error(2, "--idle", "search", "--config", "small.yaml", "--idle", "fixed")

    def test_a_configuration_with_a_wrong_key(self):
        text = (self.folder / "small.yaml").read_text()
        (self.folder / "bad.yaml").write_text(text.replace("seed: 3", "sead: 3"))
        self.expect_error(2, r"bad\.yaml:3:1: unknown key 'sead' in the file; did you mean 'seed'\?", "run", "--config", "bad.yaml")
        (self.folder / "bad.yaml").write_text(text.replace("method: random-vertex", "method: vertex"))
        self.expect_error(2, "random-vertex", "run", "--config", "bad.yaml")
        self.expect_error(2, r"none\.yaml: cannot be read", "run", "--config", "none.yaml")

    def test_data_that_is_damaged_or_not_there(self):
        (self.folder / "broken").mkdir()
        for file in (self.folder / "mnist").iterdir():
            (self.folder / "broken" / file.name).write_bytes(file.read_bytes())
        name = self.folder / "broken/t10k-images-idx3-ubyte.gz"
        whole = gzip.decompress(name.read_bytes())
        with gzip.open(name, "wb") as file:
            file.write(whole[:-100])
        self.expect_error(3, "t10k-images", "eval", "--config", "small.yaml", "--data", "broken")
        self.expect_error(3, "nowhere", "eval", "--config", "small.yaml", "--data", "nowhere")

    def test_a_network_that_does_not_fit(self):
        self.expect_error(2, "missing", "eval", "--config", "small.yaml", "--network", "missing")
        self.expect_error(2, "bank", "eval", "--config", "small.yaml", "--hardware", "tiny")
        self.expect_error(2, "tiny, small, full", "eval", "--config", "small.yaml", "--hardware", "huge")

    def test_a_device_that_is_not_there_or_is_another_one(self):
        for address, code in (("tcp:127.0.0.1:1", 4), ("unix:/nowhere/x", 4), ("uart:/dev/none?baud=3000000", 4),
                              ("usb:1", 2), ("tcp:localhost", 2)):
            done = self.expect_error(code, re.escape(address.split("?")[0]), "info", "--address", address)
            self.assertEqual(done.stdout, "")
        for command in ("run", "eval", "program", "verify"):
            self.expect_error(4, "model:tiny: the device is 'tiny'", command, "--config", "small.yaml", "--address", "model:tiny")

    def test_bounds_that_no_grid_can_hold(self):
        self.expect_error(2, "bound", "search", "--config", "small.yaml", "--bound", "0.0000001")

    def test_help_of_every_command_has_examples(self):
        for command in ("run", "search", "eval", "train", "import", "mvm", "program", "verify", "info"):
            done = crucible(command, "--help", folder=self.folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("Examples:", done.stdout)
            self.assertIn("--config", done.stdout)
            self.assertIn("--json", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
