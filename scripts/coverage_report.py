#!/usr/bin/python3
"""Merges what Verilated models have counted into one HTML page and checks the goals.

Usage: coverage_report.py FOLDER --out PAGE.html [--exclusions FILE] [--status]

FOLDER holds Verilator's coverage files (*.dat) of any number of runs and configurations. A point is a place in the source: the
instances of a module, and the same module with other parameters, count together. A line is covered when every block and every
branch on it was entered. Goals: every cover point, at least 98 % of the lines; toggles and branches are printed.
"""
import argparse
import html
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

from status_line import write_status

ROOT = Path(__file__).resolve().parent.parent
LINE_GOAL = 98.0
KINDS = ("user", "line", "branch", "toggle")
TITLES = {"user": "cover points", "line": "lines", "branch": "branches", "toggle": "toggles"}
GOALS = {"user": "all", "line": f"{LINE_GOAL:.0f} %", "branch": "none", "toggle": "none"}


def read_points(path, points):
    """Adds the counts of one file: {(file, line, column, kind, comment): [count, covered lines]}."""
    pattern = re.compile(r"^C '(.*)' (\d+)$", re.S)
    for record in path.read_text(encoding="utf-8", errors="replace").splitlines():
        match = pattern.match(record)
        if not match:
            continue
        fields = dict(part.split("\2", 1) for part in match.group(1).split("\1") if "\2" in part)
        kind = re.match(r"v_(\w+)/", fields["page"]).group(1)
        file = fields["f"].removeprefix(f"{ROOT}/")
        if kind != "user" and not file.startswith("rtl/"):
            continue  # the cover points' own lines
        key = (file, int(fields["l"]), int(fields.get("n", 0)), kind, fields["o"])
        entry = points.setdefault(key, [0, fields.get("S", "")])
        entry[0] += int(match.group(2))


def lines_of(text):
    """Numbers in "3-5,8"."""
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


class Exclusions:
    """Points that no legal stimulus reaches, each with its reason; one that excludes nothing is an error."""

    def __init__(self, path):
        self.rules = json.loads(path.read_text(encoding="utf-8"))
        self.used = [0] * len(self.rules)
        self.sources = {}

    def source(self, file, line):
        """One line of a file."""
        lines = self.sources.setdefault(file, (ROOT / file).read_text(encoding="utf-8").splitlines())
        return lines[line - 1]

    def reason(self, file, line, kind, comment):
        """Why the point does not count; nothing if it does."""
        for i, rule in enumerate(self.rules):
            if rule["kind"] != kind or rule["file"] != file:
                continue
            if kind == "toggle" and not re.fullmatch(rule["point"], comment):
                continue
            if kind != "toggle" and rule["text"] not in self.source(file, line):
                continue
            self.used[i] += 1
            return rule["reason"]
        return None


def collect(points, exclusions):
    """{kind: {file: {(line, name): covered}}} without what is excluded, and the excluded ones with their reasons."""
    result = {kind: defaultdict(dict) for kind in KINDS}
    excluded = []
    for (file, line, column, kind, comment), (count, covered) in sorted(points.items()):
        for number in lines_of(covered) if kind in ("line", "branch") else ():
            lines = result["line"][file]
            lines[number, ""] = lines.get((number, ""), True) and count > 0
        if kind != "line":
            name = f"{comment} at column {column}" if kind == "branch" else comment
            result[kind][file][line, name] = count > 0
    for kind in KINDS:
        for file, table in result[kind].items():
            for line, comment in [p for p, done in table.items() if not done]:
                reason = exclusions.reason(file, line, kind, comment)
                if reason:
                    excluded.append((kind, file, line, comment, reason))
                    del table[line, comment]
    return result, excluded


def percent(tables):
    """(covered, all, percent) over the tables of some files."""
    flags = [done for table in tables for done in table.values()]
    return sum(flags), len(flags), 100.0 * sum(flags) / len(flags) if flags else 100.0


