#!/bin/sh
# Prints every figure of docs/benchmarks.md: Google Benchmark programs, one after the other (they must not share the cores).
set -eu

build=${1:-build}
echo "machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores"
for program in model_bench rtl_bench board_bench card_bench search_bench; do
  echo
  echo "== $program"
  "$build/bin/$program" --benchmark_counters_tabular=true
done
echo
echo "== search on the full test set"
"$build/bin/crucible" search --method margin-ascent --bound 0.03 --convention weight
