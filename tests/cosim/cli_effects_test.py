#!/usr/bin/python3
"""Effects from the outside: `crucible eval --effects`, `chips`, `self-test`, `info`, on the in-process device and on the emulated board."""

import json
import re
import unittest

import numpy as np

from cli_support import ROOT, Workplace, crucible
from link_device import LinkDevice, field, identity_words

ALL = """schema: crucible.effects/1
offsets:
  kind: truncated
  limit_sigmas: 2.5
  lsb_exp: 8
  sigma_levels: [0.05, 0.06, 0.07, 0.08]
  write_verify: {tolerance_levels: 0.04, most_pulses: 6, step_levels: 0.02, pulse_sigma_levels: 0.01}
drift: {nu: [0.001, 0.002, 0.003, 0.004], time_ratio: 1000}
stuck: {off_rate: 0.002, on_rate: 0.001}
noise: {draw: column, sigma_levels: 0.02, slope_levels: 0.0002, seed: 7}
attenuation: {wire_share_per_row: 0.0002, wire_share_per_column: 0.0001}
adc:
  offset_levels: {sigma: 0.1, seed: 1}
  gain_share: {table: gain.npy}
  inl_codes: {sigma: 0.3, seed: 3}
dac: {offset_lsb: {sigma: 1, seed: 4}, gain_share: {sigma: 0.01, seed: 4}, inl_lsb: {sigma: 0.7, seed: 4}}
"""
ZERO = """schema: crucible.effects/1
offsets: {kind: gaussian, sigma_levels: [0, 0, 0, 0], lsb_exp: 8}
drift: {loss: [0, 0, 0, 0]}
stuck: {off_rate: 0, on_rate: 0}
noise: {draw: cell, sigma_levels: 0, slope_levels: 0, seed: 7}
attenuation: {wire_share_per_row: 0, wire_share_per_column: 0}
adc: {offset_levels: {sigma: 0, seed: 1}, gain_share: {sigma: 0, seed: 1}, inl_codes: {sigma: 0, seed: 1}}
dac: {offset_lsb: {sigma: 0, seed: 1}, gain_share: {sigma: 0, seed: 1}, inl_lsb: {sigma: 0, seed: 1}}
"""


