#!/bin/sh
# Synthesises, places, routes and packs. Called by scripts/board.py in the repository's root: build.sh OUT SOURCE...
# The cells go into the single-port memories (SB_SPRAM256KA); sums and codes are adders, the multipliers stay free.
set -eu
out=$1; shift
yosys -q -l "$out/yosys.log" -p "read_verilog -sv -noassert -I$out $*; hierarchy -check -top cim_icebreaker; \
setattr -set ram_style \"huge\" *cim_ram_sp*/m:mem; synth_ice40 -device u -top cim_icebreaker -json $out/netlist.json"
nextpnr-ice40 --up5k --package sg48 --json "$out/netlist.json" --pcf boards/icebreaker/icebreaker.pcf --freq 12 \
  --write "$out/placed.json" \
  --asc "$out/routed.asc" --report "$out/report.json" --seed 1 --timing-allow-fail >"$out/nextpnr.log" 2>&1
icepack "$out/routed.asc" "$out/bitstream.bin"
