#!/bin/sh
# Runs the constrained-random suites on models that count (preset `coverage`), merges the counts and checks the goals.
# Usage: scripts/coverage.sh [JOBS]
set -eu
cd "$(dirname "$0")/.."

jobs=${1:-$(nproc)}
cmake --preset coverage >/dev/null
programs="rtl_equivalence_test rtl_link_test drawn_test"
# Where the core could be had.
[ ! -f build-coverage/picorv32/picorv32.v ] || programs="$programs core_test"
cmake --build build-coverage --parallel "$jobs" --target $programs
counts=build-coverage/counts
rm -rf "$counts" && mkdir -p "$counts"
export CRUCIBLE_COVERAGE_DIR=$PWD/$counts
for program in $programs; do
  echo "$program, counting"
  build-coverage/bin/$program --gtest_brief=1
done
scripts/coverage_report.py "$counts" --out build-coverage/coverage.html --status
