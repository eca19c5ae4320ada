#!/usr/bin/python3
"""Holds the layering of docs/architecture.md: who may include whom, and where Asio, SystemC and Verilator may appear."""

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


if __name__ == "__main__":
    problems = violations(ROOT)
    print("\n".join(problems) or "layering: clean")
    sys.exit(1 if problems else 0)
