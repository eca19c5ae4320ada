#!/usr/bin/python3
"""Runs the suite against the mutants of build/mutation/mutants.json, proves equivalent what passes where that can be done,
and prints what is left. A mutant is killed by a failing test, a crash, or more than twice the clock cycles of the design
in a test; every test ends by that count, so none is left open. What is neither killed nor proved equivalent is alive.

Goes on where it was stopped. What is judged stands in results-*.jsonl beside the netlist it was judged on: a test's
verdict with the suite that gave it, a proof's with the prover. Only the present ones count; with --survivors also what
earlier ones killed or proved: only what they left alive is judged again, which is right where tests were added alone."""
import argparse
import collections
import concurrent.futures
import functools
import hashlib
import json
import multiprocessing
import os
import pathlib
import re
import signal
import subprocess
import sys

import equivalence

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Tests of a block, the quick ones first; a survivor of one pattern goes on to the next.
STAGES = {
    "tile": ["*PortConformance*tiny*", "*TileEquivalence*tiny*"],
    "registers": ["*PortConformance*tiny*:*Identity*tiny*",
                  "*Reset.*tiny*:*EveryBitOfError*tiny*:*UartPins*Break*tiny*:*UartPins*Faster*tiny*",
                  "*EveryBit*tiny*:*Counting*tiny*", "*AnswersRandomFrames*tiny*"],
    "link": ["*LinkProtocol*tiny*:*LinkDamage*tiny*-*GivesUp*:*RandomTraffic*", "*Reset.*tiny*:*UartPins*tiny*",
             "*EveryBit*Address*tiny*", "*AnswersRandomFrames*tiny*", "*GivesUp*tiny*"],
}
# Left out for their length: what they do at random in minutes, others do bit by bit.
LEFT_OUT = "*DamagedUart*:*SurvivesRandomTraffic*:*UartGoodput*"
# Where proofs are tried, one after the other, and the seconds of processor time of one attempt.
SCOPES = {"tile": ["cim_tile_in_use"], "registers": ["cim_regs_in_use"],
          "link": ["cim_link_in_use", "cim_uart_words_in_use"]}
PROOF_S = 10
USERS = (65535, 65534)   # mutants of tests/mutation/*_in_use.sv themselves: what is not looked at, what is assumed
USERS_S = 120            # processor time of the proof that one does not show
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
    """The scopes in which the given mutants are tried to be proved equivalent."""

    def __init__(self, out, mutants):
        commands = (out / "apply.ys").read_text().splitlines()
        self.scopes = {}
        for block, tops in SCOPES.items():
            due = [commands[m["mutant"] - 1] for m in mutants if m["block"] == block]
            for top in tops if due else ():
                scope = equivalence.Scope(out / "scopes.il", due, top, out / "scopes")
                for number in USERS:
                    if scope.prove(number, USERS_S) is None:
                        raise RuntimeError(f"{top}: no proof that its mutant {number} does not show")
                self.scopes[top] = scope

    def __call__(self, mutant):
        """How it was proved equivalent, or None."""
        for top in SCOPES[mutant["block"]]:
            scope = self.scopes[top]
            proof = scope.prove(mutant["mutant"], PROOF_S) if mutant["module"] in scope.inside else None
            if proof:
                return proof
        return None


def judge(options, mutant):
    for tests in STAGES[mutant["block"]]:
        killer = suite(options, mutant["mutant"], tests, MUTANT_LIMIT_S)
        if killer:
            return {"mutant": mutant["mutant"], "verdict": "killed", "by": killer}
    return {"mutant": mutant["mutant"], "verdict": "passed", "by": ""}


prover = None   # of this process and those that it forks


def attempt(mutant):
    proof = prover(mutant)
    return {"mutant": mutant["mutant"], "verdict": "equivalent" if proof else "unproved", "by": proof or ""}


class Results:
    """What tests and proofs said of each mutant of this netlist, and the file where it stands."""

    def __init__(self, options):
        def identity(*paths, more=""):
            read = b"".join(pathlib.Path(path).read_bytes() for path in paths)
            return hashlib.sha256(read + more.encode()).hexdigest()[:12]

        netlist = identity(options.out / "base.il", options.out / "apply.ys")
        folder = pathlib.Path(__file__).parent
        self.suite = identity(options.suite, more=f"{STAGES} {PRODUCTS}")
        self.prover = identity(folder / "aiger.py", folder / "equivalence.py", *sorted(folder.glob("*_in_use.sv")),
                               more=f"{SCOPES} {PROOF_S}")
        self.limits = options.out / f"limits-{netlist}-{self.suite}.txt"
        self.store = options.out / f"results-{netlist}.jsonl"
        self.tests, self.proofs, self.earlier = {}, {}, 0
        for line in self.store.read_text().splitlines() if self.store.exists() else []:
            result = json.loads(line)
            now = result["judge"] in (self.suite, self.prover)
            if now or (options.survivors and result["verdict"] in ("killed", "equivalent")):
                self.earlier += not now
                self._take(result)

    def _take(self, result):
        (self.tests if result["verdict"] in ("killed", "passed") else self.proofs)[result["mutant"]] = result

    def keep(self, result):
        judge = self.suite if result["verdict"] in ("killed", "passed") else self.prover
        result = {**result, "judge": judge}
        self._take(result)
        with self.store.open("a") as stored:
            stored.write(json.dumps(result) + "\n")

    def verdict(self, mutant):
        """killed, equivalent, alive, or None where that is open."""
        number = mutant["mutant"]
        tests = self.tests.get(number, {}).get("verdict")
        proof = self.proofs.get(number, {}).get("verdict")
        if tests == "killed" or proof == "equivalent":
            return "killed" if tests == "killed" else proof
        return "alive" if tests and proof else None


