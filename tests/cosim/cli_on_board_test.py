#!/usr/bin/python3
"""Networks that run on the emulated board itself: firmware on its core, images in, logits out."""

import json
import unittest

from cli_support import ROOT, Workplace, crucible

BOARD = ("--address", "sim:rtl", "--hardware", "full_soc")


class OnBoard(Workplace):
    def evaluate(self, *arguments):
        done = crucible("eval", "--config", "small.yaml", "--json", *arguments, folder=self.folder, timeout=250)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_firmware_gives_every_logit_and_counter_of_the_model_over_a_wire_of_few_bytes(self):
        images = 16
        on_board = self.evaluate(*BOARD, "--on-board", "--stats", "--images", images)
        from_host = self.evaluate(*BOARD, "--stats", "--images", images)
        self.assertEqual(on_board["device"]["correct"], from_host["device"]["correct"])
        here, there = on_board["device"]["stats"], from_host["device"]["stats"]
        # 784 bytes of pixels and ten logits of four bytes must pass; frames may take the rest of 900. A run costs its command and some
        # 30 looks for the answer besides, of 124 bytes each: they grow rarer, so on a slow machine there are hardly more.
        self.assertGreater(here["wire_bytes_per_image"], 784 + 40)
        self.assertLessEqual(here["wire_bytes_per_image"], 900 + 4000 / images)
        self.assertGreater(there["wire_bytes_per_image"], 10 * here["wire_bytes_per_image"])
        self.assertGreater(here["core_cycles_per_image"], here["waiting_cycles_per_image"])
        # The same products; the host puts those of several images into a job, which fills the tile's pipeline once.
        self.assertGreaterEqual(here["tile_cycles_per_image"], there["tile_cycles_per_image"])
        self.assertNotIn("core_cycles_per_image", there)
        # The layer engine's goal on `full`, which no speed of this machine moves; and without it.
        self.assertEqual(here["layers_run_by"], "the layer engine")
        self.assertLessEqual(here["core_cycles_per_image"], 35000)
        by_firmware = self.evaluate(*BOARD, "--on-board", "--without-engine", "--stats", "--images", 2)["device"]["stats"]
        self.assertEqual(by_firmware["layers_run_by"], "firmware, as asked for")
        self.assertGreater(by_firmware["core_cycles_per_image"], 10 * here["core_cycles_per_image"])

    def test_a_search_runs_on_the_board_and_its_chip_is_what_the_model_counts(self):
        images = 6
        for method in ("block-flip", "spsa"):
            done = crucible("search", "--config", "small.yaml", "--json", "--method", method, "--on-board", *BOARD, "--images", images,
                            "--effort", 0.015, "--bound", 0.1, "--convention", "weight", "--name", method, "--restart",
                            folder=self.folder, timeout=250)
            self.assertEqual(done.returncode, 0, done.stderr)
            found = json.loads(done.stdout)
            self.assertTrue(found["on_board"])
            self.assertIn(found["measurements"], {"block-flip": (9,), "spsa": (7, 8, 9)}[method])
            self.assertLessEqual(found["accuracy"], found["start_correct"] / images)
            self.assertLessEqual(found["bracket"]["certified"], found["accuracy"])
            # The chip that it left, on the model.
            again = self.evaluate("--run", found["folder"], "--row", method, "--images", images)
            self.assertEqual(again["model"]["correct"], round(found["accuracy"] * images))
            # Commands and looks for the answer, but no offsets and no images: an update alone would be thousands of bytes.
            self.assertLess(found["timing"]["wire_bytes"], 20000)

    def test_chips_from_seeds_are_made_and_counted_on_the_board(self):
        (self.folder / "chips.yaml").write_text("""schema: crucible.effects/1
offsets: {kind: gaussian, sigma_levels: [0.1, 0.1, 0.2, 0.2], lsb_exp: 8}
stuck: {off_rate: 0.02, on_rate: 0.02}
noise: {draw: column, sigma_levels: 0.2, slope_levels: 0.0002, seed: 7}
""")
        done = crucible("chips", "--config", "small.yaml", "--json", "--effects", "chips.yaml", "--seeds", "3..6", "--images", 4, *BOARD,
                        "--on-board", folder=self.folder, timeout=250)
        self.assertEqual(done.returncode, 0, done.stderr)   # or a count or a counter differs
        found = json.loads(done.stdout)
        self.assertEqual(found["device"]["chips_equal"], 4)
        self.assertGreater(len({chip["saturations"] for chip in found["chips"]}), 1)
        # A seed is eight bytes and a count four; what a command and its answer cost is shared by all chips.
        bytes_of_chips = found["device"]["bytes_of_all_chips"]
        self.assertLess(bytes_of_chips["to_device"] + bytes_of_chips["from_device"], 4 * 12 + 8000)

    def test_a_recording_of_it_plays_on_a_device_that_takes_another_time(self):
        recorded = crucible("record", "board.rec", "--", "eval", "--config", "small.yaml", "--address", "sim:tlm", "--hardware", "full_soc",
                            "--on-board", "--images", 2, folder=self.folder, timeout=250)
        self.assertEqual(recorded.returncode, 0, recorded.stderr)
        played = crucible("replay", "board.rec", "--address", "sim:rtl", "--json", folder=self.folder, timeout=250)
        self.assertEqual(played.returncode, 0, played.stderr)
        self.assertIsNone(json.loads(played.stdout)["divergence"])

    def test_what_cannot_run_on_a_board_is_refused_with_the_reason(self):
        self.expect_error(2, "model:full_soc: the model in this process has no core to run firmware", "eval", "--config", "small.yaml",
                          "--address", "model", "--hardware", "full_soc", "--on-board", "--images", 1)
        self.expect_error(2, "--on-board and --stats are of a device", "eval", "--config", "small.yaml", "--on-board")
        self.expect_error(2, "the device 'full' has no controller", "eval", "--config", "small.yaml", "--address", "model",
                          "--on-board", "--images", 1)
        self.expect_error(2, "chips: --on-board is of a device", "chips", "--config", "small.yaml", "--effects",
                          ROOT / "configs/effects.yaml", "--on-board")
        self.expect_error(2, r"--on-board belong to the methods that firmware knows \(block-flip, spsa\)", "search", "--config",
                          "small.yaml", "--method", "evolution", "--on-board", "--address", "model")
        self.expect_error(2, "the device 'full' has no controller", "search", "--config", "small.yaml", "--method", "spsa",
                          "--on-board", "--address", "model", "--images", 2)
        (self.folder / "no.elf").write_bytes(b"This is a text and no program.")
        self.expect_error(3, "no.elf: it is no 32-bit little-endian ELF file", "eval", "--config", "small.yaml", "--address",
                          "model", "--hardware", "full_soc", "--on-board", "--firmware", "no.elf", "--images", 1)


if __name__ == "__main__":
    unittest.main()