def file_section(file, result):
    """HTML of one source file: figures, and the source with what is missing."""
    missing = defaultdict(list)
    for kind in KINDS:
        for (line, comment), done in result[kind].get(file, {}).items():
            if not done:
                missing[line].append(f"{kind} {comment}".strip())
    lines = {line: done for (line, _), done in result["line"].get(file, {}).items()}
    rows = []
    for number, text in enumerate((ROOT / file).read_text(encoding="utf-8").splitlines(), 1):
        mark = "" if number not in lines else "hit" if lines[number] else "miss"
        note = f"<i>{html.escape(', '.join(missing[number]))}</i>" if number in missing else ""
        rows.append(f'<span class="{mark}">{number:4}  {html.escape(text)}</span>{note}\n')
    figures = " · ".join(f"{TITLES[k]} {percent([result[k][file]])[2]:.1f} %" for k in KINDS if result[k].get(file))
    return f"<details><summary><b>{html.escape(file)}</b> {figures}</summary><pre>{''.join(rows)}</pre></details>"


def write_page(path, result, excluded, runs):
    """The HTML report."""
    files = sorted({file for kind in KINDS for file in result[kind]})
    total = "".join("<tr><td>{}</td><td>{:,} of {:,}</td><td>{:.2f} %</td><td>goal: {}</td></tr>".format(
        TITLES[k], *percent(result[k].values()), GOALS[k]) for k in KINDS)
    uncounted = [name for name in (ROOT / "rtl" / "files.f").read_text(encoding="utf-8").split() if name not in files]
    points = "".join(f'<li class="{"" if done else "miss"}">{html.escape(name)}</li>'
                     for table in result["user"].values() for (_, name), done in sorted(table.items()))
    reasons = "".join(f"<tr><td>{k}</td><td>{html.escape(f)}:{n}</td><td>{html.escape(c)}</td><td>{html.escape(r)}</td></tr>"
                      for k, f, n, c, r in excluded)
    path.write_text(f"""<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>RTL coverage</title><style>
body{{font:14px sans-serif;max-width:1200px;margin:2em auto}}td{{padding:2px 12px 2px 0}}pre{{line-height:1.25}}
.hit{{background:#e8f5e9}}.miss{{background:#ffcdd2}}pre i{{color:#b71c1c;margin-left:2em}}ul{{columns:4}}</style>
<h1>RTL coverage</h1><p>{runs} models' counts merged.</p><table>{total}</table><h2>Cover points</h2><ul>{points}</ul>
<h2>Files</h2>{''.join(file_section(f, result) for f in files)}
<h2>Files without a count</h2><p>Packages, and what no counting model has: {html.escape(', '.join(uncounted))}.</p>
<h2>Excluded</h2><table>{reasons}</table></html>""", encoding="utf-8")


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--exclusions", type=Path, default=ROOT / "tests" / "coverage" / "exclusions.json")
    parser.add_argument("--status", action="store_true", help="keep the outcome for the status table")
    options = parser.parse_args()
    points, files = {}, sorted(options.folder.glob("*.dat"))
    for path in files:
        read_points(path, points)
    if not points:
        sys.exit(f"coverage_report: no counts in {options.folder}: run the test programs of the preset `coverage` first")
    exclusions = Exclusions(options.exclusions)
    result, excluded = collect(points, exclusions)
    write_page(options.out, result, excluded, len(files))
    complaints = [f"exclusion {i + 1} excludes nothing: {json.dumps(rule)}"
                  for i, (rule, used) in enumerate(zip(exclusions.rules, exclusions.used)) if not used]
    for kind in KINDS:
        covered, number, share = percent(result[kind].values())
        print(f"{TITLES[kind]:13} {covered:7,} of {number:7,}  {share:6.2f} %")
    complaints += [f"cover point {name} was never hit" for table in result["user"].values()
                   for (_, name), done in table.items() if not done]
    if percent(result["line"].values())[2] < LINE_GOAL:
        complaints.append(f"less than {LINE_GOAL} % of the lines are covered")
    print(f"{len(excluded)} points excluded with a reason; report: {options.out}")
    if options.status:
        figures = ", ".join(f"{percent(result[k].values())[2]:.1f} % of {TITLES[k]}" for k in ("user", "line", "toggle"))
        write_status("coverage", "make coverage", figures, not complaints)
    if complaints:
        sys.exit("\n".join(["coverage_report: the goals are missed", *complaints]))


if __name__ == "__main__":
    main()
