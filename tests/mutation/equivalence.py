"""Proves that a mutant cannot be told from the design: at the ports of a module, from reset on, whatever the module's
inputs do, in runs of any length.

A scope is that module and all below it, elaborated with all its mutants (the input `mutsel` selects one) into an
and-inverter graph. The design is its cofactor for mutsel = 0, the mutant that for mutsel = k. Both get the same inputs and
start in the same state, which is any. Reset is active in the first cycle and free afterwards. From the second cycle on no
output may differ; yosys-abc proves it (scorr, pdr). Registers whose next value is the same function of the same
registers are shared beforehand; where nothing is left, that is the proof.

A mutant may also be proved at the outputs of its own module within the scope: everything else is then the design, and as
long as those outputs agree, nothing can tell the two apart.

The arrays of memories are cut out: what is read is free, the same on both sides. Writes count as outputs, and so do read
addresses where the design reads. As long as they agree both arrays hold the same, so the same is read. Undefined bits of
the netlist are free, too, and the same on both sides."""
import json
import pathlib
import re
import resource
import subprocess

MEMORY = "cim_ram_be"   # modules with one array `mem`, read in cycles with re_i alone
SELECTOR = "mutsel"
PROOF = "scorr; scorr -F 2; pdr"


class Graph:
    """An and-inverter graph with structural hashing; literal 0 is false, a ^ 1 the complement of a."""

    def __init__(self):
        self.ands, self.hashed, self.last = {}, {}, 0

    def variable(self):
        self.last += 2
        return self.last

    def both(self, a, b):
        if a > b:
            a, b = b, a
        if a == 0 or a == b ^ 1:
            return 0
        if a == 1 or a == b:
            return b
        node = self.hashed.get((a, b))
        if node is None:
            node = self.hashed[a, b] = self.variable()
            self.ands[node] = (a, b)
        return node

    def either(self, a, b):
        return self.both(a ^ 1, b ^ 1) ^ 1

    def choose(self, s, a, b):
        return self.either(self.both(s, a), self.both(s ^ 1, b))

    def differ(self, a, b):
        return self.either(self.both(a, b ^ 1), self.both(a ^ 1, b))


def read_aiger(path):
    """Next values of the registers, outputs, gates as pairs of literals, and the names of inputs and outputs, (port, bit)."""
    data = path.read_bytes()
    place = data.index(b"\n") + 1
    _, inputs, latches, outputs, ands, *rest = (int(word) for word in data[4:place].split())
    if any(rest):
        raise RuntimeError(f"{path}: properties and constraints are not expected")

    def line():
        nonlocal place
        stop = data.index(b"\n", place)
        words = data[place:stop].split()
        place = stop + 1
        return int(words[0])

    def delta():
        nonlocal place
        value = shift = 0
        while True:
            byte = data[place]
            place += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    following = [line() for _ in range(latches)]
    out = [line() for _ in range(outputs)]
    gates = []
    first = inputs + latches + 1
    for index in range(first, first + ands):
        high = 2 * index - delta()
        gates.append((high, high - delta()))
    names = {"i": [("", 0)] * inputs, "o": [("", 0)] * outputs}
    for kind, index, port, bit in re.findall(r"^([io])(\d+) (\S+?)(?:\[(\d+)\])?$", data[place:].decode(), re.M):
        names[kind][int(index)] = (port, int(bit or 0))
    return following, out, gates, names["i"], names["o"]


def write_aiger(graph, inputs, latches, bad):
    """The cone of the literal `bad` as an AIGER file's bytes; `latches` are pairs (node, literal of the next value)."""
    following = dict(latches)
    needed, todo = set(), [bad & ~1]
    while todo:
        node = todo.pop()
        if node == 0 or node in needed:
            continue
        needed.add(node)
        if node in graph.ands:
            todo += [literal & ~1 for literal in graph.ands[node]]
        elif node in following:
            todo.append(following[node] & ~1)
    inputs = [node for node in inputs if node in needed]
    latches = [(node, after) for node, after in latches if node in needed]
    gates = [(node, graph.ands[node]) for node in sorted(node for node in needed if node in graph.ands)]
    number = {0: 0}
    for node in [*inputs, *(node for node, _ in latches), *(node for node, _ in gates)]:
        number[node] = 2 * len(number)

    def literal(a):
        return number[a & ~1] | (a & 1)

    text = [f"aig {len(number) - 1} {len(inputs)} {len(latches)} 1 {len(gates)}"]
    text += [str(literal(after)) for _, after in latches] + [str(literal(bad))]
    data = bytearray(("\n".join(text) + "\n").encode())
    for node, (a, b) in gates:
        high, low = sorted((literal(a), literal(b)), reverse=True)
        for value in (number[node] - high, high - low):
            while value >= 128:
                data.append((value & 127) | 128)
                value >>= 7
            data.append(value)
    return bytes(data)


