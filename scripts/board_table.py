"""The README's table of boards, from every board.yaml and the stored figures. For board.py."""
import json

from board_folder import BOARDS, PROVED, ROOT, SpecError, load, names

README = ROOT / "README.md"
BEGIN, END = "<!-- boards: written by scripts/board.py table -->\n", "<!-- /boards -->\n"
FIGURES = ("lut", "ff", "bram", "spram", "dsp", "cells")


def table():
    """The README's table of boards, from every board.yaml and the stored figures."""
    measured = json.loads((BOARDS / "measured.json").read_text(encoding="utf-8"))
    lines = ["| board | part | configuration | LUT | FF | block RAM | SPRAM | DSP | logic cells | Fmax | clock | products/s | images/s | stands on |",
             "| --- " * 14 + "|"]
    for name in names():
        board = load(name)
        figures = json.loads((BOARDS / name / "expected.json").read_text(encoding="utf-8"))
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
        raise SpecError(f"{README}: the markers of the table are missing: {BEGIN.strip()} and {END.strip()}")
    before, rest = text.split(BEGIN)
    old, after = rest.split(END)
    if check and old != table():
        raise SpecError("README.md: the table of boards is not what boards/ says; run scripts/board.py table")
    if not check:
        README.write_text(before + BEGIN + table() + END + after, encoding="utf-8")
