"""A design mapped by yosys onto a part's cells, and what it takes of them. For synthesis.py (configurations) and board.py (tops of boards)."""
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What a mapped cell counts as: (pattern of the cell's name, figure, how many). The first pattern that fits counts.
CELLS = {
    "synth_ice40": [(r"SB_LUT4", "lut", 1), (r"SB_DFF\w*", "ff", 1), (r"SB_RAM40_4K\w*", "bram", 1),
                    (r"SB_MAC16", "dsp", 1), (r"SB_CARRY", None, 0)],
    "synth_ecp5": [(r"LUT4", "lut", 1), (r"CCU2C", "lut", 2), (r"TRELLIS_DPR16X4", "lut", 4),
                   (r"TRELLIS_FF", "ff", 1), (r"DP16KD|PDPW16KD", "bram", 1), (r"MULT18X18D", "dsp", 1),
                   (r"PFUMX|L6MUX21|EHXPLLL", None, 0)],
    "synth_xilinx": [(r"LUT[1-6]", "lut", 1), (r"SRL16E|SRLC32E", "lut", 1), (r"RAM32M|RAM64M", "lut", 4),
                     (r"RAM128X1D", "lut", 4), (r"RAM(32|64)X1D", "lut", 2), (r"RAM256X1S", "lut", 4),
                     (r"FD[RSCP]E(_1)?", "ff", 1), (r"RAMB36E1", "bram", 1), (r"RAMB18E1", "bram", 0.5),
                     (r"DSP48E1", "dsp", 1), (r"CARRY4|MUXF[78]|INV|BUFG|[IO]BUF|PLLE2_BASE|litefury_shell", None, 0)],
}
# Combinational cells: the longest chain of them between registers is the depth.
LOGIC = {
    "synth_ice40": "t:SB_LUT4 t:SB_CARRY",
    "synth_ecp5": "t:LUT4 t:CCU2C t:PFUMX t:L6MUX21 t:MULT18X18D",
    "synth_xilinx": "t:LUT* t:CARRY4 t:MUXF7 t:MUXF8 t:INV t:DSP48E1",
}
# Of these the cells that hold registers: a chain ends there, too.
REGISTERED = {
    "synth_xilinx": "t:DSP48E1 r:AREG>0 r:BREG>0 r:CREG>0 r:DREG>0 r:ADREG>0 r:MREG>0 r:PREG>0 %u %u %u %u %u %u %i",
}
# The sums of a bit plane, eight times in a configuration, are mapped once and flattened afterwards, for the sake of time.
ONCE = {"synth_ecp5": "*cim_plane_sums", "synth_xilinx": "*cim_plane_sums"}
# Look-up tables of the part's own size alone: where yosys may join them by the part's multiplexers, it maps for depth and
# takes half as many again.
OPTIONS = {"synth_ecp5": "-nowidelut", "synth_xilinx": "-family xc7 -noiopad -noclkbuf -flatten -nowidelut"}


class MappingError(Exception):
    """What yosys could not do, or made and nothing here knows; with the log."""


def run(read, top, flow, stem):
    """Maps `top`, which the commands `read` bring into yosys, by `flow`: STEM.json, the flat netlist; STEM.stat and STEM.ltp, cells and
    longest path; STEM.log. Raises MappingError."""
    keep, flatten = ((f"hierarchy -top {top}; setattr -mod -set keep_hierarchy 1 {ONCE[flow]}; ",
                      f"setattr -mod -unset keep_hierarchy {ONCE[flow]}; flatten; clean; ") if flow in ONCE else ("", ""))
    registers = f"select -set registered {REGISTERED[flow]}; delete @registered; " if flow in REGISTERED else ""
    script = (f"{read}; {keep}{flow} -top {top} -run begin:check {OPTIONS.get(flow, '')}; blackbox =A:whitebox; {flatten}"
              f"tee -q -o {stem}.stat stat; write_json {stem}.json; "
              f"{registers}select -set logic {LOGIC[flow]}; delete {top}/t:* @logic %d; tee -q -o {stem}.ltp ltp")
    done = subprocess.run(["yosys", "-q", "-l", f"{stem}.log", "-p", script], cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        said = (done.stderr.strip() or "no message").splitlines()[-1]
        raise MappingError(f"yosys could not map {top} with {flow}: {said}; see {stem}.log")


def count(cells, flow):
    """{lut, ff, bram, dsp} of the numbers of cells by name. Raises MappingError for a cell that no rule knows."""
    used = dict.fromkeys(("lut", "ff", "bram", "dsp"), 0)
    for name, number in cells.items():
        rule = next((r for r in CELLS[flow] if re.fullmatch(r[0], name)), None)
        if rule is None:
            raise MappingError(f"{flow} made {number} cells '{name}'; say in scripts/mapping.py what they count as")
        if rule[1]:
            used[rule[1]] += number * rule[2]
    used["bram"] = int(used["bram"]) if used["bram"] == int(used["bram"]) else used["bram"]
    return used


def figures(stem, flow):
    """{lut, ff, bram, dsp, depth} of what run() left at STEM. Raises MappingError where it left nothing, too."""
    if not Path(f"{stem}.ltp").exists():
        raise MappingError(f"nothing is mapped: {stem}.ltp is not there")
    cells = {n: int(c) for n, c in re.findall(r"^ +(\w+) +(\d+)$", Path(f"{stem}.stat").read_text(encoding="utf-8"), re.M)}
    chain = Path(f"{stem}.ltp").read_text(encoding="utf-8")
    if "Detected loop" in chain:
        raise MappingError(f"logic in a loop has no depth: {stem}.ltp")
    depth = re.search(r"\(length=(\d+)\)", chain).group(1)
    return {**count(cells, flow), "depth": int(depth)}
