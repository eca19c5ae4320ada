"""And-inverter graphs: structural hashing, and AIGER files."""
import re


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

    def cone(self, literals):
        """What they depend on, inputs first, without the constant."""
        found, todo = set(), [literal & ~1 for literal in literals]
        while todo:
            node = todo.pop()
            if node and node not in found:
                found.add(node)
                todo += [literal & ~1 for literal in self.ands.get(node, ())]
        return sorted(found)

    def simulate(self, nodes, value, every):
        """Values of a cone's nodes, one pattern a bit of `every`; value(node) is that of an input."""
        values = {0: 0}
        for node in nodes:
            gate = self.ands.get(node)
            if gate:
                a, b = gate
                values[node] = ((values[a & ~1] ^ (every if a & 1 else 0)) & (values[b & ~1] ^ (every if b & 1 else 0)))
            else:
                values[node] = value(node)
        return values

    def dimacs(self, given, any_of):
        """All of the first literals and one of the others hold: nodes by the number of their variable less 1, and text."""
        nodes = self.cone([*given, *any_of])
        number = {node: index for index, node in enumerate(nodes, 1)}

        def clause(literals):
            if 1 in literals:
                return []
            return [[-number[a & ~1] if a & 1 else number[a & ~1] for a in literals if a]]

        clauses = clause(any_of)
        for literal in given:
            clauses += clause([literal])
        for node in nodes:
            if node in self.ands:
                a, b = self.ands[node]
                clauses += clause([node ^ 1, a]) + clause([node ^ 1, b]) + clause([node, a ^ 1, b ^ 1])
        lines = [f"p cnf {len(nodes)} {len(clauses)}", *(" ".join(map(str, [*c, 0])) for c in clauses)]
        return nodes, "\n".join(lines) + "\n"


def read(path):
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


def write(graph, inputs, latches, bad):
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
