#!/usr/bin/python3
"""Networks that run on the emulated board itself: firmware on its core, images in, logits out."""

import json
import unittest

from cli_support import Workplace, crucible

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

    def test_what_cannot_run_on_a_board_is_refused_with_the_reason(self):
        self.expect_error(2, "--on-board and --stats are of a device", "eval", "--config", "small.yaml", "--on-board")
        self.expect_error(2, "the device 'full' has no controller", "eval", "--config", "small.yaml", "--address", "model",
                          "--on-board", "--images", 1)
        (self.folder / "no.elf").write_bytes(b"This is a text and no program.")
        self.expect_error(3, "no.elf: it is no 32-bit little-endian ELF file", "eval", "--config", "small.yaml", "--address",
                          "model", "--hardware", "full_soc", "--on-board", "--firmware", "no.elf", "--images", 1)


if __name__ == "__main__":
    unittest.main()
