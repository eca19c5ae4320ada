#!/bin/sh
# Called in the repository's root: build.sh OUT SOURCE... NOT RUN HERE: needs Vivado (2020.1 or later; the free edition has the part).
set -eu
exec vivado -mode batch -nojournal -log "$1/vivado.log" -source boards/arty-a7-100/build.tcl -tclargs "$@"
