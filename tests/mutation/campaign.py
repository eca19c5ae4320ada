#!/usr/bin/python3
"""Runs the suite against the mutants of build/mutation/mutants.json, shows survivors equivalent where yosys can, and
prints what is left. Goes on where it was stopped: what is judged stands in results-*.jsonl, for this suite alone.
A mutant is killed by a failing test, a crash, or more than twice the clock cycles of the design in a test. One that is
not killed within its time stays open, and counts like one that is alive."""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Tests of a block, the quick ones first; a survivor of one pattern goes on to the next. The slowest test, DamagedUart, is
# left out.
PORT = "*PortConformance*tiny*"
STAGES = {
    "tile": ["*Identity*tiny*", PORT, "*TileEquivalence*tiny*:*DeviceModel*tiny*"],
    "registers": ["*Identity*tiny*", PORT, "*DeviceModel*tiny*", "*LinkProtocol*tiny*:*TileEquivalence*tiny*"],
    "link": ["*Identity*tiny*:*LinkProtocol*tiny*", "*UartPins*tiny*", PORT,
             "*LinkDamage*tiny*-*GivesUp*:*RandomTraffic*", "*DeviceModel*tiny*", "*GivesUp*tiny*",
             "*RandomTraffic*tiny*"],
}
DESIGN_LIMIT_S = 900  # for the whole suite on the design
GOAL_PERCENT = 95


class OutOfTime(Exception):
    """The mutant's seconds are over."""


