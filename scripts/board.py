#!/usr/bin/python3
"""The boards of boards/: bitstreams, their figures, and what the build needs to know of them.

Usage: board.py list [--json]
       board.py bitstream NAME [--out FOLDER] [--accept]   synthesise, place, route, pack; timing must be met, figures must
                                                           keep boards/NAME/expected.json (--accept: become it)
       board.py synthesise NAME [--out FOLDER] [--accept]  map by yosys, as FOLDER/netlist.json; figures as above
                                [--config CONFIG]          of another configuration than the board's: figures are printed alone
       board.py program NAME [--bitstream FILE]            write it to the board, if it is the board's and of this tree
       board.py sources NAME --out FOLDER                  the parameters as FOLDER/crucible_config.vh; prints the sources
       board.py table [--check]                            the README's table from the stored figures

Decision docs/decisions/0014-boards.md says what a folder of boards/ holds. Exit codes: 0 good, 1 a bitstream could not be made or is not
what was expected, 2 wrong command line, description or bitstream, 4 the board could not be reached, 77 a tool is not installed, 130 interrupted.
"""
import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import board_cable
import mapping
from board_folder import BOARDS, PROVED, ROOT, SpecError, digest, load, names, parameters, sources, with_config, write_parameters
from board_table import FIGURES, write_table

MARGIN_PERCENT = 5
FLOWS = {"ecp5": "synth_ecp5", "xc7": "synth_xilinx"}


def fail(sentence, code=1):
    """Ends the program with a sentence."""
    print(f"board: {sentence}", file=sys.stderr)
    sys.exit(code)


def need(tools):
    """Ends the program with the packages to install where tools are missing."""
    missing = {tool: package for tool, package in tools.items() if not shutil.which(tool)}
    if missing:
        fail("not installed: " + "; ".join(f"{tool} ({package})" for tool, package in missing.items()) +
             "; the Debian packages: scripts/install_packages.sh scripts/packages-boards.txt", 77)


def nextpnr_figures(out):
    """Utilisation and frequency from nextpnr-ice40's report and the mapped netlist."""
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    mapped = json.loads((out / "netlist.json").read_text(encoding="utf-8"))
    top = next(m for m in mapped["modules"].values() if int(m["attributes"].get("top", "0"), 2))
    types = [cell["type"] for cell in top["cells"].values()]
    used = {n: u["used"] for n, u in report["utilization"].items()}
    figures = {"lut": types.count("SB_LUT4"), "ff": sum(t.startswith("SB_DFF") for t in types), "bram": used["ICESTORM_RAM"],
               "spram": used.get("ICESTORM_SPRAM", 0), "dsp": used.get("ICESTORM_DSP", 0), "cells": used["ICESTORM_LC"]}
    return figures, round(min(clock["achieved"] for clock in report["fmax"].values()), 2)


def prepare(board, out):
    """The parameters where the top looks for them; the sources, all of which are there."""
    write_parameters(board, out)
    files = sources(board)
    for file in files:
        if not (ROOT / file).exists():
            fail(f"{board['name']}: {file} is not there; scripts/fetch_picorv32.sh {Path(file).parent} fetches the controller's core", 2)
    return files


def keep(board, figures, accept):
    """Makes the figures the board's, or complains about those that have grown."""
    name, expected = board["name"], BOARDS / board["name"] / "expected.json"
    if accept:
        expected.write_text(json.dumps(figures) + "\n", encoding="utf-8")
        return
    stored = json.loads(expected.read_text(encoding="utf-8"))
    grown = [f"{n} is {figures[n]:,}, expected {stored[n]:,} and {MARGIN_PERCENT} % more" for n in FIGURES
             if n in figures and n in stored and figures[n] > stored[n] * (1 + MARGIN_PERCENT / 100)]
    if grown:
        fail(f"{name}: {'; '.join(grown)}; make it smaller, or accept it with --accept and scripts/board.py table")


def synthesise(board, out, accept, config):
    """Maps the board's top by yosys, as OUT/netlist.json, and complains about figures that have grown; with another configuration than
    the board's there are none to compare with."""
    if config:
        board = with_config(board, config)
    name = board["name"]
    if board["part"]["family"] not in FLOWS:
        fail(f"{name}: its netlist comes with its bitstream; make bitstream BOARD={name}", 2)
    need({"yosys": "yosys"})
    files = prepare(board, out)
    start = time.monotonic()
    black_boxes = "".join(f"read_verilog -lib {file}; " for file in sorted((BOARDS / name).glob("*_bb.v")))
    flow, stem = FLOWS[board["part"]["family"]], out / "netlist"
    try:
        mapping.run(f"{black_boxes}read_verilog -sv -noassert -I{out} {' '.join(files)}", board["top"], flow, stem)
        figures = mapping.figures(stem, flow)
    except mapping.MappingError as error:
        fail(f"{name}: {error}")
    print(f"{name}: {', '.join(f'{n} {v:,}' for n, v in figures.items())} ({time.monotonic() - start:.0f} s)")
    if not config:
        keep(board, figures, accept)


