#!/usr/bin/python3
"""Synthesises the named configurations with yosys, each for a named part that holds it.

Usage: synthesis.py [CONFIG:PART ...] [--jobs N] [--out FOLDER] [--check | --page | --accept]

Without arguments: every target of tests/synth/parts.json, as many at once as there are processors and memory. Figures come from
the mapped netlist and are printed; of a target with "cells_only" the block RAM that the bits of its cells need at least, without yosys;
  --check   compares with tests/synth/budget.json and fails when a figure has grown beyond the margin
  --page    the same, and writes docs/synthesis.md (all targets)
  --accept  makes what was measured the budget of these targets, and writes docs/synthesis.md from the budget
  --reuse   counts again what lies mapped in the folder, without yosys
Exit 77: yosys is not installed.
"""
import argparse
import json
import math
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mapping
from status_line import write_status

ROOT = Path(__file__).resolve().parent.parent
PARTS = ROOT / "tests" / "synth" / "parts.json"
BUDGET = ROOT / "tests" / "synth" / "budget.json"
PAGE = ROOT / "docs" / "synthesis.md"
FIGURES = ("lut", "ff", "bram", "dsp", "depth", "packed")
NAMES = {"lut": "LUT", "ff": "FF", "bram": "BRAM", "dsp": "DSP", "depth": "depth", "packed": "packed"}


def fail(sentence):
    """Ends the program with a sentence."""
    sys.exit(f"synthesis: {sentence}")


def parameters(config):
    """The configuration's parameters by name."""
    path = ROOT / "rtl" / "gen" / f"cim_config_{config}.f"
    if not path.exists():
        fail(f"no configuration '{config}' in rtl/gen")
    return {n: int(v) for n, v in re.findall(r"^-G(\w+)=(\d+)$", path.read_text(), re.M)}


def cell_blocks(config, block_bits):
    """Block RAM that the cells need at least: a 2-bit level, an 8-bit offset and, with effects, a 2-bit stuck state each."""
    of = parameters(config)
    return math.ceil(of["Rows"] * of["Cols"] * of["Banks"] * (10 + 2 * of["Effects"]) / block_bits)


def run_yosys(config, flow, out, reuse):
    """Maps the configuration, as OUT/CONFIG-FLOW.json; its figures. Ends the program where yosys cannot."""
    files = " ".join((ROOT / "rtl" / "files.f").read_text().split())
    chparams = " ".join(f"-set {n} {v}" for n, v in parameters(config).items())
    stem = out / f"{config}-{flow}"
    try:
        if not reuse:
            mapping.run(f"read_verilog -sv -noassert {files}; chparam {chparams} cim_top", "cim_top", flow, stem)
        return mapping.figures(stem, flow)
    except mapping.MappingError as error:
        fail(error)


