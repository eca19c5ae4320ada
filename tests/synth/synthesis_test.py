#!/usr/bin/python3
"""scripts/synthesis.py and scripts/mapping.py without yosys: what counts as what, and which figures are refused."""
import json
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import mapping  # noqa: E402
import synthesis  # noqa: E402

TARGET = {"config": "tiny", "part": "p"}
PART = {"capacity": {"lut": 100, "ff": 100, "bram": 2, "dsp": 0}}
USED = {"lut": 50, "ff": 50, "bram": 1, "dsp": 0, "depth": 10}


class Counting(unittest.TestCase):
    def test_counts_the_luts_of_carry_cells_and_small_memories(self):
        cells = {"LUT4": 10, "CCU2C": 3, "TRELLIS_DPR16X4": 2, "TRELLIS_FF": 7, "DP16KD": 1, "PFUMX": 4}
        self.assertEqual(mapping.count(cells, "synth_ecp5"), {"lut": 24, "ff": 7, "bram": 1, "dsp": 0})

    def test_half_a_block_ram_counts_half(self):
        self.assertEqual(mapping.count({"RAMB36E1": 1, "RAMB18E1": 3}, "synth_xilinx")["bram"], 2.5)

    def test_refuses_a_cell_that_no_rule_knows(self):
        with self.assertRaisesRegex(mapping.MappingError, "SB_NEW"):
            mapping.count({"SB_NEW": 1}, "synth_ice40")


class Budget(unittest.TestCase):
    def test_takes_growth_within_the_margin(self):
        self.assertEqual(synthesis.grown(TARGET, {**USED, "lut": 52}, {"tiny:p": USED}, 5), [])

    def test_names_every_figure_beyond_the_margin(self):
        complaints = synthesis.grown(TARGET, {**USED, "lut": 53, "bram": 2}, {"tiny:p": USED}, 5)
        self.assertEqual(len(complaints), 2)
        self.assertIn("tiny on p: LUT is 53, the budget is 50 and 5 % more", complaints[0])

    def test_asks_for_a_budget_where_there_is_none(self):
        self.assertIn("no budget is stored", synthesis.grown(TARGET, USED, {}, 5)[0])

    def test_every_budget_is_that_of_a_target_and_tiny_has_one(self):
        plan = json.loads(synthesis.PARTS.read_text())
        names = {f"{t['config']}:{t['part']}" for t in plan["targets"]}
        budget = set(json.loads(synthesis.BUDGET.read_text()))
        self.assertLessEqual(budget, names)
        self.assertIn("tiny:iCE40HX8K-CT256", budget)


class Capacity(unittest.TestCase):
    def test_refuses_what_the_part_does_not_hold(self):
        self.assertEqual(synthesis.held(TARGET, PART, USED), [])
        self.assertIn("3 BRAM, the part has 2", synthesis.held(TARGET, PART, {**USED, "bram": 3})[0])

    def test_refuses_a_stale_excuse(self):
        excuse = {**TARGET, "does_not_hold": "bram"}
        self.assertEqual(synthesis.held(excuse, PART, {**USED, "bram": 3}), [])
        self.assertIn("it holds 1", synthesis.held(excuse, PART, USED)[0])

    def test_counts_the_bits_of_the_cells_alone(self):
        # full: 128 * 64 * 72 cells of 12 bits; tiny without stuck states: 10 bits.
        self.assertEqual(synthesis.cell_blocks("full", 18432), 384)
        of = synthesis.parameters("tiny")
        self.assertEqual(synthesis.cell_blocks("tiny", 1), of["Rows"] * of["Cols"] * of["Banks"] * 10)

    def test_only_what_its_cells_alone_exceed_is_not_mapped(self):
        plan = json.loads(synthesis.PARTS.read_text())
        for target in (t for t in plan["targets"] if t.get("cells_only")):
            part = plan["parts"][target["part"]]
            used = synthesis.measure(target, plan["parts"], Path("nowhere"), False)
            self.assertGreater(used["bram"], part["capacity"]["bram"])
            self.assertEqual(synthesis.held(target, part, used), [])


if __name__ == "__main__":
    unittest.main()
