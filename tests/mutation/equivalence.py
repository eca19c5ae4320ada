"""Proves that a mutant cannot be told from the design: at the ports of a module, from reset on, whatever the module's
inputs do, in runs of any length.

A scope is that module and all below it, elaborated with all its mutants (the input `mutsel` selects one) into an
and-inverter graph. The design is its cofactor for mutsel = 0, the mutant that for mutsel = k. Both get the same inputs and
start in the same state, which is any. Reset is active in the first cycle and free afterwards. From the second cycle on no
output may differ.

The arrays of memories are cut out: what is read is free, the same on both sides. Writes count as outputs, and so do read
addresses where the design reads. As long as they agree both arrays hold the same, so the same is read. Undefined bits of
the netlist are free, too, and the same on both sides.

A proof goes in three steps and ends with the first that suffices:
  structural  design and mutant have the same next-state functions and outputs, once registers that do are shared
  induction   the largest set of registers is found that hold the same on both sides: if they did in each of the last k
              cycles, they do in the next, whatever all others hold (cadical); with it no output differs
  pdr         the others alone are doubled, and yosys-abc looks for an invariant (scorr, pdr)"""
import json
import os
import random
import re
import resource
import subprocess
import tempfile
import time

import aiger

MEMORY = "cim_ram_be"   # modules with one array `mem`, read in cycles with re_i alone
SELECTOR = "mutsel"
RESET = "rst_ni"
FRAMES = (1, 2, 3)      # cycles of an induction
PATTERNS = 256          # of a simulation, before the solver is asked
ENGINES = "scorr; scorr -F 2; pdr"


class OutOfTime(Exception):
    pass


def limited(command, cpu_s, text=""):
    """Exit code, output and seconds of processor time of a program that gets `text` and `cpu_s` at most."""
    with tempfile.TemporaryFile("w+") as given, tempfile.TemporaryFile("w+") as said:
        given.write(text)
        given.seek(0)
        process = subprocess.Popen(command, stdin=given, stdout=said, stderr=subprocess.DEVNULL,
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s)))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        return process.returncode, said.read(), usage.ru_utime + usage.ru_stime


