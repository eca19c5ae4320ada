#!/usr/bin/python3
"""`crucible mvm` against docs/numerics.md in NumPy."""

import unittest

import numpy as np

from cli_support import BOARD, SEED, Workplace, crucible, reference_product


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

    @unittest.skipUnless(BOARD, "no board")
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


if __name__ == "__main__":
    unittest.main(verbosity=2)
