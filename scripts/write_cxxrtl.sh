#!/bin/sh
# Writes the top of a configuration as C++ for yosys' CXXRTL, in the namespace cxxrtl_CONFIG. Usage: write_cxxrtl.sh CONFIG FILE.cc
set -eu
cd "$(dirname "$0")/.."

chparams=$(sed -n 's/^-G\([A-Za-z]*\)=\(.*\)$/-set \1 \2/p' "rtl/gen/cim_config_$1.f" | tr '\n' ' ')
exec yosys -q -p "read_verilog -sv -noassert $(tr '\n' ' ' <rtl/files.f); chparam $chparams cim_top; hierarchy -top cim_top;
  write_cxxrtl -header -namespace cxxrtl_$1 $2"
