#!/usr/bin/python3
"""`crucible regress --tile`: two tiles that differ inside pass, every planted bug is named, bad tiles get a report."""

import json
import re
import unittest
import xml.etree.ElementTree as ElementTree

from cli_support import ROOT, Workplace, crucible

TILES = ROOT / "tests/tiles"
TEMPLATE = (TILES / "template/my_tile.sv").read_text()
DESCRIPTION = (TILES / "template/my_tile.yaml").read_text()


class TileCase(Workplace):
    def regress(self, tile, config, out, *more, code=0):
        done = crucible("regress", "--tile", tile, "--config", config, "--out", out, "-j", 2, "--data", "mnist",
                        "--network", "net", *more, folder=self.folder, timeout=280)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        report = json.loads((self.folder / out / "report.json").read_text())
        self.check_reports(out, report)
        return done, report

    def check_reports(self, out, report):
        """All three reports say the same, and every link leads somewhere."""
        outcomes = report["outcomes"]
        self.assertEqual(report["passed"], all(o["status"] == "passed" for o in outcomes))
        suite = ElementTree.parse(self.folder / out / "junit.xml").getroot().find("testsuite")
        self.assertEqual([case.get("name") for case in suite], [o["name"] for o in outcomes])
        for case, outcome in zip(suite, outcomes):
            kind = {"passed": [], "failed": ["failure"]}.get(outcome["status"], ["error"])
            self.assertEqual([child.tag for child in case], kind)
        page = (self.folder / out / "report.html").read_text()
        for path in re.findall(r'href="([^"]*)"', page):
            self.assertTrue((self.folder / out / path).is_file(), path)
        for outcome in outcomes:
            self.assertIn(outcome["name"], page)

    def failed(self, report):
        return [o["name"] for o in report["outcomes"] if o["status"] != "passed"]


class Tiles(TileCase):
    def test_tiles_that_differ_inside_pass_every_check(self):
        for tile, config in ((ROOT / "rtl/core/cim_tile.sv", TILES / "row_serial/small.yaml"),
                             (ROOT / "rtl/serial/cim_serial_tile.sv", TILES / "serial/serial.yaml"),
                             (TILES / "row_parallel/row_parallel_tile.sv", TILES / "row_parallel/row_parallel.yaml")):
            with self.subTest(tile=tile.name):
                done, report = self.regress(tile, config, tile.stem)
                self.assertEqual(self.failed(report), [])
                facts = {o["name"]: o["facts"] for o in report["outcomes"]}
                for effect in ("offset", "offset_zero", "offset_off", "rails", "rails_near", "rails_far", "adc_offset",
                               "adc_offset_clamp", "transparent", "all_effects", "ideal", "uninitialised"):
                    self.assertIn(effect, facts)
                self.assertGreaterEqual(int(facts["ideal"]["products"]), 1000)
                self.assertEqual(int(facts["network"]["logits"]), 10 * int(facts["network"]["images"]))
                self.assertEqual(facts["network"]["correct"], facts["network"]["correct_twin"])
                self.assertIn("PASSED: all", done.stdout)

    def test_the_template_passes_and_needs_no_ports_of_effects(self):
        _, report = self.regress(TILES / "template/my_tile.sv", TILES / "template/my_tile.yaml", "template")
        self.assertEqual(self.failed(report), [])
        self.assertNotIn("offset", [o["name"] for o in report["outcomes"]])


