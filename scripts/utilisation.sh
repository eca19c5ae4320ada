#!/bin/bash
# Synthesises a configuration (default: tiny) for iCE40 and prints LUTs, flip-flops and block RAMs; with nextpnr-ice40
# also the logic cells after packing. Usage: scripts/utilisation.sh [CONFIG] [OUTPUT_FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."

config=${1:-tiny}
out=${2:-build/utilisation}
parameters="rtl/gen/cim_config_$config.f"
[ -f "$parameters" ] || { echo "utilisation: no configuration '$config' in rtl/gen" >&2; exit 1; }
command -v yosys >/dev/null || { echo "utilisation: yosys is not installed (Debian package yosys)" >&2; exit 1; }
mkdir -p "$out"

chparams=$(sed -n 's/^-G\([A-Za-z]*\)=\(.*\)$/-set \1 \2/p' "$parameters" | tr '\n' ' ')
yosys -q -l "$out/$config.log" -p "
  read_verilog -sv -noassert $(tr '\n' ' ' <rtl/files.f)
  chparam $chparams cim_top
  synth_ice40 -top cim_top -json $out/$config.json
  tee -q -o $out/$config.stat stat"

count() {
  awk -v pattern="$1" '$1 ~ pattern { total += $2 } END { print total + 0 }' "$out/$config.stat"
}
printf '%-34s %8s\n' "configuration $config" "used"
printf '%-34s %8d\n' "LUT4" "$(count '^SB_LUT4$')" "carry cells" "$(count '^SB_CARRY$')" \
  "flip-flops" "$(count '^SB_DFF')" "block RAMs of 4 kbit" "$(count '^SB_RAM40_4K')"

if command -v nextpnr-ice40 >/dev/null; then
  cells=$(nextpnr-ice40 --hx8k --package ct256 --pack-only --json "$out/$config.json" 2>&1 |
    sed -n 's/.*ICESTORM_LC: *\([0-9]*\)\/.*/\1/p' | tail -1)
  printf '%-34s %8s\n' "logic cells, packed" "${cells:-?}"
fi
printf 'iCE40 UP5K: 5280 logic cells, 30 block RAMs; iCE40 HX8K: 7680 logic cells, 32 block RAMs\n'
