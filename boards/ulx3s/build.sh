#!/bin/sh
# Maps, places, routes and packs. Called in the repository's root: build.sh OUT SOURCE... The netlist is that of
# scripts/board.py synthesise. NOT RUN HERE: Debian 12 has no nextpnr-ecp5; it comes with the OSS CAD Suite.
set -eu
out=$1
scripts/board.py synthesise ulx3s --out "$out"
nextpnr-ecp5 --85k --package CABGA381 --speed 6 --json "$out/netlist.json" --lpf boards/ulx3s/ulx3s.lpf --freq 24 \
  --textcfg "$out/routed.config" --report "$out/report.json" --seed 1 >"$out/nextpnr.log" 2>&1
ecppack --compress "$out/routed.config" "$out/bitstream.bin"
