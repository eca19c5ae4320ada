#!/usr/bin/python3
"""Draws legal configurations at random and writes what a test program of them needs.

Usage: draw_geometries.py --seed N --count N --out FOLDER

Writes FOLDER/cim_config_drawnI.f (parameters of cim_top) and FOLDER/drawn_tops.cpp (their factories). Every value is legal for
cim_top; rows, columns and buffers stay small so that a model compiles in seconds. The same seed draws the same configurations.
"""
import argparse
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "spec"))

from generator.emit_cpp import config_members  # noqa: E402
from generator.emit_sv import emit_config  # noqa: E402
from generator.model import config_hash, load_config  # noqa: E402

TOPS = """// Configurations drawn from seed {seed} by scripts/draw_geometries.py.
#include <fmt/format.h>

{includes}
#include "models/error.hpp"
#include "sim/verilated/verilated_top.hpp"
#include "tests/rtl/tested_configs.hpp"

namespace crucible::sim {{
namespace {{

constexpr std::array<spec::HardwareConfig, {count}> kDrawn = {{{{
{configs}
}}}};

}}  // namespace

std::vector<const char*> tested_configs(std::vector<const char*>) {{ return {{{names}}}; }}

std::unique_ptr<IRtlTop> make_rtl_top(std::string_view config_name, uint64_t seed) {{
{factories}
  throw Error(ErrorKind::kUsage, fmt::format("no drawn configuration '{{}}'", config_name));
}}

}}  // namespace crucible::sim
"""


def power(rng, low, high):
    """A power of two in low .. high."""
    return 1 << rng.randint((low - 1).bit_length(), high.bit_length() - 1)


def draw(rng):
    """One legal configuration; its name tells its values. What is not drawn is as in `tiny`."""
    config = load_config(ROOT / "spec" / "configs" / "tiny.yaml")
    config["rows"] = power(rng, 4, 64)
    config["cols"] = power(rng, 4, 32)
    config["banks"] = rng.randint(1, 12)
    config["in_words"] = power(rng, max(4, config["rows"] // 2), 256)
    config["out_words"] = power(rng, 128, 1024)  # a job of all outputs outlasts some frames
    config["kept"] = power(rng, 2, 16)
    config["max_payload"] = power(rng, 8, 64)
    config["effects"] = rng.randint(0, 1)
    config["converters"] = rng.randint(1, 2)
    config["clks_per_bit"] = rng.randint(4, 24)
    config["baud"] = 1_000_000
    config["clk_hz"] = config["clks_per_bit"] * config["baud"]
    config["hash"] = config_hash(config)
    short = {"rows": "r", "cols": "c", "banks": "b", "in_words": "i", "out_words": "o", "kept": "k", "max_payload": "p",
             "clks_per_bit": "u", "effects": "e", "converters": "a"}
    config["name"] = "_".join(f"{letter}{config[key]}" for key, letter in short.items())
    return config


def emit_tops(configs, seed):
    """drawn_tops.cpp"""
    return TOPS.format(
        seed=seed, count=len(configs),
        includes="\n".join(f'#include "Vcim_drawn{i}.h"' for i in range(len(configs))),
        configs=",\n".join("    {\n" + "\n".join(config_members(c)) + "}" for c in configs),
        names=", ".join(f'"{c["name"]}"' for c in configs),
        factories="\n".join(f"  if (config_name == kDrawn[{i}].name)\n"
                            f"    return std::make_unique<VerilatedTop<Vcim_drawn{i}>>(kDrawn[{i}], seed);"
                            for i in range(len(configs))))


def write(path, text):
    """Touches the file only when its text changes, so that nothing is built again for nothing."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    configs = []
    while len(configs) < options.count:
        config = draw(rng)
        if config["name"] not in {c["name"] for c in configs}:
            configs.append(config)
    options.out.mkdir(parents=True, exist_ok=True)
    for i, config in enumerate(configs):
        write(options.out / f"cim_config_drawn{i}.f", emit_config(config))
        print(f"drawn from seed {options.seed}: {config['name']}")
    write(options.out / "drawn_tops.cpp", emit_tops(configs, options.seed))


if __name__ == "__main__":
    main()