class OnSmall(Workplace):
    """The workplace with a network that fits `small`: two pooled convolutions and 49 inputs of a fully connected layer."""

    address = "model"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, text in (("all", ALL), ("zero", ZERO)):
            (cls.folder / f"{name}.yaml").write_text(text)
        np.save(cls.folder / "gain.npy", np.linspace(-0.01, 0.01, 16))
        config = (cls.folder / "small.yaml").read_text()
        (cls.folder / "small.yaml").write_text(config.replace("hardware: full", "hardware: small"))

    @classmethod
    def write_float_network(cls, random):
        folder = cls.folder / "float"
        folder.mkdir()
        for layer in ("conv1", "conv2"):
            kernel = np.zeros((1, 1, 3, 3), np.float32)
            kernel[0, 0, 1, :] = 0.4
            np.save(folder / f"w_{layer}.npy", kernel)
            np.save(folder / f"b_{layer}.npy", np.zeros(1, np.float32))
        dense = random.normal(0, 0.02, (10, 7, 7)).astype(np.float32)
        for label in range(10):
            dense[label, (2 * label + 3) // 4, 1:6] += 0.5
            dense[label, (2 * label + 4) // 4, 1:6] += 0.5
        np.save(folder / "w_fc1.npy", dense.reshape(10, 49))
        np.save(folder / "b_fc1.npy", np.zeros(10, np.float32))
        (folder / "network.yaml").write_text("""schema: crucible.float_network/1
name: bars
input: {mean: 0.0, std: 1.0}
layers:
  - {name: conv1, kind: conv, inputs: [1, 28, 28], outputs: 1, kernel: 3, pad: 1, pool: true}
  - {name: conv2, kind: conv, inputs: [1, 14, 14], outputs: 1, kernel: 3, pad: 1, pool: true}
  - {name: fc1, kind: fc, inputs: 49, outputs: 10}
""")

    def run_program(self, *arguments):
        done = crucible(*arguments, folder=self.folder, timeout=250)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def document(self, *arguments):
        return json.loads(self.run_program(*arguments, "--config", "small.yaml", "--json"))

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return name


class Effects(OnSmall):
    def test_device_and_model_agree_on_every_logit_and_counter(self):
        found = self.document("eval", "--effects", "all.yaml", "--chip-seed", 5, "--images", 20, "--address", self.address)
        self.assertEqual(found["chip_seed"], 5)
        self.assertEqual(found["device"]["correct"], found["model"]["correct"])
        self.assertEqual(found["device"]["images"], 20)
        counters = found["model"]["counters"]
        for name in ("products", "saturations", "clamps", "reads", "pulses"):
            self.assertGreater(counters[name], 0, name)
        for effect in ("offsets from the seed (truncated, write-verify)", "drift", "stuck cells", "noise of reads by column", "attenuation",
                       "ADC gain", "ADC non-linearity", "input converters", "ADC offsets"):
            self.assertIn(effect, found["effects"])
        text = self.run_program("eval", "--config", "small.yaml", "--effects", "all.yaml", "--images", 5, "--address", self.address)
        self.assertIn("every logit and counter equal to the model's", text)
        self.assertRegex(text, r"; chip 1\n  counters  \d+ products, \d+ saturations, \d+ clamps, \d+ rows read, \d+ pulses")

    def test_noise_by_cell_agrees_too(self):
        noise = "schema: crucible.effects/1\nnoise: {draw: cell, sigma_levels: 0.05, slope_levels: 0.001, seed: 7}\n"
        found = self.document("eval", "--effects", self.write("cell.yaml", noise), "--images", 1, "--address", self.address)
        self.assertEqual(found["device"]["images"], 1)
        self.assertNotIn("chip_seed", found)

    def test_all_effects_on_at_zero_change_nothing(self):
        plain = self.document("eval", "--images", 40)
        zero = self.document("eval", "--images", 40, "--effects", "zero.yaml")
        for key in ("images", "correct", "saturations"):
            self.assertEqual(zero["model"][key], plain["model"][key])
        found = self.document("eval", "--images", 2, "--effects", "zero.yaml", "--address", self.address)
        self.assertEqual(found["device"]["images"], 2)

    def test_a_chip_is_its_seed_whatever_the_threads(self):
        def chip(seed, threads):
            return self.document("eval", "--effects", "all.yaml", "--chip-seed", seed, "--images", 60, "--threads", threads)["model"]["counters"]
        one = chip(3, 1)
        self.assertEqual(chip(3, 3), one)
        self.assertNotEqual(chip(4, 1)["pulses"], one["pulses"])

    def test_the_documents_example_is_the_file_and_works(self):
        file = ROOT / "configs/effects.yaml"
        example = re.search(r"```yaml\n(.*?)```", (ROOT / "docs/effects.md").read_text(), re.DOTALL).group(1)
        self.assertEqual(example, file.read_text())
        found = self.document("eval", "--effects", file, "--images", 5, "--address", self.address)
        self.assertGreater(found["model"]["counters"]["pulses"], 0)

    def test_stuck_cells_by_a_map(self):
        stuck = np.zeros((16, 32, 16), np.uint8)
        stuck[0, :9, :4] = 1
        np.save(self.folder / "stuck.npy", stuck)
        file = self.write("map.yaml", "schema: crucible.effects/1\nstuck: {map: stuck.npy}\n")
        found = self.document("eval", "--effects", file, "--images", 20, "--address", self.address)
        self.assertLess(found["model"]["correct"], self.document("eval", "--images", 20)["model"]["correct"])

    def test_chips_from_seeds_are_summed_up_and_made_on_the_device(self):
        arguments = ("chips", "--effects", "all.yaml", "--seeds", "11..16", "--images", 10)
        found = self.document(*arguments, "--address", self.address)
        right = [chip["images_right"] for chip in found["chips"]]
        self.assertEqual([chip["seed"] for chip in found["chips"]], list(range(11, 17)))
        self.assertAlmostEqual(found["mean"], sum(right) / 60)
        self.assertEqual(found["lowest"], min(right) / 10)
        self.assertEqual(found["device"]["chips_equal"], 6)
        alone = self.document("eval", "--effects", "all.yaml", "--chip-seed", 13, "--images", 60)
        self.assertEqual(found["chips"][2]["pulses"], alone["model"]["counters"]["pulses"])
        again = self.document(*arguments, "--threads", 1)
        self.assertEqual(again["chips"], found["chips"])
        text = self.run_program(*arguments, "--config", "small.yaml", "--address", self.address)
        self.assertRegex(text, r"mean +\d+\.\d+ % +.* Student's t")
        self.assertRegex(text, r"6 chips made from the same seeds, .*; every logit and counter equal to the model's")
        self.check_link(found, text)

    def check_link(self, found, text):
        self.assertEqual(found["device"]["bytes_to_device"]["all"], 0)
        self.assertIn("none: the device is in this process", text)

    def test_a_self_test_reports_memories_and_converters(self):
        text = self.run_program("self-test", "--config", "small.yaml", "--address", self.address)
        self.assertIn("hold zeros and ones in every word (March C-)", text)
        self.assertIn("256 codes on each of 16 columns: the largest difference is 0, 0 codes differ; the model's: 0, 0", text)
        found = self.document("self-test", "--address", self.address, "--effects", "all.yaml", "--only", "ramp")
        self.assertNotIn("march", found)
        self.assertEqual((found["ramp"]["worst"], found["ramp"]["differing"]), tuple(found["ramp"]["model"].values()))
        self.assertGreater(found["ramp"]["worst"], 0)

    def test_info_says_what_the_device_can_do(self):
        self.assertRegex(self.run_program("info", "--config", "small.yaml", "--address", self.address),
                         r"features  effects \(docs/effects.md\), chips from seeds, write-verify, self-test\n.*rows read")
        self.assertTrue(self.document("info", "--address", self.address)["device"]["effects"])


class EffectsBadInput(OnSmall):
    def test_a_fault_of_the_file_is_named_at_its_place(self):
        for text, pattern in (
                ("schema: crucible.effects/2\n", r"bad.yaml:1:9: expected schema crucible.effects/1"),
                ("schema: crucible.effects/1\ndrif: {}\n", r"bad.yaml:2:1: unknown key 'drif'.*did you mean 'drift'"),
                ("schema: crucible.effects/1\nnoise: {draw: cell, sigma_levels: 2, slope_levels: 0, seed: 1}\n",
                 r"bad.yaml:2:35: 'sigma_levels' must be 0 .. 1, found 2"),
                ("schema: crucible.effects/1\nstuck: {off_rate: 0.7, on_rate: 0.7}\n", r"bad.yaml:2:8: off_rate and on_rate together"),
                ("schema: crucible.effects/1\nadc: {gain_share: {sigma: 0.3, seed: 1}}\n", r"bad.yaml:2:19: with this sigma and seed entry \d+ is")):
            file = self.write("bad.yaml", text)
            for command in (("eval",), ("chips",), ("self-test", "--address", "model")):
                with self.subTest(text=text, command=command[0]):
                    self.expect_error(2, pattern, *command, "--config", "small.yaml", "--effects", file)
        self.expect_error(2, "none.yaml: cannot be read", "eval", "--config", "small.yaml", "--effects", "none.yaml")

    def test_a_table_that_does_not_fit_is_named(self):
        np.save(self.folder / "rows.npy", np.full(32, 0.6))
        np.save(self.folder / "columns.npy", np.zeros(16))
        file = self.write("bad.yaml", "schema: crucible.effects/1\nattenuation: {rows: rows.npy, columns: columns.npy}\n")
        self.expect_error(3, r"rows.npy: entry 0 is 0.6; the tile holds 0 .. 0.499985", "eval", "--config", "small.yaml", "--effects", file)
        np.save(self.folder / "rows.npy", np.zeros(31))
        self.expect_error(3, r"rows.npy.*31", "eval", "--config", "small.yaml", "--effects", file)

    def test_seeds_need_something_that_they_make(self):
        file = self.write("fixed.yaml", "schema: crucible.effects/1\ndrift: {loss: [0, 0, 0, 0.1]}\n")
        self.expect_error(2, "--chip-seed belongs to an effects file with", "eval", "--config", "small.yaml", "--effects", file, "--chip-seed", 2)
        self.expect_error(2, "--chip-seed belongs to", "eval", "--config", "small.yaml", "--chip-seed", 2)
        self.expect_error(2, "nothing in fixed.yaml depends on a chip's seed", "chips", "--config", "small.yaml", "--effects", file)
        for seeds in ("5..1", "a..b", "1..", "-1..3", "1..9999999"):
            self.expect_error(2, re.escape(f"--seeds: '{seeds}' is"), "chips", "--config", "small.yaml", "--effects", "all.yaml", f"--seeds={seeds}")

    def test_a_device_that_fails_its_self_test_is_a_mismatch(self):
        identity = json.loads(crucible("info", "--address", "model:small", "--json", folder=self.folder).stdout)["device"]
        for registers, only, pattern in (
                ({"SELFTEST_RESULT": field("SELFTEST_RESULT_MARCH_DONE", 1) | field("SELFTEST_RESULT_MARCH_FAILED", 1)
                  | field("SELFTEST_RESULT_MEMORY", 1), "SELFTEST_ADDR": 7}, "march", r"a cell memory is faulty: 0x0200001c \(OFFSET word 7\)"),
                ({"SELFTEST_RAMP": field("SELFTEST_RAMP_WORST", 1)}, "ramp", "the ramp over the ADCs is not the model's")):
            device = LinkDevice({**identity_words(identity), **registers})
            self.addCleanup(device.close)
            done = crucible("self-test", "--address", device.address, "--only", only, folder=self.folder)
            self.assertEqual(done.returncode, 6, done.stderr)
            self.assertRegex(done.stderr, pattern)

    def test_a_device_without_effects_is_named_with_the_effect(self):
        self.expect_error(2, r"model:tiny: the device 'tiny' has offsets only \(FEATURES.effects is 0\), and a self-test is asked of it",
                          "self-test", "--config", "small.yaml", "--address", "model:tiny")
        self.assertIn("features  offsets only", self.run_program("info", "--config", "small.yaml", "--address", "model:tiny"))


class EffectsOnTheBoard(OnSmall):
    """The same against the Verilated tile, over a socket."""

    address = "sim:rtl"

    test_device_and_model_agree_on_every_logit_and_counter = Effects.test_device_and_model_agree_on_every_logit_and_counter
    test_noise_by_cell_agrees_too = Effects.test_noise_by_cell_agrees_too
    test_a_self_test_reports_memories_and_converters = Effects.test_a_self_test_reports_memories_and_converters
    test_chips_from_seeds_are_summed_up_and_made_on_the_device = Effects.test_chips_from_seeds_are_summed_up_and_made_on_the_device

    def check_link(self, found, text):
        sent = found["device"]["bytes_to_device"]
        self.assertEqual(sent["most_of_a_later_chip"], {"settings": 0, "chip": 32, "wait": 20})
        self.assertGreater(sent["campaign"], 0)
        self.assertIn("32 bytes to the device for a chip (seed and start), 20 to wait for it", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