def run(command, deadline, **kind):
    """Exit code and output; the process group ends with the deadline."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               errors="replace", start_new_session=True, **kind)
    try:
        output, _ = process.communicate(timeout=max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as late:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise OutOfTime from late
    return process.returncode, output


def suite(options, mutant, tests, deadline):
    """Name of the test that fails, or None."""
    command = [options.suite, str(mutant), str(options.limits), f"--gtest_filter={tests}",
               "--gtest_fail_fast", "--gtest_brief=1"]
    environment = dict(os.environ, CRUCIBLE_WAVE="0:0:")  # a killed mutant leaves no wave
    code, output = run(command, deadline, env=environment)
    if code == 0:
        return None
    failed = re.search(r"\[  FAILED  \] (\w+/)?(\w+\.\w+)", output)
    if failed:
        return failed[2]
    if code < 0:
        return signal.Signals(-code).name
    raise RuntimeError(f"{' '.join(command)}: exit code {code} without a failed test:\n{output[-2000:]}")


def equivalent(options, mutant, deadline):
    """Every register's next value and every output of the mutant's module is that of the design, from any state."""
    module, base = mutant["module"], options.out / "base.il"
    script = (f"read_rtlil {base}; hierarchy -top {module}; memory_map; flatten; rename {module} gold; "
              f"design -stash a; read_rtlil {base}; {mutant['command']}; hierarchy -top {module}; memory_map; flatten; "
              f"rename {module} gate; design -stash b; design -copy-from a gold; design -copy-from b gate; "
              "equiv_make gold gate equiv; hierarchy -top equiv; async2sync; opt_clean; equiv_simple -undef; "
              "equiv_induct -undef; equiv_status -assert")
    try:
        return run(["yosys", "-q", "-p", script], deadline)[0] == 0
    except OutOfTime:
        return False


def judge(options, mutant):
    deadline = time.monotonic() + options.limit
    try:
        for stage, tests in enumerate(STAGES[mutant["block"]]):
            killer = suite(options, mutant["mutant"], tests, deadline)
            if killer:
                return {**mutant, "verdict": "killed", "by": killer}
            if stage == 1 and equivalent(options, mutant, time.monotonic() + options.limit / 3):
                return {**mutant, "verdict": "equivalent", "by": "yosys equiv"}
        return {**mutant, "verdict": "alive", "by": "", "limit_s": options.limit}
    except OutOfTime:
        return {**mutant, "verdict": "open", "by": "", "limit_s": options.limit}


def check_design(options):
    """Mutant 0 passes, or nothing can be said of the others. It writes the limits in clock cycles."""
    try:
        failed = suite(options, 0, "*tiny*-*DamagedUart*", time.monotonic() + DESIGN_LIMIT_S)
    except OutOfTime:
        sys.exit(f"the netlist without a mutant: no end within {DESIGN_LIMIT_S} s; is the machine busy?")
    if failed:
        sys.exit(f"the netlist without a mutant fails {failed}: nothing can be said of mutants")


def run_campaign(options, mutants, results, store):
    with store.open("a") as stored, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        def keep(result):
            results[result["mutant"]] = result
            stored.write(json.dumps(result) + "\n")
            stored.flush()

        if 0 not in results or not options.limits.exists():
            check_design(options)
            keep({"mutant": 0, "verdict": "passed"})
        due = [m for m in mutants if m["mutant"] not in results or  # or with less time than now
               results[m["mutant"]].get("limit_s", options.limit) < options.limit]
        tasks = [pool.submit(judge, options, m) for m in due]
        try:
            for done, task in enumerate(concurrent.futures.as_completed(tasks), 1):
                keep(task.result())
                if done % 50 == 0:
                    print(f"{done} of {len(due)}", flush=True)
        except BaseException:  # Ctrl-C too: what runs ends, the rest does not begin
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def report(options, mutants, results):
    print(f"{'block':10} {'mutants':>7} {'judged':>6} {'killed':>6} {'equivalent':>10} {'alive':>5} {'open':>5} "
          f"{'killed of the others':>20}")
    rows = []
    for block in [*STAGES, "all"]:
        of = [m["mutant"] for m in mutants if block in ("all", m["block"]) and m["mutant"] in results]
        count = collections.Counter(results[m]["verdict"] for m in of)
        counted = len(of) - count["equivalent"]
        row = {"block": block, "mutants": sum(block in ("all", m["block"]) for m in mutants), "judged": len(of),
               **{verdict: count[verdict] for verdict in ("killed", "equivalent", "alive", "open")},
               "percent": round(100 * count["killed"] / counted, 1) if counted else 0.0}
        rows.append(row)
        print(f"{block:10} {row['mutants']:>7} {row['judged']:>6} {row['killed']:>6} {row['equivalent']:>10} "
              f"{row['alive']:>5} {row['open']:>5} {row['percent']:>18.1f} %")
    left = [results[m["mutant"]] for m in mutants if results.get(m["mutant"], {}).get("verdict") in ("alive", "open")]
    for result in left:
        print(f"{result['verdict']}: {result['mutant']} {result['module']} {result['source']}: {result['command']}")
    (options.out / "results.json").write_text(json.dumps({"blocks": rows, "left": left}, indent=1) + "\n")
    return rows[-1]


def status(every, total, whole):
    """The line for build/status; a part of the mutants says so."""
    good = total["judged"] == total["mutants"] and total["percent"] >= GOAL_PERCENT
    drawn, command = f"{whole:,} mutants", "make mutation"
    if every > 1:
        drawn, command = f"sample of {total['mutants']:,} of {whole:,} mutants", f"make mutation EVERY={every}"
    line = (f"{drawn}: {total['killed']:,} of {total['judged'] - total['equivalent']:,} killed ({total['percent']} %), "
            f"{total['equivalent']:,} more shown equivalent, {total['alive']:,} alive, {total['open']:,} open; "
            f"{total['judged']:,} judged")
    subprocess.run([ROOT / "scripts/status_line.py", "mutation", command, line, *([] if good else ["--fail"])],
                   check=True)
    return 0 if good else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/mutation")
    parser.add_argument("--suite", default=str(ROOT / "build/bin/mutation_suite"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="a sample: only each n-th mutant of every block")
    parser.add_argument("--limit", type=float, default=90, help="seconds for one mutant; then it stays open")
    parser.add_argument("--report", action="store_true", help="only print what is judged")
    options = parser.parse_args()
    options.out = options.out.resolve()
    everything = json.loads((options.out / "mutants.json").read_text())
    mutants = [m for m in everything if m["mutant"] % options.every == 0]
    if not mutants:
        parser.error(f"--every {options.every} leaves none of the {len(everything)} mutants")
    suite_id = hashlib.sha256(pathlib.Path(options.suite).read_bytes()).hexdigest()[:12]
    options.limits = options.out / f"limits-{suite_id}.txt"
    store = options.out / f"results-{suite_id}.jsonl"
    results = {r["mutant"]: r for r in map(json.loads, store.read_text().splitlines())} if store.exists() else {}
    if not options.report:
        run_campaign(options, mutants, results, store)
    return status(options.every, report(options, mutants, results), len(everything))


if __name__ == "__main__":
    sys.exit(main())
