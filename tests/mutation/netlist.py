#!/usr/bin/python3
"""Makes the mutated netlist of a configuration with yosys: one Verilog file with an input `mutsel`; 0 is the design
as it is, k the mutant k of mutants.json. Also writes base.il, the netlist without mutants, and
scopes.il, the same with the modules around which proofs are made.
The mutants are drawn evenly over each block by `mutate -list` from a fixed seed: the same sources give the same list."""
import argparse
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEED = 20261126
WIDTH = 16
FIRST_CYCLE = "64'h7FFFFFFFFFFFF800"
SPARE = 40  # mutants of a block drawn in excess, for those of clocks
CLOCK = re.compile(r"-port (clk_i|CLK|\w+_CLK) ")
# Block: the module on top of it, and how many mutants.
BLOCKS = {"tile": ("cim_tile", 400), "link": ("cim_link cim_uart_words", 380), "registers": ("cim_regs", 300)}


def yosys(script, log):
    done = subprocess.run(["yosys", "-q", "-l", str(log), "-p", script], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"yosys failed, see {log}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def plain_names(out):
    """Gives parametrised modules short names; returns each module's instances' modules."""
    modules = json.loads((out / "prepared.json").read_text())["modules"]
    names, used = {}, {}
    for module in sorted(modules):
        base = re.sub(r"^\$paramod\$[0-9a-f]+\\", "", module)
        base = re.sub(r"^\$paramod\\([^\\]+).*", r"\1", base)
        used[base] = used.get(base, 0) + 1
        names[module] = base if used[base] == 1 else f"{base}_{used[base]}"
    def plain(line):  # yosys' own rename leaves the instances behind
        words = line.split(" ")
        where = 1 if words[0] == "module" else 3
        words[where] = "\\" + names[words[where].rstrip()] + ("\n" if words[where].endswith("\n") else "")
        return " ".join(words)

    names.update({"\\" + name: base for name, base in names.items()})
    pattern = re.compile(r"^(module|  cell) (\S+)")
    text = []
    for line in (out / "prepared.il").read_text().splitlines(keepends=True):
        match = pattern.match(line)
        text.append(plain(line) if match and match[2] in names else line)
    (out / "base.il").write_text("".join(text))
    yosys(f"read_rtlil {out}/base.il; write_json {out}/base.json", out / "base.log")
    return {names[module]: {names[cell["type"]] for cell in body["cells"].values() if cell["type"] in names}
            for module, body in modules.items()}


def below(children, tops):
    found, todo = set(), list(tops)
    while todo:
        module = todo.pop()
        if module not in found:
            found.add(module)
            todo += children[module]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", default="tiny")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    # The cycle counter carries into its last bit while the tests run.
    parameters = [("FirstCycle", FIRST_CYCLE)] + re.findall(r"^-G(\w+)=(\S+)$", (ROOT / f"rtl/gen/cim_config_{options.config}.f").read_text(), re.M)
    chparam = " ".join(f"-set {name} {value}" for name, value in parameters)
    sources = " ".join((ROOT / "rtl/files.f").read_text().split())
    yosys(f"read_verilog -sv -noassert {sources}; chparam {chparam} cim_top; hierarchy -check -top cim_top; "
          f"rename -top cim_top; prep -top cim_top -nordff; write_rtlil {out}/prepared.il; "
          f"write_json {out}/prepared.json", out / "prepare.log")
    children = plain_names(out)

    mutants, taken, first, lines = [], set(), 1, []
    for block, (tops, count) in BLOCKS.items():
        modules = below(children, tops.split()) - taken
        taken |= modules
        listing = out / f"{block}.ys"
        yosys(f"read_rtlil {out}/base.il; select -set block {' '.join(sorted(modules))}; "
              f"mutate -list {count + SPARE} -seed {SEED} -o {listing} @block",
              out / f"{block}.log")
        commands = [line for line in listing.read_text().splitlines()
                    if line.startswith("mutate") and not CLOCK.search(line)][:count]
        if len(commands) < count:
            raise SystemExit(f"{block}: yosys found {len(commands)} mutants, {count} are wanted")
        for number, command in enumerate(commands, first):
            fields = dict(re.findall(r"-(\w+) (\S+)", command))
            mutants.append({"mutant": number, "block": block, "module": fields["module"].lstrip("\\"),
                            "source": re.sub(r"^.*/rtl/", "rtl/", fields.get("src", "?").split("|")[0]),
                            "mode": fields["mode"], "command": command})
            lines.append(command.replace("mutate", f"mutate -ctrl mutsel {WIDTH} {number}", 1))
        first += len(commands)
    (out / "apply.ys").write_text("\n".join(lines) + "\n")
    yosys(f"read_rtlil {out}/base.il; script {out}/apply.ys; flatten; opt_clean; splitnets -driver; opt_clean; write_verilog -noattr {out}/mutated.v",
          out / "apply.log")
    in_use = " ".join(map(str, sorted(pathlib.Path(__file__).parent.glob("*_in_use.sv"))))
    packages = " ".join(line for line in sources.split() if line.endswith("_pkg.sv"))
    yosys(f"read_rtlil {out}/base.il; read_verilog -sv -noassert {packages} {in_use}; proc; opt_clean; write_rtlil {out}/scopes.il; "
          f"write_json {out}/scopes.json", out / "scopes.log")
    (out / "mutated.f").write_text(f"{out}/mutated.v\n")
    (out / "mutants.json").write_text(json.dumps(mutants, indent=1) + "\n")
    print(f"{len(mutants)} mutants of {options.config} in {out}/mutated.v")


if __name__ == "__main__":
    sys.exit(main())
