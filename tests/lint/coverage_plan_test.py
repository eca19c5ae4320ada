#!/usr/bin/python3
"""The plan in docs/verification.md and the cover points in tests/coverage agree: each point stands in a row, each row has one."""
import fnmatch
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main():
    """Prints what is missing on either side; exit code 1 if something is."""
    points = {name for path in sorted((ROOT / "tests/coverage").glob("*.sv"))
              for name in re.findall(r"^\s+(\w+_C): cover \(", path.read_text(encoding="utf-8"), re.M)}
    text = (ROOT / "docs/verification.md").read_text(encoding="utf-8")
    plan = text.split("## Plan: feature, test, cover point", 1)[1].split("\n## ", 1)[0]
    patterns = re.findall(r"`([\w*]+_C)`", plan)
    complaints = [f"tests/coverage: no row of the plan has {point}" for point in sorted(points)
                  if not any(fnmatch.fnmatchcase(point, pattern) for pattern in patterns)]
    complaints += [f"docs/verification.md: no cover point is {pattern}" for pattern in patterns
                   if not fnmatch.filter(points, pattern)]
    print("\n".join(complaints) or f"{len(points)} cover points, {len(patterns)} patterns in the plan")
    return 1 if complaints or not points or not patterns else 0


if __name__ == "__main__":
    sys.exit(main())