class BadTiles(TileCase):
    """What a tile gets that is not fit to be tested: a report, never a crash."""

    def test_nothing_is_removed_that_no_run_has_left_and_a_name_is_no_path(self):
        (self.folder / "my_tile.yaml").write_text(DESCRIPTION.replace("name: my-tile", "name: ../mine"))
        tile = ("regress", "--tile", TILES / "template/my_tile.sv", "--config")
        self.expect_error(2, r"my_tile\.yaml:3:7: a name is letters, digits, .*, found '\.\./mine'", *tile, "my_tile.yaml")
        (self.folder / "mine/logs").mkdir(parents=True)
        (self.folder / "mine/logs/precious.log").write_text("precious")
        self.expect_error(2, "what is in its 'logs' comes from no run", *tile, TILES / "template/my_tile.yaml", "--out", "mine")
        self.assertEqual((self.folder / "mine/logs/precious.log").read_text(), "precious")

    def own(self, name, before, after, description=("", "")):
        self.assertIn(before, TEMPLATE)
        (self.folder / f"{name}.sv").write_text(TEMPLATE.replace(before, after))
        (self.folder / f"{name}.yaml").write_text(DESCRIPTION.replace(*description))
        return self.regress(f"{name}.sv", f"{name}.yaml", name, "--no-network", code=6)

    def test_a_tile_that_does_not_elaborate_is_a_report(self):
        for name, before, after, expected in (
                ("syntax", "endmodule", "endmodul", "syntax error"),
                ("port", "output logic        product_o ", "output logic        product ", "product"),
                ("extra", "input  logic        rst_ni,", "input  logic        rst_ni, input logic test_i,", "test_i"),
                ("type", "assign busy_o = busy_q;", "assign busy_o = missing;", "missing")):
            with self.subTest(name):
                done, report = self.own(name, before, after)
                self.assertEqual(self.failed(report), ["elaborates"])
                self.assertIn(expected, report["outcomes"][0]["message"])
                self.assertIn("the tile does not elaborate", done.stdout)

    def test_a_tile_whose_logic_never_ends_is_a_time_out(self):
        (self.folder / "spin.sv").write_text(TEMPLATE.replace(
            "assign busy_o = busy_q;",
            "assign busy_o = busy_q;\n  logic [31:0] spin;\n  always_comb begin\n    spin = 0;\n"
            "    while (mem_req_i && spin != 5) spin = spin + 2;\n  end"))
        (self.folder / "spin.yaml").write_text(
            DESCRIPTION.replace("effects:", 'verilator: ["-Wno-UNUSED"]\nlimits: {check_seconds: 2}\neffects:'))
        _, report = self.regress("spin.sv", "spin.yaml", "spin", "--check", "memory", code=6)
        self.assertEqual(report["outcomes"][1]["status"], "timeout")

    def test_a_description_with_a_mistake_is_named_by_line_and_column(self):
        for before, after, pattern in (
                ("top: my_tile", "tops: my_tile", r":4:1: unknown key 'tops' in the file; did you mean 'top'\?"),
                ("rows: 16", "rows: 18", r":7:18: 'rows' must be a multiple of 4, found 18"),
                ("cols: 8", "cols: 12", r":7:28: 'cols' must be a power of two, found 12"),
                ("effects: []", "effects: [ofset]", r":8:11: 'effects\[0\]' must be one of offset, .*did you mean 'offset'\?"),
                ("tile/1", "tile/2", r"expected schema crucible.tile/1"),
                ("network: {images: 1}", "network: {images: 1, base: 32}", r"needs a tile with the effect 'rails'"),
                ("effects: []", "effects: []\nsources: [gone.sv]", r"there is no .*gone\.sv")):
            with self.subTest(after=after):
                self.assertIn(before, DESCRIPTION)
                (self.folder / "wrong.yaml").write_text(DESCRIPTION.replace(before, after))
                self.expect_error(2, pattern, "regress", "--tile", TILES / "template/my_tile.sv", "--config", "wrong.yaml")
        self.expect_error(2, "--tile needs --config", "regress", "--tile", "x.sv")
        self.expect_error(2, "there is no 'x.sv'", "regress", "--tile", "x.sv", "--config", TILES / "template/my_tile.yaml")
        self.expect_error(2, "give --tile FILE.sv, or --suite FILE.yaml", "regress")


class PlantedBugs(TileCase):
    NAMED = {1: "adc_ties", 2: "adc_offset_clamp", 3: "stale_data", 4: "last_row", 5: "sparse_writes", 6: "handshake",
             7: "sign", 8: "planes", 9: "counters", 10: "reset", 11: "uninitialised", 12: "handshake"}

    def run_bug(self, bug, *more, code=6):
        return self.regress(TILES / "planted/planted_tile.sv", TILES / "planted/planted.yaml", "planted", "--tie",
                            f"bug_i={bug}", *more, code=code)

    def test_every_planted_bug_is_named_and_the_good_tile_passes(self):
        _, report = self.run_bug(0, code=0)
        self.assertEqual(self.failed(report), [])
        for bug, check in self.NAMED.items():
            with self.subTest(bug=bug):
                done, report = self.run_bug(bug)
                self.assertEqual(self.failed(report)[0], check)
                self.assertIn(f"the most basic is '{check}'", report["headline"])
                outcome = next(o for o in report["outcomes"] if o["name"] == check)
                self.assertTrue(outcome["message"])
                self.assertRegex(outcome["repeat"], rf"--tie bug_i={bug} .*--seed 1 --check {check}$")
                self.assertIn(outcome["repeat"], done.stdout)
                if check != "uninitialised":
                    self.assertGreater((self.folder / "planted" / outcome["links"]["wave"]).stat().st_size, 0)

    def test_the_printed_command_repeats_the_failure_and_the_good_tile_survives_it(self):
        _, first = self.run_bug(1, "--seed", 7)
        _, again = self.run_bug(1, "--seed", 7, "--check", "adc_ties")
        message = {o["name"]: o["message"] for o in first["outcomes"]}["adc_ties"]
        self.assertEqual(again["outcomes"][1]["message"], message)
        self.run_bug(0, "--seed", 7, "--check", "adc_ties", code=0)

    def test_a_hang_and_a_crash_are_outcomes(self):
        _, report = self.run_bug(12, "--check", "handshake")
        self.assertIn("hang: busy_o stays 1", report["outcomes"][1]["message"])
        _, report = self.run_bug(13, "--check", "memory")
        self.assertEqual(report["outcomes"][1]["status"], "crashed")
        self.assertIn("did not converge", report["outcomes"][1]["message"])

    def test_a_tie_or_check_that_does_not_exist_is_named(self):
        files = ("regress", "--tile", TILES / "planted/planted_tile.sv", "--config", TILES / "planted/planted.yaml",
                 "--out", "planted", "--tie")
        self.expect_error(2, r"--tie bug=1: give PORT=VALUE .*bug_i", *files, "bug=1")
        self.expect_error(2, r"--tie bug_i=16: '16' is no number of 4 bits", *files, "bug_i=16")


if __name__ == "__main__":
    unittest.main(verbosity=2)
