#!/usr/bin/python3
"""Proves what tests/formal/proofs.yaml lists, with yosys, yosys-smtbmc, z3 and yosys-abc; prints a table and writes
results.json. Methods:
  bounded    no assertion fails in any run of `depth` cycles from reset (smtbmc) or of `depth` frames (abc bmc3)
  induction  k cycles without a failure make one more (smtbmc -i), after the bounded proof of the same assertions
  unbounded  no run of any length fails (yosys-abc pdr finds an invariant and checks it)
  cover      every cover point is reached: the assumptions leave room
  fault n    the fault n, planted by the property file at the block's ports, makes the named assertion fail
Exit codes: 0 all as listed, 1 something else came out, 77 a tool is missing (a test suite skips)."""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = {"yosys": "yosys", "yosys-smtbmc": "yosys", "yosys-abc": "yosys", "z3": "z3"}
METHODS = ("bounded", "induction", "unbounded", "cover", "faults")
KEYS = {"block", "says", "top", "shapes", "peeks", "fast", "bounded_by", "stand_in", *METHODS}


class Failure(Exception):
    pass


def run(command, limit_s, log):
    """Runs a tool in a process group of its own, so that a solver does not outlive its front end."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               start_new_session=True)
    try:
        output, _ = process.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise Failure(f"no answer within {limit_s} s, see {log.parent}") from None
    log.write_text(output)
    return process.returncode, output


class Job:
    """One proof: a property module with parameters, and a method."""

    def __init__(self, proof, shape, method, depth, fault, options):
        self.proof, self.shape, self.method, self.depth, self.fault = proof, shape, method, depth, fault
        self.limit_s = options.limit_s
        name = "_".join([proof["top"], *(f"{k}{v}" for k, v in shape.items()), method, str(fault or "")])
        self.work = options.out / name.rstrip("_")

    def engine(self):
        if self.method == "unbounded":
            return "pdr"
        by_abc = self.method == "fault" or (self.method == "bounded" and self.proof.get("bounded_by") == "bmc3")
        return "bmc3" if by_abc else "smtbmc"

    def prepare(self):
        """Yosys: sources to SMT-LIB or AIGER; returns the names of the assertions that are proved."""
        proof, parameters = self.proof, dict(self.shape)
        inside = self.method in METHODS[:3] and "peeks" in proof
        if inside:
            parameters["Inside"] = 1
        if self.fault:
            parameters["Fault"] = self.fault
        sources = [*(ROOT / "rtl/files.f").read_text().split(), f"tests/formal/{proof['top']}.sv"]
        sources = [proof.get("stand_in", {}).get(source, source) for source in sources]
        # A memory that a property looks into becomes registers, in each engine the same.
        lines = [f"read_verilog -sv -formal {' '.join(sources)}",
                 "chparam " + " ".join(f"-set {k} {v}" for k, v in parameters.items()) + f" {proof['top']}"
                 if parameters else "",
                 f"hierarchy -check -top {proof['top']}", f"rename -top {proof['top']}", "proc", "flatten", "memory_map"]
        if inside:
            lines += [f"connect -set {wire} {register}" for wire, register in proof["peeks"].items()]
        lines += [f"prep -top {proof['top']} -nordff", "async2sync"]
        if self.method != "cover":
            lines += ["chformal -cover -remove"]
        if self.fault:  # the named assertion has to catch it alone
            name = proof["faults"][self.fault]
            lines += [f"delete t:$assert */{name} %d */*.{name} %d"]
        lines += [f"tee -q -o {self.work}/asserts select -list t:$assert"]
        if self.engine() == "smtbmc":
            lines += ["dffunmap", f"write_smt2 -wires {self.work}/design.smt2"]
        else:
            lines += ["setundef -undriven -anyseq", "delete -output", "opt -full", "techmap", "opt -fast", "dffunmap",
                      "opt_expr", "abc -g AND -fast", "opt_clean",
                      f"write_aiger -zinit -map {self.work}/design.aim {self.work}/design.aig"]
        (self.work / "prepare.ys").write_text("\n".join(lines) + "\n")
        code, text = run(["yosys", "-q", "-s", f"{self.work}/prepare.ys"], self.limit_s, self.work / "prepare.log")
        if code:
            raise Failure(f"yosys: {text.strip().splitlines()[-1]}")
        names = [line.rsplit("/", 1)[-1] for line in (self.work / "asserts").read_text().split()]
        if not names:
            raise Failure("there is no assertion in it")
        return sorted(name.rsplit(".", 1)[-1] if name.endswith("_A") else "unnamed" for name in names)

    def smtbmc(self, *arguments):
        code, text = run(["yosys-smtbmc", "-s", "z3", *arguments, str(self.work / "design.smt2")], self.limit_s,
                         self.work / "engine.log")
        status = re.search(r"Status: (\w+)", text)
        if not status:
            raise Failure(f"yosys-smtbmc gave no status (exit code {code}), see {self.work}/engine.log")
        return status[1] == "PASSED", text

    def abc(self, command, proved):
        _, text = run(["yosys-abc", "-c", f"read_aiger {self.work}/design.aig; fold; strash; {command}"], self.limit_s,
                      self.work / "engine.log")
        return re.search(proved, text) is not None, text

    def prove(self):
        """Returns the verdict and whether it is what was asked for."""
        if self.method == "cover":
            good, text = self.smtbmc("-c", "-t", str(self.depth))
            points = re.findall(r"Reached cover statement at (\S+)", text)
            return f"reached {', '.join(sorted(set(points)))}" if good else "not reached", good
        if self.fault:
            found, _ = self.abc(f"bmc3 -F {self.depth} -T {self.limit_s}", r"was asserted in frame")
            name = self.proof["faults"][self.fault]
            return f"{'caught' if found else 'not caught'} by {name}", found
        if self.engine() == "pdr":
            good, text = self.abc(f"pdr -T {self.limit_s}", r"Property proved")
        elif self.engine() == "bmc3":
            good, text = self.abc(f"bmc3 -F {self.depth} -T {self.limit_s}", r"No output asserted in \d+ frames|No output was asserted in \d+ frames")
        else:
            good, text = self.smtbmc(*(["-i"] if self.method == "induction" else []), "-t", str(self.depth))
        failed = [name.rsplit(".", 1)[-1] for name in re.findall(r"Assert failed in \S+ (\S+)", text)]
        return "proved" if good else "FAILED" + (f": {', '.join(failed)}" if failed else ""), good

    def __call__(self):
        start = time.monotonic()
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        names = []
        try:
            names = self.prepare()
            verdict, good = self.prove()
        except Failure as failure:
            verdict, good = str(failure), False
        return {"block": self.proof["block"], "shape": self.shape, "asserts": names,
                "method": f"fault {self.fault}" if self.fault else self.method, "engine": self.engine(),
                "depth": self.depth, "seconds": round(time.monotonic() - start, 1), "verdict": verdict, "good": good}


def load(path):
    document = yaml.safe_load(path.read_text())
    if document.get("schema") != "crucible.formal/1":
        raise SystemExit(f"{path}: the first key must be 'schema: crucible.formal/1'")
    for proof in document["proofs"]:
        unknown = set(proof) - KEYS
        if unknown:
            raise SystemExit(f"{path}: proof of {proof.get('block')}: unknown keys {sorted(unknown)}")
    return document["proofs"]


def plan(proofs, options):
    jobs = []
    for proof in proofs:
        if options.block and proof["block"] not in options.block:
            continue
        shapes = proof.get("shapes", [{}])
        for method in METHODS[:4]:
            if method not in proof or (options.fast and method not in proof.get("fast", [])):
                continue
            depth = None if method == "unbounded" else proof[method]
            jobs += [Job(proof, shape, method, depth, 0, options) for shape in shapes]
        if not options.fast:
            depth = max(10, proof.get("bounded", 0))
            jobs += [Job(proof, shapes[0], "fault", depth, fault, options) for fault in proof.get("faults", {})]
    return jobs


def main():
    parser = argparse.ArgumentParser(description="Formal proofs of the RTL")
    parser.add_argument("--fast", action="store_true", help="only what proofs.yaml marks as fast")
    parser.add_argument("--block", action="append", help="only this block; may be repeated")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--limit-s", type=int, default=600, help="seconds for one run of a tool")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/formal")
    options = parser.parse_args()
    options.out = options.out.resolve()
    for tool, package in TOOLS.items():
        if not shutil.which(tool):
            print(f"skipped: {tool} is not installed (Debian package {package})")
            return 77
    jobs = plan(load(pathlib.Path(__file__).with_name("proofs.yaml")), options)
    if not jobs:
        raise SystemExit(f"no such block: {options.block}")
    print(f"{'block':16} {'shape':26} {'method':10} {'engine':7} {'depth':>5} {'asserts':>7} {'seconds':>8}  verdict")
    rows = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for row in pool.map(lambda job: job(), jobs):
            shape = " ".join(f"{k}={v}" for k, v in row["shape"].items())
            print(f"{row['block']:16} {shape:26} {row['method']:10} {row['engine']:7} {row['depth'] or 'any':>5} "
                  f"{len(row['asserts']):>7} {row['seconds']:>8.1f}  {row['verdict']}", flush=True)
            rows.append(row)
    good = sum(row["good"] for row in rows)
    faults = [row for row in rows if row["method"].startswith("fault")]
    proved = [row for row in rows if row not in faults and row["method"] != "cover"]
    unbounded = sum(row["good"] for row in proved if row["method"] != "bounded")
    result = (f"{sum(row['good'] for row in proved)} of {len(proved)} proofs hold ({unbounded} of them for runs of any "
              f"length) over {len({row['block'] for row in rows})} blocks; {sum(row['good'] for row in faults)} of "
              f"{len(faults)} planted faults caught")
    print(result)
    options.out.mkdir(parents=True, exist_ok=True)
    name = "fast" if options.fast else ("partial" if options.block else "results")
    (options.out / f"{name}.json").write_text(json.dumps({"rows": rows}, indent=1) + "\n")
    if name == "results":
        subprocess.run([ROOT / "scripts/status_line.py", "formal", "make formal", result,
                        *([] if good == len(rows) else ["--fail"])], check=True)
    return 0 if good == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
