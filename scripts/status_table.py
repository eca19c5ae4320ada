#!/usr/bin/python3
"""Writes the README's table of verification from what the targets left in build/status/, or (--check) says whether the table
knows every target. A target that was not run in this tree keeps its row of the README, which says when it never was.
"""
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BEGIN, END = "<!-- status: written by make status -->\n", "<!-- /status -->\n"
# name of the line in build/status/, target of the Makefile, what it asks
TARGETS = (
    ("formal", "formal", "are the properties of the blocks proved?"),
    ("coverage", "coverage", "is every line, toggle and cover point reached?"),
    ("mutation", "mutation", "do the tests notice small faults of the netlist?"),
    ("gates", "test-gates", "does the netlist of `tiny` do the same?"),
    ("differential", "test-differential", "do three simulators show the same pins?"),
    ("drawn", "test-drawn", "do configurations drawn at random work?"),
    ("pcie", "test-pcie", "does a stock kernel see the card, and the program run over it?"),
    ("boards", "test-boards", "do the bitstreams of the boards work?"),
    ("synthesis", "synthesis", "do the configurations fit their parts?"),
    ("smoke", "regress", "the suite `smoke`"),
    ("nightly", "nightly", "the suite `nightly`: three million random products"),
)
HEADER = "| target | asks | result |\n| --- | --- | --- |\n"


def rows_of(text):
    """{target: result} of a table."""
    return dict(re.findall(r"^\| `make ([\w-]+)` \| [^|]* \| ([^|]*) \|$", text, re.M))


def table(old):
    """The table, from build/status/ and, for targets without a line there, from the rows of the old one."""
    lines = []
    for name, target, asks in TARGETS:
        path = ROOT / "build" / "status" / f"{name}.json"
        result = old.get(target, "not run yet")
        if path.exists():
            line = json.loads(path.read_text(encoding="utf-8"))
            result = line["result"].replace("|", "/") if line["passed"] else f"**failed**: {line['result']}"
        lines.append(f"| `make {target}` | {asks} | {result} |\n")
    return HEADER + "".join(lines)


def main():
    """The command line."""
    text = README.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        sys.exit(f"{README}: the markers of the table are missing: {BEGIN.strip()} and {END.strip()}")
    before, rest = text.split(BEGIN)
    old, after = rest.split(END)
    if "--check" in sys.argv[1:]:
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        there = rows_of(old)
        for _, target, _ in TARGETS:
            if target not in there:
                sys.exit(f"README.md: the table has no row for `make {target}`; run make status")
            if not re.search(rf"^{target}:", makefile, re.M):
                sys.exit(f"Makefile: there is no target '{target}', which the README's table names")
        return
    README.write_text(before + BEGIN + table(rows_of(old)) + END + after, encoding="utf-8")
    print(table(rows_of(old)), end="")


if __name__ == "__main__":
    main()