class Scope:
    """Module `top` of `base` (RTLIL, and JSON beside it) with the mutants of `commands`, yosys' mutate with -ctrl."""

    def __init__(self, base, commands, top, out):
        out.mkdir(parents=True, exist_ok=True)
        self.top, self.stem = top, out / top
        modules = json.loads(base.with_suffix(".json").read_text())["modules"]
        inside, outputs, reads, todo = {top}, {}, [], [("", top)]
        while todo:
            path, name = todo.pop()
            if name.startswith(MEMORY):
                reads.append(f"{path}re_i")
            for instance, cell in modules[name]["cells"].items():
                below = cell["type"]
                if below in modules:
                    inside.add(below)
                    todo.append((f"{path}{instance}.", below))
                    outputs |= {f"{path}{instance}.{port}": below for port, at in modules[below]["ports"].items()
                                if at["direction"] == "output"}
        self.inside = inside
        self._elaborate(base, [line for line in commands if re.search(r"-module (\S+)", line)[1] in inside],
                        [*outputs, *(read for read in reads if "." in read)])
        self.following, literals, self.gates, self.inputs, names = read_aiger(self.stem.with_suffix(".aig"))
        self.input_count, self.latch_count = len(self.inputs), len(self.following)
        self.cuts = {}        # module: nodes of its instances' outputs
        self.compared = []    # literals, each with its name
        self.observed = {}    # by name, what only gates a comparison
        for literal, name in zip(literals, names):
            if name[0] in outputs:
                self.cuts.setdefault(outputs[name[0]], set()).add(literal >> 1)
            elif name[0] in reads and "." in name[0]:
                self.observed[name] = literal
            else:
                self.compared.append((literal, name))
                self.observed[name] = literal

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

    def _gate(self, name, values):
        """Literal that must hold, in the design, for a difference of this output to count."""
        port, bit = name
        memory, _, pin = port.rpartition(".")
        if pin == "WR_DATA":
            return values[memory + ".WR_EN", bit]
        if pin == "RD_ADDR":
            return values.get((memory.rpartition(".")[0] + ".re_i", 0), 1)
        return 1

    def miter(self, number, cut):
        """An AIGER file's bytes whose one output says that mutant and design differ; None where nothing can. `cut`: the
        module at whose outputs they are compared; None: at the scope's ports."""
        graph = Graph()
        free = [graph.variable() for _ in range(self.input_count)]
        started = graph.variable()   # a register, 0 in the first cycle
        start = [graph.variable() for _ in range(self.latch_count)]
        design_q = [graph.variable() for _ in range(self.latch_count)]
        mutant_q = [graph.variable() for _ in range(self.latch_count)]
        cuts = sorted(self.cuts.get(cut, ()))

        def evaluate(number, registers, design):
            """Values of all nodes, and the pairs of literals that must not differ."""
            pairs, values = [], [0]
            for literal, (name, bit) in zip(free, self.inputs):
                if name == SELECTOR:
                    literal = number >> bit & 1
                elif name == "rst_ni":
                    literal = graph.both(literal, started)
                values.append(literal)
            values += [graph.choose(started, *both) for both in zip(registers, start)]
            at = len(values)
            values += [0] * len(self.gates)

            def join(node):
                if values[node] != design[node]:
                    pairs.append((values[node], design[node], 1))
                    values[node] = design[node]

            inner = set()
            if design:
                for node in cuts:
                    if node < at:
                        join(node)
                    else:
                        inner.add(node)
            for a, b in self.gates:
                values[at] = graph.both(values[a >> 1] ^ (a & 1), values[b >> 1] ^ (b & 1))
                if at in inner:
                    join(at)
                at += 1
            if design:
                seen = {name: design[literal >> 1] ^ (literal & 1) for name, literal in self.observed.items()}
                for literal, name in self.compared:
                    pairs.append((values[literal >> 1] ^ (literal & 1), design[literal >> 1] ^ (literal & 1),
                                  self._gate(name, seen)))
            return values, pairs

        def following(values):
            return [values[literal >> 1] ^ (literal & 1) for literal in self.following]

        design, _ = evaluate(0, design_q, None)
        design_next = following(design)
        differs = set()
        while True:   # registers of the mutant that may differ from the design's
            values, pairs = evaluate(number, [mutant_q[i] if i in differs else design_q[i]
                                              for i in range(self.latch_count)], design)
            mutant_next = following(values)
            more = {i for i in range(self.latch_count) if mutant_next[i] != design_next[i]} - differs
            if not more:
                break
            differs |= more
        bad = 0
        for a, b, gate in pairs:
            bad = graph.either(bad, graph.both(gate, graph.differ(a, b)))
        bad = graph.both(bad, started)
        if bad == 0:
            return None
        latches = [(started, 1), *zip(design_q, design_next), *((mutant_q[i], mutant_next[i]) for i in sorted(differs))]
        return write_aiger(graph, free + start, latches, bad)

    def prove(self, number, cut, cpu_s):
        """How the proof went, in words, or None if there is none within `cpu_s` seconds of processor time."""
        data = self.miter(number, cut)
        where = f"{cut} within {self.top}" if cut else self.top
        if data is None:
            return f"structural, {where}"
        path = self.stem.with_name(f"{self.top}_{number}_{cut or 'all'}.aig")
        path.write_bytes(data)
        process = subprocess.run(["yosys-abc", "-c", f"read_aiger {path}; strash; {PROOF}"], stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, text=True, check=False,
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s)))
        path.unlink()
        return f"scorr and pdr, {where}" if re.search(r"^Property proved", process.stdout, re.M) else None
