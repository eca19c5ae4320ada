#!/usr/bin/python3
"""Flips the bits of one look-up table: flip_lut.py PLACED.json PATTERN CHANGED.asc

PLACED.json is what nextpnr-ice40 --write gives. The first logic cell with a look-up table, by name, that PATTERN matches says which
one; its 16 bits are inverted in CHANGED.asc, a configuration of that placement.
"""
import json
import re
import sys
from pathlib import Path

# Of a logic cell's 20 bits (ten columns from 36 on in each of its two rows) those of the table.
TABLE_BITS = (0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17)
FIRST_COLUMN = 36


def place(placed, pattern):
    """(name, x, y, index) of the first matching logic cell."""
    modules = json.loads(Path(placed).read_text(encoding="utf-8"))["modules"].values()
    found = []
    for name, cell in (item for module in modules for item in module["cells"].items()):
        bel = re.fullmatch(r"X(\d+)/Y(\d+)/lc(\d)", cell["attributes"].get("NEXTPNR_BEL", ""))
        if bel and int(cell["parameters"].get("LUT_INIT", "0"), 2) and re.search(pattern, name):
            found.append((name, *map(int, bel.groups())))
    if not found:
        sys.exit(f"flip_lut: no logic cell of {placed} matches '{pattern}'")
    return min(found)


def flip(path, x, y, index):
    """Inverts the table of the logic cell in the file."""
    lines = path.read_text(encoding="ascii").splitlines()
    tile = lines.index(f".logic_tile {x} {y}")
    for bit in TABLE_BITS:
        row, column = tile + 1 + 2 * index + bit // 10, FIRST_COLUMN + bit % 10
        lines[row] = lines[row][:column] + "10"[int(lines[row][column])] + lines[row][column + 1:]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def main():
    """The command line."""
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    name, x, y, index = place(sys.argv[1], sys.argv[2])
    flip(Path(sys.argv[3]), x, y, index)
    print(f"flip_lut: {name}, tile {x} {y}, table {index}")


if __name__ == "__main__":
    main()
