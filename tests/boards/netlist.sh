#!/bin/sh
# Verilog of a bitstream: netlist.sh BITSTREAM PCF MODULE OUT.v [PATTERN]. What is packed is unpacked, so the file that would be
# written to the board is what is tested. With PATTERN the bits of one look-up table, that of the first logic cell whose name
# matches, are flipped in between (names and places are in placed.json beside the bitstream).
set -eu
bitstream=$1 pcf=$2 module=$3 out=$4
iceunpack "$bitstream" "$out.asc"
if [ $# -gt 4 ]; then
  "$(dirname "$0")/flip_lut.py" "$(dirname "$bitstream")/placed.json" "$5" "$out.asc"
fi
icebox_vlog -s -n "$module" -p "$pcf" "$out.asc" >"$out.part"
mv "$out.part" "$out"
