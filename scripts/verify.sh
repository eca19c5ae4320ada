#!/bin/sh
# Builds and runs the tests of one label in the tree of the long verification, and keeps the outcome as a line of the status
# table. Usage: scripts/verify.sh LABEL TARGET "WHAT WAS TESTED" [JOBS]
set -eu
cd "$(dirname "$0")/.."

label=$1 target=$2 what=$3 jobs=${4:-$(nproc)}
cmake --preset verify ${5:-} >/dev/null
cmake --build build-verify --parallel "$jobs" --target "tests-$label"
log=build-verify/$label.log
failed=0
ctest --test-dir build-verify --output-on-failure --parallel "$jobs" --no-tests=error -L "^$label\$" >"$log" 2>&1 || failed=1
[ "$failed" = 0 ] && tail -n 3 "$log" || cat "$log"
counts=$(sed -n 's/^\([0-9]*\)% tests passed, \([0-9]*\) tests\? failed out of \([0-9]*\)$/\2 of \3 tests failed/p' "$log")
if [ "$failed" = 0 ]; then
  tests=$(sed -n 's/^100% tests passed, .* out of \([0-9]*\)$/\1/p' "$log")
  scripts/status_line.py "$label" "make $target" "$tests tests passed: $what"
else
  scripts/status_line.py "$label" "make $target" "${counts:-the tests could not run}" --fail
  exit 1
fi
