#!/usr/bin/python3
"""Runs the suite against the mutants of build/mutation/mutants.json, proves survivors equivalent where that can be done,
and prints what is left. Goes on where it was stopped: what is judged stands in results-*.jsonl, for this suite and these
methods alone. A mutant is killed by a failing test, a crash, or more than twice the clock cycles of the design in a test;
every test ends by that count, so none is left open. What is neither killed nor proved equivalent is alive."""
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
import threading

import equivalence

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Tests of a block, the quick ones first; a survivor of one pattern goes on to the next. After the first two, which take
# half a second, it is tried to prove it equivalent.
STAGES = {
    "tile": ["*PortConformance*tiny*", "*TileEquivalence*tiny*-*TenThousand*", "*TenThousand*tiny*"],
    "registers": ["*PortConformance*tiny*:*Identity*tiny*", "*Reset.*tiny*:*EveryBitOfError*tiny*:*UartPins*Break*tiny*", "*EveryBit*tiny*", "*Counting*tiny*",
                  "*AnswersRandomFrames*tiny*"],
    "link": ["*LinkProtocol*tiny*:*LinkDamage*tiny*-*GivesUp*:*RandomTraffic*", "*Reset.*tiny*", "*UartPins*tiny*",
             "*EveryBit*Address*tiny*", "*GivesUp*tiny*", "*AnswersRandomFrames*tiny*"],
}
BEFORE_PROOF = 2
# Left out for their length: what they do at random in minutes, others do bit by bit.
LEFT_OUT = "*DamagedUart*:*SurvivesRandomTraffic*:*UartGoodput*"
# Where proofs are tried, from the narrowest scope to the widest, and the seconds of processor time of one attempt.
SCOPES = {"tile": ["cim_tile", "cim_device"], "registers": ["cim_regs", "cim_device"],
          "link": ["cim_link", "cim_uart_words"]}
PROOF_S = 6
PRODUCTS = "2000"   # of TileEquivalence's random products
DESIGN_LIMIT_S = 1800   # for the whole suite on the design
MUTANT_LIMIT_S = 1800   # for one pattern of a mutant: far more than its clock cycles take
GOAL_PERCENT = 95

running = set()   # process groups, for the end


