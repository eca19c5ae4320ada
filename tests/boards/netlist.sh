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
# icebox declares each port again as a wire or a register, which is Verilog only where the head of the module has names alone.
icebox_vlog -s -n "$module" -p "$pcf" "$out.asc" | awk -v module="$module" '
  /^module / {
    sub(/^[^(]*\(/, ""); sub(/\);$/, "")
    count = split($0, port, ", ")
    for (i = 1; i <= count; i++) { split(port[i], word, " "); names = names (i > 1 ? ", " : "") word[2] }
    print "module " module " (" names ");"
    for (i = 1; i <= count; i++) print port[i] ";"
    next
  }
  { print }' >"$out.part"
mv "$out.part" "$out"
