#!/bin/sh
# Called in the repository's root: build.sh OUT SOURCE... NOT RUN HERE: needs Vivado with the XDMA core (2020.1 or later) and
# build/picorv32/picorv32.v (scripts/fetch_picorv32.sh build/picorv32).
set -eu
exec vivado -mode batch -nojournal -log "$1/vivado.log" -source boards/litefury/build.tcl -tclargs "$@"
