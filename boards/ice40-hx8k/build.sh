#!/bin/sh
# Synthesises, places, routes and packs. Called by scripts/board.py in the repository's root: build.sh OUT SOURCE...
set -eu
out=$1; shift
yosys -q -l "$out/yosys.log" -p "read_verilog -sv -noassert -I$out $*; \
synth_ice40 -top cim_ice40_hx8k -json $out/netlist.json"
nextpnr-ice40 --hx8k --package ct256 --json "$out/netlist.json" --pcf boards/ice40-hx8k/ice40-hx8k.pcf --freq 12 \
  --write "$out/placed.json" \
  --asc "$out/routed.asc" --report "$out/report.json" --seed 1 --timing-allow-fail >"$out/nextpnr.log" 2>&1
icepack "$out/routed.asc" "$out/bitstream.bin"
