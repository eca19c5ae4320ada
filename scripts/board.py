#!/usr/bin/python3
"""The boards of boards/: bitstreams, their figures, and what the build needs to know of them.

Usage: board.py list
       board.py bitstream NAME [--out FOLDER] [--accept]   synthesise, place, route, pack; timing must be met, figures must
                                                           keep boards/NAME/expected.json (--accept: become it)
       board.py program NAME [--bitstream FILE]            write it to the board, if it is the board's and of this tree
       board.py sources NAME --out FOLDER                  the parameters as FOLDER/crucible_config.vh; prints the sources
       board.py table [--check]                            the README's table from the stored figures

Decision docs/decisions/0014-boards.md says what a folder of boards/ holds. Exit 77: a tool is not installed.
"""
import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "spec"))
from generator.strict_yaml import TEXTS, SpecError, load_mapping  # noqa: E402

BOARDS = ROOT / "boards"
README = ROOT / "README.md"
BEGIN, END = "<!-- boards: written by scripts/board.py table -->\n", "<!-- /boards -->\n"
SCHEMA = "crucible.fpga_board/1"
KEYS = {
    "schema": str, "name": str, "title": str, "part": {"family": str, "device": str, "package": str}, "top": str,
    "module": str, "config": str, "clock": {"pin": str, "hz": int, "core_hz": int, "source": str},
    "link": {"kind": str, "baud": int, "adapter": str}, "constraints": str, "pins": TEXTS, "pins_from": str,
    "proved": str, "tools": TEXTS, "program_tools": TEXTS,
}
PROVED = {"bitstream": "bitstream built and tested here",
          "netlist": "bitstream built; the mapped netlist before it is tested here",
          "flow": "packaged tools; the bitstream is not tested yet",
          "synthesis": "synthesis; the build script was not run here",
          "read": "sources read by both tools; the build script was not run here"}
MARGIN_PERCENT = 5
FIGURES = ("lut", "ff", "bram", "spram", "dsp", "cells")


def fail(sentence, code=1):
    """Ends the program with a sentence."""
    print(f"board: {sentence}", file=sys.stderr)
    sys.exit(code)


def names():
    """The boards there are."""
    return sorted(p.parent.name for p in BOARDS.glob("*/board.yaml"))


