#!/bin/sh
# Synthesises, places, routes and packs. Called in the repository's root: build.sh OUT SOURCE...
# NOT RUN HERE: Debian 12 has no nextpnr-ecp5; it comes with the OSS CAD Suite. Read only: scripts/board.py sources ulx3s.
set -eu
out=$1; shift
yosys -q -l "$out/yosys.log" -p "read_verilog -sv -noassert -I$out $*; synth_ecp5 -nowidelut -top cim_ulx3s -json $out/netlist.json"
nextpnr-ecp5 --85k --package CABGA381 --speed 6 --json "$out/netlist.json" --lpf boards/ulx3s/ulx3s.lpf --freq 24 \
  --textcfg "$out/routed.config" --report "$out/report.json" --seed 1 >"$out/nextpnr.log" 2>&1
ecppack --compress "$out/routed.config" "$out/bitstream.bin"
