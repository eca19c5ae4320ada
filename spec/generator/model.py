"""What the generators see: registers, windows, link codes, configurations, and the fingerprints of both."""
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from .ipxact import read_memory_map
from .strict_yaml import SpecError, load_mapping

HARDWARE_KEYS = {
    "schema": str, "name": str, "rows": int, "cols": int, "banks": int, "in_bits": int, "cell_bits": int,
    "slices": int, "offset_bits": int, "in_words": int, "out_words": int, "kept": int, "max_payload": int,
    "effects": int, "converters": int, "controller": int, "memory_bytes": int, "clk_hz": int, "baud": int,
}
# What decides the values that a device computes, where they stand, and how it is built: this is what the fingerprint covers.
HASHED_KEYS = ("rows", "cols", "banks", "in_bits", "cell_bits", "slices", "offset_bits", "in_words", "out_words",
               "effects", "converters", "controller", "memory_bytes")
HARDWARE_RANGES = {
    "rows": (4, 512), "cols": (4, 256), "banks": (1, 4096), "in_bits": (8, 8), "cell_bits": (2, 2),
    "slices": (2, 2), "offset_bits": (8, 8), "in_words": (4, 32768), "out_words": (4, 32768),
    "kept": (2, 128), "max_payload": (8, 4096), "effects": (0, 1), "converters": (0, 2),
    "controller": (0, 1), "memory_bytes": (0, 1 << 24),
}
REGISTER_BLOCK = 0x100    # bytes of a block of registers
MIN_MEMORY_BYTES = 4096   # of a controller: vectors, a stack and a little program
LINK_KEYS = {
    "schema": str, "protocol_version": int, "preamble": int, "header_words": int, "response_flag": int,
    "error_flag": int, "ops": dict, "statuses": dict,
}
CONFIG_ORDER = ("tiny", "small", "full", "small_soc", "full_soc", "nano")


@dataclass
class Card:
    """What a PCIe card shows: registers of BAR0, windows of BAR2."""
    registers: list
    windows: list
    major: int
    minor: int


@dataclass
class Spec:
    """Everything that two languages must agree on."""
    registers: list
    windows: list
    map_major: int
    map_minor: int
    link: dict
    configs: list = field(default_factory=list)
    card: object = None

    @property
    def magic(self):
        """Value of the register MAGIC."""
        return next(r.fields[0].reset for r in self.registers if r.name == "MAGIC")

    @property
    def register_space(self):
        """The first byte address above all registers, a multiple of a block."""
        return (max(r.offset for r in self.registers) // REGISTER_BLOCK + 1) * REGISTER_BLOCK

    @property
    def map_hash(self):
        """CRC-32 of the canonical dump of the register map and the link codes."""
        lines = [f"map {self.map_major}.{self.map_minor}"]
        for reg in self.registers:
            lines.append(f"register {reg.name} {reg.offset} {reg.access}{' ' + reg.needs if reg.needs else ''}")
            for fld in reg.fields:
                lines.append(f"field {fld.name} {fld.lsb} {fld.width} {fld.reset} {fld.minimum} {fld.maximum}")
        for win in self.windows:
            lines.append(f"window {win.name} {win.base} {win.size} {win.access}{' ' + win.needs if win.needs else ''}")
        for key in ("protocol_version", "preamble", "header_words", "response_flag", "error_flag"):
            lines.append(f"link {key} {self.link[key]}")
        lines += [f"op {name} {code}" for name, code in self.link["ops"].items()]
        lines += [f"status {name} {code}" for name, code in self.link["statuses"].items()]
        return zlib.crc32("\n".join(lines).encode())


def config_hash(config):
    """CRC-32 of the canonical dump of a configuration."""
    return zlib.crc32("\n".join(f"{key} {config[key]}" for key in HASHED_KEYS).encode())


def load_config(path):
    """Reads one crucible.hardware/1 file and checks every value."""
    config = load_mapping(path, HARDWARE_KEYS)
    if config["schema"] != "crucible.hardware/1":
        raise SpecError(f"{path}: key 'schema' is '{config['schema']}', expected crucible.hardware/1")
    if config["name"] != Path(path).stem:
        raise SpecError(f"{path}: key 'name' is '{config['name']}', expected the file's name '{Path(path).stem}'")
    for key, (low, high) in HARDWARE_RANGES.items():
        if not low <= config[key] <= high:
            raise SpecError(f"{path}: key '{key}' is {config[key]}, legal is {low} .. {high}")
    for key in ("rows", "cols", "in_words", "out_words", "kept", "max_payload"):
        if config[key] & (config[key] - 1):
            raise SpecError(f"{path}: key '{key}' is {config[key]}, it must be a power of two")
    if config["banks"] * config["rows"] * config["cols"] > 1 << 24:
        raise SpecError(f"{path}: key 'banks': CELL_POKE reaches 2^24 cells, banks * rows * cols is more")
    if (config["effects"] or config["controller"]) and not config["converters"]:
        raise SpecError(f"{path}: key 'converters': the serial tile (0) has neither effects nor a controller; it must be 1 or 2")
    if config["effects"] and config["rows"] > 256:
        raise SpecError(f"{path}: key 'rows': with effects at most 256, or sums leave 32 bits")
    memory = config["memory_bytes"]
    if memory & (memory - 1) or (memory >= MIN_MEMORY_BYTES) != bool(config["controller"]) or 0 < memory < MIN_MEMORY_BYTES:
        raise SpecError(f"{path}: key 'memory_bytes' is {memory}, legal is 0 without a controller, and with one a power of"
                        f" two of at least {MIN_MEMORY_BYTES}")
    if config["baud"] <= 0 or config["clk_hz"] % config["baud"] or config["clk_hz"] // config["baud"] < 4:
        raise SpecError(f"{path}: key 'baud': clk_hz must be a multiple of it, at least 4 times")
    config["clks_per_bit"] = config["clk_hz"] // config["baud"]
    config["hash"] = config_hash(config)
    return config


def load_link(path):
    """Reads the crucible.link/1 file."""
    link = load_mapping(path, LINK_KEYS)
    if link["schema"] != "crucible.link/1":
        raise SpecError(f"{path}: key 'schema' is '{link['schema']}', expected crucible.link/1")
    for table, limit in (("ops", 0x7F), ("statuses", 0x7F)):
        codes = list(link[table].values())
        if len(set(codes)) != len(codes) or min(codes) < 0 or max(codes) > limit:
            raise SpecError(f"{path}: key '{table}': codes must differ and lie in 0 .. {limit}")
    return link


def load_spec(folder):
    """Reads all of spec/."""
    registers, windows, version = read_memory_map(folder / "registers.xml")
    major, minor = (int(part) for part in version.split("."))
    card_registers, card_windows, card_version = read_memory_map(folder / "card.xml")
    spec = Spec(registers, windows, major, minor, load_link(folder / "link.yaml"))
    spec.card = Card(card_registers, card_windows, *(int(part) for part in card_version.split(".")))
    found = {path.stem: path for path in (folder / "configs").glob("*.yaml")}
    order = [n for n in CONFIG_ORDER if n in found] + sorted(set(found) - set(CONFIG_ORDER))
    spec.configs = [load_config(found[name]) for name in order]
    return spec
