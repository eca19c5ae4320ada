#!/usr/bin/python3
"""Holds the layering of docs/architecture.md: who may include or instantiate whom, and where Asio, SystemC, Verilator and the names
of boards and parts may appear."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# A part may include itself and everything that stands before it in its chain.
HOST_ORDER = ["host/base", "host/mpi", "host/link", "host/port", "host/driver", "host/record", "host/doctor", "host/board", "host/data", "host/eval", "host/chance",
              "host/train", "host/search", "host/certify", "host/experiment", "host/regress", "host/apps"]
ALLOWED = {"models": {"models", "spec"}}
for index, part in enumerate(HOST_ORDER):
    ALLOWED[part] = {"models", "spec", *HOST_ORDER[: index + 1]}
for part in HOST_ORDER[2:-1]:  # only the program chooses how its workers are started
    ALLOWED[part] -= {"host/mpi"}
ALLOWED["host/chance"] = {"models", "spec", "host/base", "host/eval", "host/chance"}
ALLOWED["host/search"] -= {"host/link", "host/port", "host/driver", "host/record", "host/doctor", "host/eval", "host/chance", "host/train", "host/data"}
ALLOWED["host/certify"] = {"models", "spec", "host/base", "host/certify"}
ALLOWED["firmware"] = {"firmware", "spec", "models"}  # models: the error type, in the host's hardware abstraction
ALLOWED["host/board"].add("firmware")
ALLOWED["sim"] = {"models", "spec", "sim", "host/base", "host/link"}

ONLY_IN = {  # header pattern -> folders that may include it
    re.compile(r"^boost/asio"): ("host/link", "sim/bridge", "tests"),
    re.compile(r"^(systemc|tlm)"): ("sim/systemc", "sim/tlm", "sim/apps", "sim/bridge", "tests"),
    re.compile(r"^(verilated|V?cim_top|Vcim|Vcrucible)"): ("sim/verilated", "sim/tile_bench/verilated_tile.cpp", "tests"),
    re.compile(r"^mpi\.h"): ("host/mpi",),
    re.compile(r"^yaml-cpp"): ("host/experiment", "tests"),
}

# A module may instantiate those of its own level and of the levels before.
RTL_LEVELS = [{"common"}, {"bus"}, {"core", "inject"}, {"serial"}, {"ctrl", "link", "card", "soc", "engine"}, {"top"}, {"boards"}]
RTL_LEVEL = {folder: level for level, folders in enumerate(RTL_LEVELS) for folder in folders}
INSTANCE = re.compile(r"^\s*(cim_\w+)\s+(?:#\(|u_\w+\s*\()")
BOARD_WORD = re.compile(r"\bSB_[A-Z]|\b(icebreaker|hx8k|up5k|ulx3s|litefury|artix|ecp5)", re.IGNORECASE)

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]')


def part_of(path: str) -> str | None:
    """The part of the architecture that a path belongs to, or None for headers that are not ours."""
    pieces = path.split("/")
    if pieces[0] == "host" and len(pieces) > 2:
        return "/".join(pieces[:2])
    return pieces[0] if pieces[0] in ("models", "spec", "sim", "firmware") else None


def violations(root: pathlib.Path) -> list[str]:
    found = []
    for top in ("models", "host", "sim", "firmware"):
        for source in sorted(path for path in (root / top).rglob("*") if path.suffix in (".c", ".h", ".cpp", ".hpp")):
            name = source.relative_to(root).as_posix()
            part = part_of(name)
            for number, line in enumerate(source.read_text().splitlines(), 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                header = match.group(1)
                target = part_of(header)
                if target and part in ALLOWED and target not in ALLOWED[part]:
                    found.append(f"{name}:{number}: {part} must not include {header} ({target})")
                for pattern, places in ONLY_IN.items():
                    if pattern.match(header) and not name.startswith(places):
                        found.append(f"{name}:{number}: {header} may be included only in {', '.join(places)}")
    return found


def rtl_violations(root: pathlib.Path) -> list[str]:
    """Instances of a higher level, and what only boards/ may know."""
    found = []
    sources = {path: path.relative_to(root).parts for top in ("rtl", "boards") for path in sorted((root / top).rglob("*.sv"))}
    folder_of = {path.stem: pieces[1] if pieces[0] == "rtl" else "boards" for path, pieces in sources.items()}
    for path, pieces in sources.items():
        own = folder_of[path.stem]
        if own == "gen":
            continue
        if own not in RTL_LEVEL:
            found.append(f"{'/'.join(pieces)}: the folder rtl/{own} has no level in docs/architecture.md")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            instance = INSTANCE.match(line)
            used = folder_of.get(instance.group(1)) if instance else None
            if used in RTL_LEVEL and RTL_LEVEL[used] > RTL_LEVEL[own]:
                found.append(f"{'/'.join(pieces)}:{number}: {own} must not instantiate {instance.group(1)} ({used})")
            if own != "boards" and BOARD_WORD.search(line):
                found.append(f"{'/'.join(pieces)}:{number}: only boards/ may name a board or a part's cells")
    return found


if __name__ == "__main__":
    problems = violations(ROOT) + rtl_violations(ROOT)
    print("\n".join(problems) or "layering: clean")
    sys.exit(1 if problems else 0)
