#!/bin/sh
# Runs a suite from the start and keeps the outcome as a line of the status table.
# Usage: scripts/regress.sh BUILD SUITE TARGET JOBS
set -eu
cd "$(dirname "$0")/.."

build=$1 suite=$2 target=$3 jobs=$4 folder=runs/regress/$2
failed=
"$build/bin/crucible" regress --suite "tests/suites/$suite.yaml" --out "$folder" --restart -j "$jobs" || failed=--fail
[ -f "$folder/report.json" ] || exit 1
passed=$(grep -c '"status": "passed"' "$folder/report.json" || true)
all=$(grep -c '"status":' "$folder/report.json")
products=$(sed -n 's/.*: \([0-9]*\) random products, twin = RTL to the last bit.*/\1/p' "$folder"/tests/*/log.txt |
  awk '{ sum += $1 } END { print sum + 0 }')
scripts/status_line.py "$suite" "make $target" "$passed of $all tests passed; $products random products, twin = RTL to the last bit" $failed
[ -z "$failed" ]
