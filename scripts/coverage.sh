#!/bin/sh
# Runs the constrained-random suites on models that count (preset `coverage`), JOBS at a time, merges the counts and checks the
# goals. Usage: scripts/coverage.sh [JOBS]
set -eu
cd "$(dirname "$0")/.."

jobs=${1:-$(nproc)}
cmake --preset coverage >/dev/null
# Name, random products for each configuration, program, filter; the longest first. A counting model of `full` is slow: it runs
# fewer products, and `small` and the drawn configurations make the chips and test the memories. The host's stack over a UART's
# pins is left out: its deadlines are of the clock on the wall.
runs="full 1000 rtl_equivalence_test *TileEquivalence.*/full:*Identity.*/full
port 0 rtl_port_test -*_uart:*DamagedUart*:*UartGoodput*
link 0 rtl_link_test *
small 10000 rtl_equivalence_test */tiny:*/small-*MakesTheChip*
drawn 10000 drawn_test *
self-test 0 self_test_block_test *
jobs 0 tile_jobs_test *
engine 0 engine_block_test *
card 0 card_rtl_test *"
# Where the core could be had.
[ ! -f build-coverage/picorv32/picorv32.v ] || runs="$runs
core 0 core_test *"
cmake --build build-coverage --parallel "$jobs" --target $(echo "$runs" | cut -d ' ' -f 3 | sort -u)
counts=build-coverage/counts logs=build-coverage/logs
rm -rf "$counts" "$logs" && mkdir -p "$counts" "$logs"
export CRUCIBLE_COVERAGE_DIR="$PWD/$counts"
echo "$runs" | xargs -P "$jobs" -L 1 sh -c '
  echo "$1: $3 $4, $2 products"
  CRUCIBLE_PRODUCTS=$2 build-coverage/bin/$3 --gtest_brief=1 --gtest_filter="$4" >"$0/$1.log" 2>&1 ||
    { cat "$0/$1.log"; exit 255; }' "$logs" || {
  scripts/status_line.py coverage "make coverage" "a suite failed on a model that counts" --fail
  exit 1
}
scripts/coverage_report.py "$counts" --out build-coverage/coverage.html --status
