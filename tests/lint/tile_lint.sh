#!/bin/sh
# Reads a tile of tests/tiles with a tool as a lint: tile_lint.sh verilator|yosys FILE.. Run from the repository's root. Exit 77: the
# tool is not installed.
set -u
tool=$1
shift
command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
case "$tool" in
  verilator)
    # Of a word's address only the bits that its memory's depth needs are used; the loop of planted_tile.sv is planted.
    verilator --lint-only -Wall --no-timing -Wno-UNUSEDSIGNAL -Wno-UNOPTFLAT "$@"
    ;;
  yosys)
    yosys -q -p "read_verilog -sv $*; hierarchy -check -auto-top; proc; check -assert"
    ;;
esac