def packed_cells(config, flow, out):
    """Logic cells of an iCE40 after packing by nextpnr-ice40; nothing where it is not installed."""
    if flow != "synth_ice40" or not shutil.which("nextpnr-ice40"):
        return {}
    done = subprocess.run(["nextpnr-ice40", "--hx8k", "--package", "ct256", "--pack-only", "--json",
                           f"{out}/{config}-{flow}.json"], capture_output=True, text=True, check=False)
    found = re.findall(r"ICESTORM_LC: *(\d+)/", done.stderr + done.stdout)
    if not found:
        fail(f"nextpnr-ice40 could not pack {config}: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
    return {"packed": int(found[-1])}


def measure(target, parts, out, reuse):
    """All figures of one target."""
    part = parts[target["part"]]
    if target.get("cells_only"):
        used = {"bram": cell_blocks(target["config"], part["bram_bits"])}
        print(f"{target['config']:6} {target['part']:16}  BRAM {used['bram']} at least", flush=True)
        return used
    start = time.monotonic()
    used = {**run_yosys(target["config"], part["flow"], out, reuse), **packed_cells(target["config"], part["flow"], out)}
    print(f"{target['config']:6} {target['part']:16}",
          *(f"{NAMES[f]} {used[f]}" for f in FIGURES if f in used), f"({time.monotonic() - start:.0f} s)", sep="  ", flush=True)
    return used


def jobs_that_fit():
    """Mappings at once: one a processor, 4 GiB each."""
    available = int(re.search(r"MemAvailable: *(\d+)", Path("/proc/meminfo").read_text()).group(1))
    return max(1, min(os.cpu_count(), available // (4 << 20)))


def held(target, part, used):
    """Complaints about what the part holds and what parts.json says of it."""
    over = [f for f, limit in part["capacity"].items() if used.get(f, 0) > limit]
    said = [target["does_not_hold"]] if "does_not_hold" in target else []
    name = f"{target['config']} on {target['part']}"
    return ([f"{name}: {used[f]} {NAMES[f]}, the part has {part['capacity'][f]}" for f in over if f not in said] +
            [f"{name}: parts.json says that the part lacks {NAMES[f]}; it holds {used[f]}" for f in said if f not in over])


def grown(target, used, budget, margin):
    """Complaints about figures beyond the stored budget."""
    name = f"{target['config']} on {target['part']}"
    stored = budget.get(f"{target['config']}:{target['part']}")
    if stored is None:
        return [f"{name}: no budget is stored; look at the figures, then synthesis.py --accept"]
    return [f"{name}: {NAMES[f]} is {used[f]}, the budget is {stored[f]} and {margin} % more; make it smaller, or "
            f"accept it with scripts/synthesis.py --accept"
            for f in FIGURES if f in used and f in stored and used[f] > stored[f] * (1 + margin / 100)]


def page(plan, figures):
    """docs/synthesis.md."""
    def cell(target, part, used, figure):
        if figure not in used:
            return "-"
        limit = part["capacity"].get(figure)
        bold = "**" if limit is not None and used[figure] > limit else ""
        return f"{bold}{used[figure]:,}{bold}" + (f" of {limit:,}" if limit is not None else "")

    lines = ["<!-- Written by `make synthesis` (scripts/synthesis.py); do not edit. -->", "# Synthesis", "",
             "Every named configuration on a named part, by yosys 0.23; mapped for area, not placed and routed.", "",
             "| configuration | part | flow | " + " | ".join(NAMES[f] for f in FIGURES) + " |",
             "| --- " * (3 + len(FIGURES)) + "|"]
    for target in plan["targets"]:
        used = figures.get(f"{target['config']}:{target['part']}")
        part = plan["parts"][target["part"]]
        if used is None:
            lines.append(f"| `{target['config']}` | {target['part']} | `{part['flow']}` | not accepted yet" + " |" * len(FIGURES))
            continue
        lines.append(f"| `{target['config']}` | {target['part']} | `{part['flow']}` | " +
                     " | ".join(cell(target, part, used, f) for f in FIGURES) + " |")
    lines += ["", "- LUT: look-up tables of the part's size, those of carry chains and of small memories in logic included.",
              "- depth: the longest chain of combinational cells between registers, those of a DSP too (yosys `ltp` over the mapped netlist); a carry "
              "cell counts as one, so a long adder counts as many.",
              "- packed: logic cells after nextpnr-ice40 has put LUT, carry and FF together."]
    lines += [f"- {t['config']} on {t['part']}: **not enough {NAMES[t['does_not_hold']]}**. {t['reason']}"
              for t in plan["targets"] if "does_not_hold" in t]
    lines += ["", "| part | block RAM | capacities from |", "| --- | --- | --- |"]
    lines += [f"| {n} | {p['bram_unit']} | {p['source']} |" for n, p in plan["parts"].items()]
    lines += ["", f"`tests/synth/budget.json` holds the accepted figures; a figure more than {plan['margin_percent']} % above "
              "fails `make synthesis`, and for `tiny` the test `synth.tiny_keeps_its_budget` of `make test`.", ""]
    PAGE.write_text("\n".join(lines), encoding="utf-8")


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="CONFIG:PART")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "synthesis")
    parser.add_argument("--reuse", action="store_true")
    parser.add_argument("--jobs", type=int, default=jobs_that_fit())
    mode = parser.add_mutually_exclusive_group()
    for name in ("--check", "--page", "--accept"):
        mode.add_argument(name, action="store_true")
    options = parser.parse_args()
    if not shutil.which("yosys"):
        print("skipped: yosys is not installed")
        sys.exit(77)
    plan = json.loads(PARTS.read_text())
    known = {f"{t['config']}:{t['part']}": t for t in plan["targets"]}
    for name in options.targets:
        if name not in known:
            fail(f"no target '{name}'; there are {', '.join(known)}")
    if options.targets and options.page:
        fail("--page is for all targets together")
    names = options.targets or list(known)
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max(1, options.jobs)) as pool:  # the last target is the largest: it starts first
        measured = dict(zip(names[::-1], pool.map(lambda n: measure(known[n], plan["parts"], out, options.reuse), names[::-1])))
    measured = {n: measured[n] for n in names}
    complaints = sum((held(known[n], plan["parts"][known[n]["part"]], u) for n, u in measured.items()), [])
    budget = json.loads(BUDGET.read_text())
    if options.accept:
        budget = {n: measured.get(n, budget.get(n)) for n in known if n in measured or n in budget}
        BUDGET.write_text("{\n" + ",\n".join(f"  {json.dumps(n)}: {json.dumps(u)}" for n, u in budget.items()) + "\n}\n",
                          encoding="utf-8")
        page(plan, budget)
    elif options.check or options.page:
        complaints += sum((grown(known[n], u, budget, plan["margin_percent"]) for n, u in measured.items()), [])
    if options.page:
        page(plan, measured)
        tiny = next(u for n, u in measured.items() if n.startswith("tiny:"))
        write_status("synthesis", "make synthesis",
                     f"{sum('lut' in u for u in measured.values())} mappings within budget; tiny: {tiny['lut']:,} LUT, {tiny['ff']:,} FF, {tiny['bram']} BRAM"
                     if not complaints else f"{len(complaints)} figures out of bounds", not complaints)
    if complaints:
        fail("\n  ".join(["out of bounds"] + complaints))


if __name__ == "__main__":
    main()
