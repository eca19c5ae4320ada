#!/usr/bin/python3
"""Keeps what a verification target found: one JSON line in build/status/NAME.json, for the status table.

Usage: status_line.py NAME COMMAND RESULT [--fail]
"""
import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "build" / "status"


def write_status(name, command, result, passed=True):
    """Writes and prints the line."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"name": name, "command": command, "result": result, "passed": passed})
    (FOLDER / f"{name}.json").write_text(line + "\n", encoding="utf-8")
    print(line)


if __name__ == "__main__":
    arguments = [a for a in sys.argv[1:] if a != "--fail"]
    if len(arguments) != 3:
        sys.exit(__doc__)
    write_status(*arguments, passed="--fail" not in sys.argv)