def bitstream(board, out, accept):
    """Builds the bitstream with its manifest; complains about timing that is not met and about figures that have grown."""
    name = board["name"]
    need(board["tools"])
    tested_flow = board["part"]["family"] not in FLOWS
    if not tested_flow:
        print(f"{name}: {PROVED[board['proved']]}; nobody has run boards/{name}/build.sh in this project: look at its logs")
    start = time.monotonic()
    files = prepare(board, out)
    print(f"{name}: synthesis, placement and routing take minutes; logs are in {out}", flush=True)
    done = subprocess.run([BOARDS / name / "build.sh", out, *files], cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        fail(f"{name}: build.sh failed: {(done.stderr.strip() or 'no message').splitlines()[-1]}; logs are in {out}")
    file = built(out)
    if not file.exists():
        fail(f"{name}: build.sh made no {file}; logs are in {out}")
    manifest = {"schema": "crucible.bitstream/1", "board": name, "config": board["config"],
                "config_hash": f"0x{parameters(board['config'])['ConfigHash']:08X}", "core_hz": board["clock"]["core_hz"],
                "sources_sha256": digest(board), "file": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    made = f"{file.stat().st_size:,} bytes, SHA-256 {manifest['sha256'][:16]} ({time.monotonic() - start:.0f} s)"
    figures = {}
    if tested_flow:
        figures, fmax = nextpnr_figures(out)
        core_mhz = board["clock"]["core_hz"] / 1e6
        made = f"{', '.join(f'{n} {v:,}' for n, v in figures.items())}; {fmax} MHz reached, {core_mhz:g} MHz needed; {made}"
        if fmax < core_mhz:
            file.unlink()
            fail(f"{name}: timing is not met: {fmax} MHz reached, {core_mhz:g} MHz needed; the longest path is in {out}/nextpnr.log")
        figures["fmax_mhz"] = fmax
    print(f"{name}: {made}")
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    if tested_flow:
        keep(board, figures, accept)
    print(f"{name}: {file}; write it to the board: make program BOARD={name}")


def built(out):
    """The file to write to a board: Vivado's is a bitstream.bit."""
    return out / "bitstream.bit" if (out / "bitstream.bit").exists() else out / "bitstream.bin"


def check_bitstream(board, file):
    """Refuses a file that is not what was built for this board from this tree. Raises SpecError."""
    again = f"make bitstream BOARD={board['name']}"
    manifest_path = file.parent / "manifest.json"
    if not file.exists() or not manifest_path.exists():
        raise SpecError(f"no bitstream {file} with its manifest.json; {again}")
    try:
        manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
        of, sha256, config_hash, made_from = (manifest[k] for k in ("board", "sha256", "config_hash", "sources_sha256"))
    except (ValueError, KeyError, TypeError) as error:
        raise SpecError(f"{manifest_path}: this is no bitstream's manifest ({error}); {again}") from error
    if of != board["name"]:
        raise SpecError(f"{file} is for the board '{of}', not '{board['name']}'")
    sha = hashlib.sha256(file.read_bytes()).hexdigest()
    if sha != sha256:
        raise SpecError(f"{file} has SHA-256 {sha}, its manifest says {sha256}; {again}")
    expected = f"0x{parameters(board['config'])['ConfigHash']:08X}"
    if config_hash != expected:
        raise SpecError(f"{file} has configuration {config_hash}, '{board['config']}' of this tree is {expected}; {again}")
    if made_from != digest(board):
        raise SpecError(f"{file} was made from other sources than this tree's; {again}")


def program(board, file):
    """Writes the bitstream to the board."""
    check_bitstream(board, file)
    need(board["program_tools"])
    done = subprocess.run([BOARDS / board["name"] / "program.sh", file], cwd=ROOT, check=False)
    if done.returncode != 0:
        rules = (BOARDS / board["name"] / f"53-{board['name']}.rules").relative_to(ROOT)
        fail(f"{board['name']}: {' '.join(board['program_tools'])} ended with {done.returncode}: {board_cable.why(ROOT / rules)}", 4)
    print(f"{board['name']}: {file} is on the board; boards/{board['name']}/README.md says how to ask it who it is")


def tell(as_json):
    """Prints which boards there are."""
    boards = [load(name) for name in names()]
    if as_json:
        print(json.dumps([{"name": b["name"], "title": b["title"], "config": b["config"], "core_hz": b["clock"]["core_hz"],
                           "link": b["link"]["kind"], "proved": b["proved"]} for b in boards], indent=2))
    for board in [] if as_json else boards:
        print(f"{board['name']:14} {board['title']}; {board['config']}; {PROVED[board['proved']]}")


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("list", "bitstream", "synthesise", "program", "sources", "table"))
    parser.add_argument("name", nargs="?")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--bitstream", type=Path)
    parser.add_argument("--config")
    for flag in ("--accept", "--check", "--json"):
        parser.add_argument(flag, action="store_true")
    options = parser.parse_args()
    try:
        if options.command == "list":
            tell(options.json)
            return
        if options.command == "table":
            write_table(options.check)
            return
        if not options.name:
            fail(f"which board? There are {', '.join(names())}; make {options.command} BOARD=NAME", 2)
        board = load(options.name)
        out = (options.out or ROOT / "build" / "boards" / options.name).resolve()
        if options.command == "bitstream":
            bitstream(board, out, options.accept)
        elif options.command == "synthesise":
            synthesise(board, out, options.accept, options.config)
        elif options.command == "sources":
            write_parameters(board, out)
            print("\n".join(sources(board)))
        else:
            program(board, options.bitstream or built(out))
    except SpecError as error:
        fail(error, 2)
    except KeyboardInterrupt:
        fail("interrupted; a board that was being programmed may hold half a bitstream: program it again", 130)


if __name__ == "__main__":
    main()
