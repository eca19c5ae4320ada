#!/usr/bin/python3
"""Writes everything that is generated from spec/, or (--check) fails with a diff where committed files drifted."""
import argparse
import difflib
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from generator.emit_card import emit_card_doc, emit_card_hpp, emit_card_package  # noqa: E402
from generator.emit_cpp import emit_h, emit_hpp  # noqa: E402
from generator.emit_doc import emit_doc  # noqa: E402
from generator.emit_map import emit_map_hpp  # noqa: E402
from generator.emit_noise import emit_noise_hpp, emit_noise_package  # noqa: E402
from generator.emit_sv import emit_config, emit_package  # noqa: E402
from generator.model import load_spec  # noqa: E402
from generator.strict_yaml import SpecError  # noqa: E402


def generate(spec):
    """{path from the repository's root: text}"""
    files = {
        "spec/gen/crucible_spec.hpp": emit_hpp(spec),
        "spec/gen/crucible_map.hpp": emit_map_hpp(spec),
        "spec/gen/crucible_spec.h": emit_h(spec),
        "rtl/gen/cim_spec_pkg.sv": emit_package(spec),
        "rtl/gen/cim_noise_pkg.sv": emit_noise_package(),
        "spec/gen/crucible_noise.hpp": emit_noise_hpp(),
        "docs/register_map.md": emit_doc(spec),
        "spec/gen/crucible_card.hpp": emit_card_hpp(spec.card),
        "rtl/gen/cim_card_pkg.sv": emit_card_package(spec.card),
        "docs/card_registers.md": emit_card_doc(spec.card),
    }
    for config in spec.configs:
        files[f"rtl/gen/cim_config_{config['name']}.f"] = emit_config(config)
    return files


def stale(root, files):
    """Generated-looking files that nothing generates any more."""
    kept = {root / name for name in files}
    return [p for folder in ("spec/gen", "rtl/gen") for p in sorted((root / folder).glob("*")) if p not in kept]


def check(root, files):
    """Prints the differences between committed and generated files; returns whether there are none."""
    clean = True
    for name, text in files.items():
        path = root / name
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if old != text:
            clean = False
            sys.stderr.writelines(difflib.unified_diff(
                old.splitlines(True), text.splitlines(True), f"{name} (committed)", f"{name} (generated)"))
    for path in stale(root, files):
        clean = False
        sys.stderr.write(f"{path.relative_to(root)}: nothing generates this file; delete it\n")
    if not clean:
        sys.stderr.write("Generated files drifted from spec/: run spec/generate.py and commit the result.\n")
    return clean


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a committed file drifted")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent, help="repository root")
    args = parser.parse_args()
    try:
        files = generate(load_spec(args.root / "spec"))
    except SpecError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if args.check:
        return 0 if check(args.root, files) else 1
    for name, text in files.items():
        (args.root / name).parent.mkdir(parents=True, exist_ok=True)
        (args.root / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