def check_design(options):
    """Mutant 0 passes, or nothing can be said of the others. It writes the limits in clock cycles."""
    failed = suite(options, 0, f"*tiny*-{LEFT_OUT}", DESIGN_LIMIT_S)
    if failed:
        sys.exit(f"the netlist without a mutant fails {failed}: nothing can be said of mutants")


def run_campaign(options, mutants, results):
    """Tests of every mutant, then proofs of what passed."""
    if not options.limits.exists():
        check_design(options)

    def each(what, due, work, pool_of):
        with pool_of(options.jobs) as pool:
            tasks = [pool.submit(work, mutant) for mutant in due]
            try:
                for done, task in enumerate(concurrent.futures.as_completed(tasks), 1):
                    results.keep(task.result())
                    if done % 50 == 0:
                        print(f"{what}: {done} of {len(due)}", flush=True)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def due(done):
        return [m for m in mutants if m["mutant"] not in done and results.verdict(m) is None]

    each("tests", due(results.tests), functools.partial(judge, options), concurrent.futures.ThreadPoolExecutor)
    global prover   # pylint: disable=global-statement
    prover = Prover(options.out, due(results.proofs))
    each("proofs", due(results.proofs), attempt, functools.partial(
        concurrent.futures.ProcessPoolExecutor, mp_context=multiprocessing.get_context("fork")))


def report(options, mutants, results):
    print(f"{'block':10} {'mutants':>7} {'judged':>6} {'killed':>6} {'equivalent':>10} {'alive':>5} "
          f"{'killed of the others':>20}")
    verdicts = {m["mutant"]: results.verdict(m) for m in mutants}
    rows = []
    for block in [*STAGES, "all"]:
        of = [verdicts[m["mutant"]] for m in mutants if block in ("all", m["block"])]
        count = collections.Counter(of)
        judged = len(of) - count[None]
        counted = judged - count["equivalent"]
        row = {"block": block, "mutants": len(of), "judged": judged,
               **{verdict: count[verdict] for verdict in ("killed", "equivalent", "alive")},
               "percent": round(100 * count["killed"] / counted, 1) if counted else 0.0}
        rows.append(row)
        print(f"{block:10} {row['mutants']:>7} {row['judged']:>6} {row['killed']:>6} {row['equivalent']:>10} "
              f"{row['alive']:>5} {row['percent']:>18.1f} %")
    left = [m for m in mutants if verdicts[m["mutant"]] == "alive"]
    for mutant in left:
        print(f"alive: {mutant['mutant']} {mutant['module']} {mutant['source']}: {mutant['command']}")
    how = collections.Counter(results.proofs[m["mutant"]]["by"].split(",")[0] for m in mutants
                              if verdicts[m["mutant"]] == "equivalent")
    print("equivalent by " + ", ".join(f"{name}: {number}" for name, number in sorted(how.items())))
    (options.out / "results.json").write_text(json.dumps({"blocks": rows, "proofs": how, "left": left}, indent=1) + "\n")
    return rows[-1]


def status(every, total, whole, earlier):
    """The line for build/status; a part of the mutants, and verdicts of earlier suites or provers, it says."""
    good = total["judged"] == total["mutants"] and total["percent"] >= GOAL_PERCENT
    drawn, command = f"{whole:,} mutants", "make mutation"
    if every > 1:
        drawn, command = f"sample of {total['mutants']:,} of {whole:,} mutants", f"make mutation EVERY={every}"
    line = (f"{drawn}: {total['killed']:,} of {total['judged'] - total['equivalent']:,} killed ({total['percent']} %), "
            f"{total['equivalent']:,} more proved equivalent, {total['alive']:,} alive; {total['judged']:,} judged")
    if earlier:
        command, line = "campaign.py --survivors", f"{line}, {earlier:,} of them before by an earlier suite or prover"
    subprocess.run([ROOT / "scripts/status_line.py", "mutation", command, line, *([] if good else ["--fail"])],
                   check=True)
    return 0 if good else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/mutation")
    parser.add_argument("--suite", default=str(ROOT / "build/bin/mutation_suite"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="a sample: only each n-th mutant of every block")
    parser.add_argument("--survivors", action="store_true",
                        help="what an earlier suite killed or an earlier prover proved stays so")
    parser.add_argument("--report", action="store_true", help="only print what is judged")
    options = parser.parse_args()
    options.out = options.out.resolve()
    everything = json.loads((options.out / "mutants.json").read_text())
    mutants = [m for m in everything if m["mutant"] % options.every == 0]
    if not mutants:
        parser.error(f"--every {options.every} leaves none of the {len(everything)} mutants")
    results = Results(options)
    options.limits = results.limits
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    if not options.report:
        run_campaign(options, mutants, results)
    return status(options.every, report(options, mutants, results), len(everything), results.earlier)


if __name__ == "__main__":
    sys.exit(main())
