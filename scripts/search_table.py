#!/usr/bin/env python3
"""Methods x bounds x seconds: every search on the same images, at its own budget and at that of `auto`, measured in the
integer pipeline; then how long `auto` takes to the accuracy that `cw-penalty` ends at. Prints Markdown."""
import argparse
import json
import pathlib
import subprocess
import tempfile

METHODS = {  # name in the table: options
    "random-vertex": ["--method", "random-vertex"],
    "weight-pgd": ["--method", "weight-pgd"],
    "cw-penalty": ["--method", "cw-penalty"],
    "climb, cross-entropy, auto-pgd": ["--method", "climb", "--loss", "cross-entropy", "--optimiser", "auto-pgd"],
    "climb, logit-ratio, auto-pgd": ["--method", "climb", "--loss", "logit-ratio", "--optimiser", "auto-pgd"],
    "climb, clamped-margin": ["--method", "climb", "--loss", "clamped-margin"],
    "climb, soft-count": ["--method", "climb", "--loss", "soft-count"],
    "climb, soft-count, coarser": ["--method", "climb", "--loss", "soft-count", "--start", "coarser"],
    "margin-ascent": ["--method", "margin-ascent"],
    "auto": ["--method", "auto"],
}
BOTH_BUDGETS = [name for name in METHODS if name not in ("random-vertex", "auto")]


def search(arguments, options, bound):
    """One search: its row of result.json, with the seconds of timing.json."""
    with tempfile.TemporaryDirectory() as folder:
        command = [arguments.crucible, "search", "--bound", str(bound), "--convention", "weight", "--json",
                   "--images", str(arguments.images), "--out", folder, "--name", "row", *options]
        if arguments.network:
            command += ["--network", arguments.network]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        row = json.loads((pathlib.Path(folder) / "row/result.json").read_text())["rows"][-1]
        timing = json.loads((pathlib.Path(folder) / "row/timing.json").read_text())
        row["seconds"] = next(entry["search_s"] for entry in timing["rows"] if entry["name"] == row["name"])
        return row


def line(name, bound, row):
    print(f"| {name} | {bound} | {100 * row['model']['accuracy']:.2f} % | {100 * row['search_accuracy']:.2f} % "
          f"| {row['gradient_evaluations']:,} | {row['seconds']:.1f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("crucible", help="the program")
    parser.add_argument("--network", help="a network folder (default: the shipped LeNet)")
    parser.add_argument("--bounds", type=float, nargs="+", default=[0.0133, 0.02, 0.03])
    parser.add_argument("--images", type=int, default=10000)
    arguments = parser.parse_args()
    print("| method | bound | found, integer pipeline | float twin | gradient evaluations | s |\n"
          "| --- | --- | --- | --- | --- | --- |")
    published = {}
    for bound in arguments.bounds:
        rows = {name: search(arguments, options, bound) for name, options in METHODS.items()}
        for name, row in rows.items():
            line(name, bound, row)
        published[bound] = rows["cw-penalty"]
        for name in BOTH_BUDGETS:
            effort = rows["auto"]["gradient_evaluations"] / rows[name]["gradient_evaluations"]
            row = search(arguments, [*METHODS[name], "--effort", f"{effort:.4f}"], bound)
            line(f"{name}, budget of auto", bound, row)
    print("\n| bound | cw-penalty ends at | its gradient evaluations | its s | auto's evaluations to that | its s | cw / auto, s |\n"
          "| --- | --- | --- | --- | --- | --- | --- |")
    for bound, row in published.items():
        quick = search(arguments, [*METHODS["auto"], "--until", str(row["search_accuracy"])], bound)
        print(f"| {bound} | {100 * row['search_accuracy']:.2f} % | {row['gradient_evaluations']:,} | {row['seconds']:.2f} "
              f"| {quick['gradient_evaluations']:,} (ends at {100 * quick['search_accuracy']:.2f} %) | {quick['seconds']:.2f} "
              f"| {row['seconds'] / quick['seconds']:.0f} |", flush=True)


if __name__ == "__main__":
    main()