def load(name):
    """One board.yaml, every value checked. Raises SpecError with file, line, key and what is legal."""
    if name not in names():
        raise SpecError(f"no board '{name}'; there are {', '.join(names())}")
    path = BOARDS / name / "board.yaml"
    board = load_mapping(path, KEYS)
    checks = {
        "schema": (board["schema"], [SCHEMA]), "name": (board["name"], [name]),
        "module": (board["module"], ["cim_top", "cim_pcie"]), "proved": (board["proved"], list(PROVED)),
        "config": (board["config"], [p.stem[len("cim_config_"):] for p in (ROOT / "rtl/gen").glob("cim_config_*.f")]),
        "kind": (board["link"]["kind"], ["uart", "pcie"]),
    }
    for key, (value, legal) in checks.items():
        if value not in legal:
            raise SpecError(f"{path}: key '{key}' is '{value}', legal is {', '.join(legal)}")
    baud = board["clock"]["core_hz"] / parameters(board["config"])["ClksPerBit"]
    if board["link"]["kind"] == "uart" and baud != board["link"]["baud"]:
        raise SpecError(f"{path}: key 'baud' is {board['link']['baud']}; core_hz and ClksPerBit of '{board['config']}' make {baud:.0f}")
    constraints = (BOARDS / name / board["constraints"]).read_text(encoding="utf-8")
    for port, pin in board["pins"].items():
        placed = [line for line in constraints.splitlines() if not line.startswith("#") and
                  all(re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", line) for word in (port, pin))]
        if not placed:
            raise SpecError(f"{path}: key '{port}': {board['constraints']} does not put it on pin {pin}")
    return board


def parameters(config):
    """The parameters of a configuration, {name: value}."""
    text = (ROOT / "rtl/gen" / f"cim_config_{config}.f").read_text(encoding="utf-8")
    return {n: int(v) for n, v in re.findall(r"^-G(\w+)=(\d+)$", text, re.M)}


def sources(board, out):
    """Writes the parameters where the top includes them from; the source files, from the repository's root."""
    out.mkdir(parents=True, exist_ok=True)
    values = ", ".join(f".{n}({v})" for n, v in parameters(board["config"]).items())
    (out / "crucible_config.vh").write_text(f"`define CRUCIBLE_CONFIG {values}\n", encoding="utf-8")
    lists = ["rtl/files.f"] + (["rtl/board.f"] if board["module"] == "cim_pcie" else [])
    files = sum(((ROOT / name).read_text(encoding="utf-8").split() for name in lists), [])
    return files + ["boards/common/cim_power_on.sv", f"boards/{board['name']}/{board['top']}.sv"]


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


def bitstream(board, out, accept):
    """Builds the bitstream; complains about timing that is not met and about figures that have grown."""
    if board["proved"] not in ("bitstream", "netlist", "flow"):
        fail(f"{board['name']}: {PROVED[board['proved']]}; see boards/{board['name']}/README.md for what to run")
    need(board["tools"])
    start = time.monotonic()
    files = sources(board, out)
    done = subprocess.run([BOARDS / board["name"] / "build.sh", out, *files], cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        fail(f"{board['name']}: build.sh failed: {(done.stderr.strip() or 'no message').splitlines()[-1]}; logs are in {out}")
    figures, fmax = nextpnr_figures(out)
    core_mhz = board["clock"]["core_hz"] / 1e6
    file = out / "bitstream.bin"
    manifest = {"schema": "crucible.bitstream/1", "board": board["name"], "config": board["config"],
                "config_hash": f"0x{parameters(board['config'])['ConfigHash']:08X}", "core_hz": board["clock"]["core_hz"],
                "file": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    print(f"{board['name']}: {', '.join(f'{n} {v:,}' for n, v in figures.items())}; {fmax} MHz reached, {core_mhz:g} MHz needed; "
          f"{file.stat().st_size:,} bytes, SHA-256 {manifest['sha256'][:16]} ({time.monotonic() - start:.0f} s)")
    if fmax < core_mhz:
        file.unlink()
        fail(f"{board['name']}: timing is not met: {fmax} MHz reached, {core_mhz:g} MHz needed; the longest path is in {out}/nextpnr.log")
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    expected = BOARDS / board["name"] / "expected.json"
    if accept:
        expected.write_text(json.dumps({**figures, "fmax_mhz": fmax}) + "\n", encoding="utf-8")
        return
    stored = json.loads(expected.read_text(encoding="utf-8"))
    if "cells" not in stored:
        print(f"{board['name']}: no expected figures are stored; --accept stores these")
        return
    grown = [f"{n} is {figures[n]:,}, expected {stored[n]:,} and {MARGIN_PERCENT} % more" for n in FIGURES
             if figures[n] > stored[n] * (1 + MARGIN_PERCENT / 100)]
    if grown:
        fail(f"{board['name']}: {'; '.join(grown)}; make it smaller, or accept it with --accept and scripts/board.py table")


def check_bitstream(board, file):
    """Refuses a file that is not what was built for this board from this tree. Raises SpecError."""
    manifest_path = file.parent / "manifest.json"
    if not file.exists() or not manifest_path.exists():
        raise SpecError(f"no bitstream {file} with its manifest.json; make bitstream BOARD={board['name']}")
    manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
    if manifest["board"] != board["name"]:
        raise SpecError(f"{file} is for the board '{manifest['board']}', not '{board['name']}'")
    sha = hashlib.sha256(file.read_bytes()).hexdigest()
    if sha != manifest["sha256"]:
        raise SpecError(f"{file} has SHA-256 {sha}, its manifest says {manifest['sha256']}; make bitstream BOARD={board['name']}")
    expected = f"0x{parameters(board['config'])['ConfigHash']:08X}"
    if manifest["config_hash"] != expected:
        raise SpecError(f"{file} has configuration {manifest['config_hash']}, '{board['config']}' of this tree is {expected}; "
                        f"make bitstream BOARD={board['name']}")


def program(board, file):
    """Writes the bitstream to the board."""
    check_bitstream(board, file)
    need(board["program_tools"])
    sys.exit(subprocess.run([BOARDS / board["name"] / "program.sh", file], cwd=ROOT, check=False).returncode)


def table():
    """The README's table of boards, from every board.yaml and the stored figures."""
    synthesis = json.loads((ROOT / "tests/synth/budget.json").read_text(encoding="utf-8"))
    measured = json.loads((BOARDS / "measured.json").read_text(encoding="utf-8"))
    lines = ["| board | part | configuration | LUT | FF | block RAM | SPRAM | DSP | logic cells | Fmax | clock | products/s | images/s | stands on |",
             "| --- " * 14 + "|"]
    for name in names():
        board = load(name)
        figures = json.loads((BOARDS / name / "expected.json").read_text(encoding="utf-8"))
        if "synthesis" in figures:
            figures = synthesis[figures["synthesis"]]
        cycles = measured.get(board["config"])
        hz = board["clock"]["core_hz"]
        rates = [f"{hz / cycles[k]:,.0f}" if cycles else "-" for k in ("product_cycles", "image_cycles")]
        cells = [f"{figures[n]:,}" if n in figures else "-" for n in FIGURES]
        fmax = f"{figures['fmax_mhz']:.1f} MHz" if "fmax_mhz" in figures else "-"
        lines.append(f"| [`{name}`](boards/{name}/README.md) | {board['part']['device']}-{board['part']['package']} | `{board['config']}` | " +
                     " | ".join(cells + [fmax, f"{hz / 1e6:g} MHz"] + rates + [PROVED[board["proved"]]]) + " |")
    return "\n".join(lines) + "\n"


def write_table(check):
    """Puts the table into the README, or says that it is another."""
    text = README.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        fail(f"{README}: the markers of the table are missing: {BEGIN.strip()} and {END.strip()}")
    before, rest = text.split(BEGIN)
    old, after = rest.split(END)
    if check and old != table():
        fail("README.md: the table of boards is not what boards/ says; run scripts/board.py table")
    if not check:
        README.write_text(before + BEGIN + table() + END + after, encoding="utf-8")


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("list", "bitstream", "program", "sources", "table"))
    parser.add_argument("name", nargs="?")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--bitstream", type=Path)
    for flag in ("--accept", "--check"):
        parser.add_argument(flag, action="store_true")
    options = parser.parse_args()
    try:
        if options.command == "list":
            for name in names():
                board = load(name)
                print(f"{name:14} {board['title']}; {board['config']}; {PROVED[board['proved']]}")
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
        elif options.command == "sources":
            print("\n".join(sources(board, out)))
        else:
            program(board, options.bitstream or out / "bitstream.bin")
    except SpecError as error:
        fail(error, 2)


if __name__ == "__main__":
    main()