def run(command, limit_s, **kind):
    """Exit code and output of a process group of its own."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               errors="replace", start_new_session=True, **kind)
    running.add(process.pid)
    try:
        output, _ = process.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise RuntimeError(f"{' '.join(command)}: no end within {limit_s} s; is the machine busy?") from None
    finally:
        running.discard(process.pid)
    return process.returncode, output


def end(number, _frame):
    """SIGTERM and Ctrl-C: what runs ends, too."""
    for group in list(running):
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass
    os._exit(128 + number)   # pylint: disable=protected-access


def suite(options, mutant, tests, limit_s):
    """Name of the test that fails, or None."""
    command = [options.suite, str(mutant), str(options.limits), f"--gtest_filter={tests}",
               "--gtest_fail_fast", "--gtest_brief=1"]
    # A killed mutant leaves no wave.
    environment = dict(os.environ, CRUCIBLE_WAVE="0:0:", CRUCIBLE_PRODUCTS=PRODUCTS)
    code, output = run(command, limit_s, env=environment)
    if code == 0:
        return None
    failed = re.search(r"\[  FAILED  \] (\w+/)?(\w+\.\w+)", output)
    if failed:
        return failed[2]
    if code < 0:
        return signal.Signals(-code).name
    raise RuntimeError(f"{' '.join(command)}: exit code {code} without a failed test:\n{output[-2000:]}")


class Prover:
    """The scopes, each made when it is first needed."""

    def __init__(self, out):
        self.out, self.scopes, self.lock = out, {}, threading.Lock()
        self.commands = (out / "apply.ys").read_text().splitlines()

    def scope(self, top):
        with self.lock:
            if top not in self.scopes:
                self.scopes[top] = equivalence.Scope(self.out / "base.il", self.commands, top, self.out / "scopes")
            return self.scopes[top]

    def __call__(self, mutant):
        """How it was proved equivalent, or None."""
        for top in SCOPES[mutant["block"]]:
            scope = self.scope(top)
            if mutant["module"] not in scope.inside:
                continue
            cuts = [None] if mutant["module"] == top else [mutant["module"], None]
            for cut in cuts:
                proof = scope.prove(mutant["mutant"], cut, PROOF_S)
                if proof:
                    return proof
        return None


def judge(options, prover, mutant):
    for stage, tests in enumerate(STAGES[mutant["block"]]):
        if stage == BEFORE_PROOF:
            proof = prover(mutant)
            if proof:
                return {**mutant, "verdict": "equivalent", "by": proof}
        killer = suite(options, mutant["mutant"], tests, MUTANT_LIMIT_S)
        if killer:
            return {**mutant, "verdict": "killed", "by": killer}
    return {**mutant, "verdict": "alive", "by": ""}


def check_design(options):
    """Mutant 0 passes, or nothing can be said of the others. It writes the limits in clock cycles."""
    failed = suite(options, 0, f"*tiny*-{LEFT_OUT}", DESIGN_LIMIT_S)
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
        prover = Prover(options.out)
        due = [m for m in mutants if m["mutant"] not in results]
        tasks = [pool.submit(judge, options, prover, m) for m in due]
        try:
            for done, task in enumerate(concurrent.futures.as_completed(tasks), 1):
                keep(task.result())
                if done % 50 == 0:
                    print(f"{done} of {len(due)}", flush=True)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def report(options, mutants, results):
    print(f"{'block':10} {'mutants':>7} {'judged':>6} {'killed':>6} {'equivalent':>10} {'alive':>5} "
          f"{'killed of the others':>20}")
    rows = []
    for block in [*STAGES, "all"]:
        of = [m["mutant"] for m in mutants if block in ("all", m["block"]) and m["mutant"] in results]
        count = collections.Counter(results[m]["verdict"] for m in of)
        counted = len(of) - count["equivalent"]
        row = {"block": block, "mutants": sum(block in ("all", m["block"]) for m in mutants), "judged": len(of),
               **{verdict: count[verdict] for verdict in ("killed", "equivalent", "alive")},
               "percent": round(100 * count["killed"] / counted, 1) if counted else 0.0}
        rows.append(row)
        print(f"{block:10} {row['mutants']:>7} {row['judged']:>6} {row['killed']:>6} {row['equivalent']:>10} "
              f"{row['alive']:>5} {row['percent']:>18.1f} %")
    left = [results[m["mutant"]] for m in mutants if results.get(m["mutant"], {}).get("verdict") == "alive"]
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
            f"{total['equivalent']:,} more proved equivalent, {total['alive']:,} alive; {total['judged']:,} judged")
    subprocess.run([ROOT / "scripts/status_line.py", "mutation", command, line, *([] if good else ["--fail"])],
                   check=True)
    return 0 if good else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/mutation")
    parser.add_argument("--suite", default=str(ROOT / "build/bin/mutation_suite"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="a sample: only each n-th mutant of every block")
    parser.add_argument("--report", action="store_true", help="only print what is judged")
    options = parser.parse_args()
    options.out = options.out.resolve()
    everything = json.loads((options.out / "mutants.json").read_text())
    mutants = [m for m in everything if m["mutant"] % options.every == 0]
    if not mutants:
        parser.error(f"--every {options.every} leaves none of the {len(everything)} mutants")
    judged_by = [pathlib.Path(options.suite), pathlib.Path(__file__), pathlib.Path(equivalence.__file__)]
    suite_id = hashlib.sha256(b"".join(path.read_bytes() for path in judged_by)).hexdigest()[:12]
    options.limits = options.out / f"limits-{suite_id}.txt"
    store = options.out / f"results-{suite_id}.jsonl"
    results = {r["mutant"]: r for r in map(json.loads, store.read_text().splitlines())} if store.exists() else {}
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    if not options.report:
        run_campaign(options, mutants, results, store)
    return status(options.every, report(options, mutants, results), len(everything))


if __name__ == "__main__":
    sys.exit(main())