class Scope:
    """Module `top` of `base` (RTLIL, and JSON beside it) with the mutants of `commands`, yosys' mutate with -ctrl."""

    def __init__(self, base, commands, top, out):
        out.mkdir(parents=True, exist_ok=True)
        self.top, self.stem = top, out / top
        modules = json.loads(base.with_suffix(".json").read_text())["modules"]
        self.inside, reads, todo = {top}, [], [("", top)]
        while todo:
            path, name = todo.pop()
            if name.startswith(MEMORY):
                reads.append(f"{path}re_i")
            for instance, cell in modules[name]["cells"].items():
                if cell["type"] in modules:
                    self.inside.add(cell["type"])
                    todo.append((f"{path}{instance}.", cell["type"]))
        self._elaborate(base, [line for line in commands if re.search(r"-module (\S+)", line)[1] in self.inside],
                        [read for read in reads if "." in read])
        self.following, literals, self.gates, self.inputs, names = aiger.read(self.stem.with_suffix(".aig"))
        self.observed = dict(zip(names, literals))
        self.compared = [name for name in names if not (name[0] in reads and "." in name[0])]
        self.design = None

    def _elaborate(self, base, commands, exposed):
        self.stem.with_suffix(".mutants").write_text("\n".join(commands) + "\n")
        script = "\n".join([
            f"read_rtlil {base}", f"hierarchy -top {self.top}", f"script {self.stem}.mutants", f"hierarchy -top {self.top}",
            "flatten", "expose -evert t:$mem_v2 c:*mem %i", "memory_map", *(f"expose w:{wire}" for wire in exposed),
            "opt_clean", "simplemap", "techmap", "simplemap", "dffunmap", "setundef -undriven -anyseq", "setundef -anyseq",
            "aigmap", "opt_clean", f"write_aiger -symbols {self.stem}.aig"])
        self.stem.with_suffix(".ys").write_text(script + "\n")
        done = subprocess.run(["yosys", "-q", "-s", f"{self.stem}.ys"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)
        self.stem.with_suffix(".log").write_text(done.stdout)
        if done.returncode:
            raise RuntimeError(f"yosys failed, see {self.stem}.log:\n{done.stdout[-2000:]}")

    def matters(self, name, observed):
        """Literal that must hold, in the design, for a difference of this output to count."""
        port, bit = name
        memory, _, pin = port.rpartition(".")
        if pin == "WR_DATA":
            return observed[memory + ".WR_EN", bit]
        if pin == "WR_ADDR":
            return observed["any", memory]
        if pin == "RD_ADDR":
            return observed.get((memory.rpartition(".")[0] + ".re_i", 0), 1)
        return 1

    def prove(self, number, cpu_s):
        """How the proof went, in words, or None if there is none within about `cpu_s` seconds of processor time."""
        try:
            how = Pair(self, number, cpu_s).prove()
        except OutOfTime:
            return None
        return how and f"{how}, {self.top}"


class Pair:
    """Design and one mutant of a scope. Both stand in one graph over the inputs and the registers of a cycle; `unrolled`
    repeats it over several."""

    def __init__(self, scope, number, cpu_s):
        self.scope, self.number = scope, number
        self.end_s = time.thread_time() + cpu_s   # less what solvers took
        self.count = len(scope.following)
        self.graph = aiger.Graph()
        self.free = [self.graph.variable() for _ in scope.inputs]
        self.started = self.graph.variable()   # 0 in the first cycle
        self.start = [self.graph.variable() for _ in range(self.count)]   # the state then
        self.held = [self.graph.variable() for _ in range(self.count)]    # and afterwards
        self.design, outputs, observed = self._evaluate(0)
        self.mutant, changed, _ = self._evaluate(number)
        self.outputs = [(outputs[name], changed[name], scope.matters(name, observed)) for name in scope.compared]
        self.nodes = sorted(self.graph.ands)

    def _evaluate(self, number):
        """Next values of the registers, outputs, and what of the outputs only gates a comparison."""
        both, values = self.graph.both, [0]
        for literal, (name, bit) in zip(self.free, self.scope.inputs):
            if name == SELECTOR:
                literal = number >> bit & 1
            elif name == RESET:
                literal = both(literal, self.started)
            values.append(literal)
        values += [self.graph.choose(self.started, *pair) for pair in zip(self.held, self.start)]
        for a, b in self.scope.gates:
            values.append(both(values[a >> 1] ^ (a & 1), values[b >> 1] ^ (b & 1)))
        outputs = {name: values[literal >> 1] ^ (literal & 1) for name, literal in self.scope.observed.items()}
        observed = dict(outputs)
        for (port, _), literal in outputs.items():
            if port.endswith(".WR_EN"):
                key = "any", port.rpartition(".")[0]
                observed[key] = self.graph.either(observed.get(key, 0), literal)
        return [values[literal >> 1] ^ (literal & 1) for literal in self.scope.following], outputs, observed

    def structural(self):
        """Whether nothing of what is compared depends on a register that may differ; registers by structure alone."""
        differs = set()
        while True:
            touched = self.touched(differs)
            more = {i for i in range(self.count)
                    if self.design[i] != self.mutant[i] or self.mutant[i] & ~1 in touched} - differs
            if not more:
                return all(a == b and b & ~1 not in touched for a, b, _ in self.outputs)
            differs |= more

    def touched(self, differs):
        """Nodes that depend on these registers."""
        touched = {self.held[i] for i in differs}
        if touched:
            for node in self.nodes:
                a, b = self.graph.ands[node]
                if a & ~1 in touched or b & ~1 in touched:
                    touched.add(node)
        return touched

    def unrolled(self, differs, frames, from_reset):
        """Of so many cycles, from reset or from any state in which all registers but `differs` hold the same: what must
        hold as those others hold the same and no output differs before the last cycle; by register, that it differs after
        the last cycle; and that an output differs in the last cycle."""
        return Unrolled(self, differs, frames, from_reset).compare()

    def agreeing(self, frames):
        """The registers that are not shown to hold the same, by induction over so many cycles."""
        differs = set()
        cases = [(depth, True) for depth in range(1, frames)] + [(frames, False)]
        settled = 0
        while settled < len(cases):
            graph, given, unequal, _ = self.unrolled(differs, *cases[settled])
            found = self._witness(graph, given, unequal)
            if found:
                differs |= found
                settled = 0
            else:
                settled += 1
        return differs

    def no_output_differs(self, differs, frames):
        for case in [(depth, True) for depth in range(1, frames)] + [(frames, False)]:
            graph, given, _, outputs = self.unrolled(differs, *case)
            if outputs and self._solve(graph, given, outputs) is not None:
                return False
        return True

    def _left_s(self):
        left = self.end_s - time.thread_time()
        if left <= 0:
            raise OutOfTime
        return int(left) + 1

    def _run(self, command, text=""):
        code, output, cpu_s = limited(command, self._left_s(), text)
        self.end_s -= cpu_s
        return code, output

    def _witness(self, graph, given, unequal):
        """Registers that can differ, some of them if any can."""
        self._left_s()
        targets = {i: literal for i, literal in unequal.items() if literal}
        if not targets:
            return set()
        nodes = graph.cone([*targets.values(), *given])
        found = self._differing(graph, nodes, given, targets, PATTERNS, lambda _: random.getrandbits(PATTERNS))
        if not found:
            model = self._solve(graph, given, list(targets.values()))
            if model is not None:
                found = self._differing(graph, nodes, given, targets, 1, lambda node: model.get(node, 0))
                assert found, "the solver's model shows no difference"
        return found

    @staticmethod
    def _differing(graph, nodes, given, targets, width, value):
        every = (1 << width) - 1
        values = graph.simulate(nodes, value, every)
        good = every
        for literal in given:
            good &= values[literal & ~1] ^ (every if literal & 1 else 0)
        return {i for i, literal in targets.items() if (values[literal & ~1] ^ (every if literal & 1 else 0)) & good}

    def _solve(self, graph, given, any_of):
        """A model, node: value, of all that is given and one of the others; None if there is none."""
        nodes, text = graph.dimacs(given, any_of)
        code, output = self._run(["cadical", "-q"], text)
        if code == 20:
            return None
        if code != 10:
            raise OutOfTime
        model = {}
        for line in output.splitlines():
            if line.startswith("v "):
                for word in line[2:].split():
                    number = int(word)
                    if number:
                        model[nodes[abs(number) - 1]] = int(number > 0)
        return model

    def reduced(self, differs):
        """An AIGER file's bytes: both sides with these registers doubled, and that an output differs."""
        step = Unrolled(self, differs, 1, False)
        graph, _, _, outputs = step.compare()
        bad = 0
        for literal in outputs:
            bad = graph.either(bad, literal)
        latches, due = {step.started: 1}, [bad]
        while due:   # registers in the cone, and in theirs
            new = [node for node in graph.cone(due) if node in step.registers and node not in latches]
            due = [step.following(*step.registers[node]) for node in new]
            latches.update(zip(new, due))
        inputs = [node for node in range(2, graph.last + 2, 2) if node not in graph.ands and node not in latches]
        return aiger.write(graph, inputs, latches.items(), bad)

    def prove(self):
        """How; None without a proof. Half of the time is kept for the last step."""
        if self.structural():
            return "structural"
        whole = self.end_s - time.thread_time()
        self.end_s -= whole / 2
        fewest = None
        for frames in FRAMES:
            try:
                differs = self.agreeing(frames)
                if self.no_output_differs(differs, frames):
                    return f"induction over {frames}"
            except OutOfTime:
                break
            if fewest is None or len(differs) < len(fewest):
                fewest = differs
        self.end_s += whole / 2
        if fewest is None:
            return None
        path = self.scope.stem.with_name(f"{self.scope.top}_{self.number}.aig")
        path.write_bytes(self.reduced(fewest))
        _, output = self._run(["yosys-abc", "-c", f"read_aiger {path}; strash; {ENGINES}"])
        path.unlink()
        return "pdr" if re.search(r"^Property proved", output, re.M) else None


class Unrolled:
    """A pair over several cycles in one graph, made as far as it is asked for. The mutant's registers but `differs` are the
    design's."""

    def __init__(self, pair, differs, frames, from_reset):
        self.pair, self.differs, self.frames = pair, differs, frames
        self.touched = pair.touched(differs)
        self.graph = aiger.Graph()
        self.register = {node: i for i, node in enumerate(pair.held)}
        self.registers = {}   # node of the first cycle's state: side, register
        self.known = [[{0: 0} for _ in range(frames)] for _ in range(2)]   # by side and cycle: node of the pair, literal
        self.started = 0 if from_reset else self.graph.variable()
        for cycle, known in enumerate(self.known[0]):
            known[pair.started] = 1 if cycle else self.started

    def _after(self, side, i):
        """Side and literal of a register's next value."""
        return (1, self.pair.mutant[i]) if side and i in self.differs else (0, self.pair.design[i])

    def value(self, side, cycle, literal):
        """In this graph, of a literal of the pair; side 0 is the design, 1 the mutant."""
        todo = [(side, cycle, literal & ~1)]
        while todo:
            side_, cycle_, node = todo[-1]
            known = self.known[side_][cycle_]
            if node in known:
                todo.pop()
                continue
            gate = self.pair.graph.ands.get(node)
            if side_ and node not in self.touched:
                needs = [(0, cycle_, node)]
            elif gate:
                needs = [(side_, cycle_, a) for a in gate]
            elif node in self.register and cycle_:
                source, after = self._after(side_, self.register[node])
                needs = [(source, cycle_ - 1, after)]
            else:
                known[node] = self.graph.variable()
                if node in self.register:
                    self.registers[known[node]] = side_, self.register[node]
                continue
            missing = [(s, c, a & ~1) for s, c, a in needs if a & ~1 not in self.known[s][c]]
            if missing:
                todo += missing
                continue
            found = [self.known[s][c][a & ~1] ^ (a & 1) for s, c, a in needs]
            known[node] = self.graph.both(*found) if len(found) == 2 else found[0]
        return self.known[side][cycle][literal & ~1] ^ (literal & 1)

    def following(self, side, i):
        source, after = self._after(side, i)
        return self.value(source, 0, after)

    def compare(self):
        """The graph; what is given: the registers hold the same and no output differs, up to the last cycle; by register,
        that it differs after it; and by output, that it differs in it."""
        pair, graph, given = self.pair, self.graph, []
        for cycle in range(self.frames):
            outputs = []
            for a, b, matters in pair.outputs:
                if a != b or b & ~1 in self.touched:
                    unequal = graph.differ(self.value(0, cycle, a), self.value(1, cycle, b))
                    if unequal:
                        outputs.append(graph.both(graph.both(unequal, self.value(0, cycle, matters)),
                                                  self.value(0, cycle, pair.started)))
            registers = {}
            for i in range(pair.count):
                a, b = pair.design[i], pair.mutant[i]
                if i not in self.differs and (a != b or b & ~1 in self.touched):
                    registers[i] = graph.differ(self.value(0, cycle, a), self.value(1, cycle, b))
            if cycle + 1 < self.frames:
                given += [literal ^ 1 for literal in (*outputs, *registers.values()) if literal]
        return graph, given, registers, [literal for literal in outputs if literal]
