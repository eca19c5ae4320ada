#!/bin/bash
# Reads the RTL with a tool as a lint: rtl_lint.sh verilator|yosys CONFIG, or rtl_lint.sh illegal PARAMETER VALUE SENTENCE.
# Run from the repository's root. Exit 77: the tool is not installed.
set -u

need() {
  command -v "$1" >/dev/null || { echo "skipped: $1 is not installed"; exit 77; }
}

# Parameters of a configuration as yosys' chparam takes them.
chparams() {
  sed -n 's/^-G\([A-Za-z]*\)=\(.*\)$/-set \1 \2/p' "rtl/gen/cim_config_$1.f" | tr '\n' ' '
}

case "$1" in
  verilator)
    need verilator
    verilator --lint-only -Wall -f rtl/files.f -f "rtl/gen/cim_config_$2.f" --top-module cim_top
    ;;
  yosys)
    need yosys
    # On full, turning processes into cells takes yosys a minute and tells nothing that small does not.
    proc="proc;"
    [ "$2" = full ] && proc=""
    yosys -q -p "read_verilog -sv $(tr '\n' ' ' <rtl/files.f); chparam $(chparams "$2") cim_top;
      hierarchy -check -top cim_top; $proc check -assert"
    ;;
  illegal)
    need verilator
    output=$(verilator --lint-only -f rtl/files.f -f rtl/gen/cim_config_tiny.f "-G$2=$3" --top-module cim_top 2>&1)
    if [ $? -eq 0 ]; then
      echo "$2=$3 elaborates; it should be refused"
      exit 1
    fi
    grep -qF "$4" <<<"$output" && exit 0
    echo "$2=$3 is refused, but not with the sentence '$4':"
    echo "$output"
    exit 1
    ;;
  *)
    echo "usage: rtl_lint.sh verilator|yosys CONFIG, or rtl_lint.sh illegal PARAMETER VALUE SENTENCE"
    exit 2
    ;;
esac
