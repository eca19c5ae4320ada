#!/bin/bash
# Reads the RTL with a tool as a lint. Run from the repository's root. Exit 77: the tool is not installed.
# With CRUCIBLE_PICORV32, the path of picorv32.v, it is about cim_board and `small_soc` instead of cim_top and `tiny`.
usage="usage: rtl_lint.sh verilator|yosys CONFIG
       rtl_lint.sh module NAME                            a module by itself, as its parameters stand, in both tools
       rtl_lint.sh legal PARAMETER=VALUE ...               must be clean with these values in \`tiny\` or \`small_soc\`
       rtl_lint.sh illegal SENTENCE PARAMETER=VALUE ...    each value alone must be refused with the sentence; several
                                                           in one word, with commas, are refused together"
set -u

core=${CRUCIBLE_PICORV32:-}
if [ -n "$core" ]; then
  top=cim_board base=small_soc
  files=(rtl/soc/picorv32.vlt "$core" -f rtl/files.f -f rtl/board.f)
  sources="$core $(cat rtl/files.f rtl/board.f | tr '\n' ' ')"
else
  top=cim_top base=tiny
  files=(-f rtl/files.f)
  sources=$(tr '\n' ' ' <rtl/files.f)
fi

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
    verilator --lint-only -Wall "${files[@]}" -f "rtl/gen/cim_config_$2.f" --top-module $top
    ;;
  yosys)
    need yosys
    # On full, turning processes into cells takes yosys a minute and tells nothing that small does not.
    proc="proc;"
    case "$2" in full*) proc="" ;; esac
    yosys -q -p "read_verilog -sv $sources; chparam $(chparams "$2") $top;
      hierarchy -check -top $top; $proc check -assert"
    ;;
  module)
    need verilator
    need yosys
    verilator --lint-only -Wall "${files[@]}" --top-module "$2" &&
      yosys -q -p "read_verilog -sv $sources; hierarchy -check -top $2; proc; check -assert"
    ;;
  legal)
    need verilator
    shift
    verilator --lint-only -Wall "${files[@]}" -f rtl/gen/cim_config_$base.f "${@/#/-G}" --top-module $top
    ;;
  illegal)
    need verilator
    sentence=$2
    shift 2
    for values in "$@"; do
      IFS=, read -ra parameters <<<"$values"
      if output=$(verilator --lint-only "${files[@]}" -f rtl/gen/cim_config_$base.f "${parameters[@]/#/-G}" \
        --top-module $top 2>&1); then
        echo "$values elaborates; it should be refused"
        exit 1
      fi
      grep -qF "$sentence" <<<"$output" && continue
      echo "$values is refused, but not with the sentence '$sentence':"
      echo "$output"
      exit 1
    done
    ;;
  *)
    echo "$usage"
    exit 2
    ;;
esac
