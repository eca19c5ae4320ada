"""What a folder of boards/ says: board.yaml, the sources and parameters of a top. For board.py."""
import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "spec"))
from generator.strict_yaml import TEXTS, SpecError, load_mapping  # noqa: E402

BOARDS = ROOT / "boards"
SCHEMA = "crucible.fpga_board/1"
KEYS = {
    "schema": str, "name": str, "title": str, "part": {"family": str, "device": str, "package": str}, "top": str,
    "module": str, "config": str, "clock": {"pin": str, "hz": int, "core_hz": int, "source": str},
    "link": {"kind": str, "baud": int, "adapter": str}, "constraints": str, "pins": TEXTS, "pins_from": str,
    "proved": str, "tools": TEXTS, "program_tools": TEXTS,
}
PROVED = {"bitstream": "bitstream built and tested here",
          "netlist": "bitstream built; the mapped netlist before it is tested here",
          "flow": "packaged tools; the bitstream is not tested yet",
          "mapped": "synthesis; its top, mapped with `tiny`, is tested here; the build script was not run here",
          "synthesis": "synthesis; the build script was not run here",
          "read": "sources read by both tools; the build script was not run here"}
PICORV32 = "build/picorv32/picorv32.v"


def names():
    """The boards there are."""
    return sorted(p.parent.name for p in BOARDS.glob("*/board.yaml"))


def configurations():
    """The named hardware configurations."""
    return sorted(p.stem[len("cim_config_"):] for p in (ROOT / "rtl/gen").glob("cim_config_*.f"))


def with_config(board, config):
    """The board with another configuration. Raises SpecError where there is none of that name."""
    if config not in configurations():
        raise SpecError(f"no configuration '{config}'; there are {', '.join(configurations())}")
    return {**board, "config": config}


def load(name):
    """One board.yaml, every value checked. Raises SpecError with file, line, key and what is legal."""
    if name not in names():
        raise SpecError(f"no board '{name}'; there are {', '.join(names())}")
    path = BOARDS / name / "board.yaml"
    board = load_mapping(path, KEYS)
    checks = {
        "schema": (board["schema"], [SCHEMA]), "name": (board["name"], [name]),
        "module": (board["module"], ["cim_top", "cim_pcie"]), "proved": (board["proved"], list(PROVED)),
        "config": (board["config"], configurations()),
        "kind": (board["link"]["kind"], ["uart", "pcie"]),
    }
    for key, (value, legal) in checks.items():
        if value not in legal:
            raise SpecError(f"{path}: key '{key}' is '{value}', legal is {', '.join(legal)}")
    baud = board["clock"]["core_hz"] / parameters(board["config"])["ClksPerBit"]
    if board["link"]["kind"] == "uart" and baud != board["link"]["baud"]:
        raise SpecError(f"{path}: key 'baud' is {board['link']['baud']}; core_hz and ClksPerBit of '{board['config']}' make {baud:.0f}")
    constraints = (BOARDS / name / board["constraints"]).read_text(encoding="utf-8")
    for port, pin in board["pins"].items():
        placed = [line for line in constraints.splitlines() if not line.startswith("#") and
                  all(re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", line) for word in (port, pin))]
        if not placed:
            raise SpecError(f"{path}: key '{port}': {board['constraints']} does not put it on pin {pin}")
    return board


def parameters(config):
    """The parameters of a configuration, {name: value}."""
    text = (ROOT / "rtl/gen" / f"cim_config_{config}.f").read_text(encoding="utf-8")
    return {n: int(v) for n, v in re.findall(r"^-G(\w+)=(\d+)$", text, re.M)}


def sources(board):
    """The source files, from the repository's root. PICORV32 among them must be fetched."""
    lists, core = (["rtl/files.f", "rtl/board.f"], [PICORV32]) if board["module"] == "cim_pcie" else (["rtl/files.f"], [])
    files = sum(((ROOT / name).read_text(encoding="utf-8").split() for name in lists), core)
    return files + ["boards/common/cim_power_on.sv", f"boards/{board['name']}/{board['top']}.sv"]


def write_parameters(board, out):
    """The parameters, OUT/crucible_config.vh, which the top includes."""
    out.mkdir(parents=True, exist_ok=True)
    values = ", ".join(f".{n}({v})" for n, v in parameters(board["config"]).items())
    (out / "crucible_config.vh").write_text(f"`define CRUCIBLE_CONFIG {values}\n", encoding="utf-8")


def digest(board):
    """SHA-256 of what a bitstream is made from: sources that are there, parameters, constraints, commands."""
    folder = BOARDS / board["name"]
    files = [ROOT / name for name in sources(board)] + [ROOT / f"rtl/gen/cim_config_{board['config']}.f", folder / board["constraints"]]
    total = hashlib.sha256()
    for file in files + sorted(folder.glob("build.*")):
        if file.exists():
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
