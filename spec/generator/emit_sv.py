"""SystemVerilog package and the parameter files of the configurations."""
from .emit_cpp import NOTICE, camel
from .model import REGISTER_BLOCK


def _word(name, value):
    return f"  localparam logic [31:0] {name} = 32'h{value:08X};"


def register_parameters(reg, address_bits):
    """Address, reset and fields of a register as localparams."""
    name = camel(reg.name)
    out = [f"  localparam logic [{address_bits - 1}:0] Reg{name} = {address_bits}'h{reg.offset:0{address_bits // 4}X};"]
    if any(f.reset is not None for f in reg.fields):
        out.append(_word(f"{name}Reset", reg.reset))
    if len(reg.fields) > 1 or reg.fields[0].width < 32:
        out.append(_word(f"{name}Bits", sum(f.mask for f in reg.fields)))
    for fld in reg.fields:
        out.append(_word(f"{name}{camel(fld.name)}Mask", fld.mask))
        out.append(f"  localparam int {name}{camel(fld.name)}Lsb = {fld.lsb};")
        out.append(f"  localparam int {name}{camel(fld.name)}Width = {fld.width};")
        if (fld.minimum, fld.maximum) != (0, (1 << fld.width) - 1):
            out.append(f"  localparam int {name}{camel(fld.name)}Min = {fld.minimum};")
            out.append(f"  localparam int {name}{camel(fld.name)}Max = {fld.maximum};")
    return out


def emit_package(spec):
    """rtl/gen/cim_spec_pkg.sv: constants alone, in the subset that Verilator and yosys both read."""
    out = [f"// {NOTICE}", "// Register map and link codes; used as cim_spec_pkg::NAME.",
           "// Every user takes a part of it.", "// verilator lint_off UNUSEDPARAM", "package cim_spec_pkg;"]

    def word(name, value):
        out.append(_word(name, value))

    word("MagicValue", spec.magic)
    word("MapHash", spec.map_hash)
    word("VersionValue",
         spec.map_minor | spec.map_major << 8 | spec.link["protocol_version"] << 16)
    out.append("")
    for reg in spec.registers:
        out += register_parameters(reg, 8 if reg.offset < REGISTER_BLOCK else 12)
    out.append("")
    blocks = (("Reg", 0), ("Control", REGISTER_BLOCK), ("Engine", 2 * REGISTER_BLOCK))
    for block, first in blocks:
        registers = [r for r in spec.registers if first <= r.offset < first + REGISTER_BLOCK]
        for name, codes in (("Readable", "RO RW W1C"), ("Writable", "RW W1C WO")):
            bits = sum(1 << (r.offset - first) // 4 for r in registers if r.access in codes.split())
            out.append(f"  localparam logic [63:0] {block}{name} = 64'h{bits:016X};"
                       f"  // bit n: the register at address 0x{first:X} + 4 n")
    bits = sum(1 << r.offset // 4 for r in spec.registers if r.needs == "effects")
    out.append(f"  localparam logic [63:0] RegOnlyEffects = 64'h{bits:016X};  // of these: only with effects")
    out.append("")
    for win in spec.windows:
        word(f"Window{camel(win.name)}", win.base)
        word(f"Window{camel(win.name)}Bytes", win.size)
    out.append("")
    word("Preamble", spec.link["preamble"])
    out.append(f"  localparam int HeaderWords = {spec.link['header_words']};")
    out.append(f"  localparam logic [7:0] ResponseFlag = 8'h{spec.link['response_flag']:02X};")
    out.append(f"  localparam logic [7:0] ErrorFlag = 8'h{spec.link['error_flag']:02X};")
    for prefix, table in (("Op", "ops"), ("Status", "statuses")):
        for name, code in spec.link[table].items():
            out.append(f"  localparam logic [7:0] {prefix}{camel(name)} = 8'h{code:02X};")
    out += ["endpackage", "// verilator lint_on UNUSEDPARAM"]
    return "\n".join(out) + "\n"


def emit_config(config):
    """rtl/gen/cim_config_<name>.f: the parameters of cim_top, or with a controller of cim_board, one a line, as Verilator takes them with -f."""
    values = {"Rows": "rows", "Cols": "cols", "Banks": "banks", "InBits": "in_bits", "InWords": "in_words",
              "OutWords": "out_words", "Kept": "kept", "MaxPayload": "max_payload", "Effects": "effects",
              "Converters": "converters", "ClksPerBit": "clks_per_bit",
              "ConfigHash": "hash"}
    if config["controller"]:
        values["MemoryBytes"] = "memory_bytes"
    return "".join(f"-G{name}={config[key]}\n" for name, key in values.items())
