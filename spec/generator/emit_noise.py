"""The tables of docs/numerics.md, "Random numbers", for SystemVerilog and C++."""
from math import sqrt
from statistics import NormalDist

from .emit_cpp import NOTICE

OCTAVES, STEPS = 32, 8


def _upper_tail(probability):
    return -NormalDist().inv_cdf(probability)


def gauss_tables():
    """(start, drop), [8 * octave + step]: the standard Gaussian at the tail's probabilities, unit 2^-12."""
    def at(index):
        octave, step = divmod(index, STEPS)
        return round(4096 * _upper_tail(2.0 ** (-2 - octave) * (1 + step / STEPS)))
    start = [at(i) for i in range(OCTAVES * STEPS)]
    following = [at(i + 1) if i % STEPS < STEPS - 1 else (at(i - 2 * STEPS + 1) if i >= STEPS else 0)
                 for i in range(OCTAVES * STEPS)]
    return start, [a - b for a, b in zip(start, following)]


def root_table():
    """[m]: 16 times the root of m + 1/2; 0 below 64, where no mantissa lies."""
    return [round(16 * sqrt(m + 0.5)) if m >= 64 else 0 for m in range(256)]


def _packed(values, width):
    """Digits of the vector whose lowest bits are the first value."""
    return "".join(f"{value:0{width // 4}X}" for value in reversed(values))


def emit_noise_package():
    """rtl/gen/cim_noise_pkg.sv"""
    start, drop = gauss_tables()
    words = [d << 16 | s for s, d in zip(start, drop)]
    return "\n".join([
        f"// {NOTICE}", '// Tables of docs/numerics.md, "Random numbers"; entry i stands at bit i * width.', "// Every user takes a part of it.",
        "// verilator lint_off UNUSEDPARAM", "package cim_noise_pkg;",
        "  // 32 bits an entry: drop above, start below, u4.12.",
        f"  localparam logic [8191:0] Gauss = 8192'h{_packed(words, 32)};",
        "  // 16 bits an entry: 16 times the root of i + 1/2.",
        f"  localparam logic [4095:0] Root = 4096'h{_packed(root_table(), 16)};", "endpackage", "// verilator lint_on UNUSEDPARAM"]) + "\n"


def _array(name, values):
    lines = [f"inline constexpr std::array<uint16_t, {len(values)}> {name} = {{"]
    for first in range(0, len(values), 12):
        lines.append("    " + ", ".join(str(v) for v in values[first:first + 12]) + ",")
    return lines + ["};", ""]


def emit_noise_hpp():
    """spec/gen/crucible_noise.hpp"""
    start, drop = gauss_tables()
    return "\n".join([
        f"// {NOTICE}", '// Tables of docs/numerics.md, "Random numbers".', "#pragma once", "", "#include <array>", "#include <cstdint>", "",
        "namespace crucible::spec {", "", "/// Standard Gaussian by the tail's probability, u4.12.",
        *_array("kGaussStart", start), "/// From an entry of kGaussStart to the next.", *_array("kGaussDrop", drop),
        "/// 16 times the root of i + 1/2, for i of 64 and more.", *_array("kRoot", root_table()),
        "}  // namespace crucible::spec"]) + "\n"
