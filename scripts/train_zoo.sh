#!/bin/sh
# Trains the networks of models/zoo again (docs/training.md) into a temporary folder and says whether the bytes agree with the stored ones.
# With --update it then replaces the stored ones. Ends with 1 when bytes differ and nothing was replaced.
set -eu

usage="usage: scripts/train_zoo.sh [BUILD_DIR] [--update]"
build=build
update=no
for argument in "$@"; do
  case $argument in
    --update) update=yes ;;
    -*) echo "$usage" >&2; exit 2 ;;
    *) build=$argument ;;
  esac
done

cd "$(dirname "$0")/.."
program=$build/bin/crucible
if [ ! -x "$program" ]; then
  echo "error: there is no $program: run \`make build\` first" >&2
  exit 2
fi

# MNIST where the programs look for it; scripts/fetch_mnist.sh downloads it.
mnist=
for folder in "${CRUCIBLE_DATA:-}" data/mnist ../shared/data/mnist; do
  if [ -n "$folder" ] && [ -d "$folder" ]; then
    mnist=$folder
    break
  fi
done
if [ -z "$mnist" ]; then
  echo "error: no MNIST in data/mnist or ../shared/data/mnist: run \`make data\` first" >&2
  exit 2
fi

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
trap 'exit 130' INT TERM

status=0
for name in lenet-mnist lenet-mnist-gaussian lenet-mnist-right-censored lenet-mnist-adversarial lenet-strokes; do
  data=$mnist
  hardened="--hold-out 5000 --epochs 20 --learning-rate 0.003 --harden"
  case $name in
    lenet-mnist) options= ;;
    lenet-mnist-gaussian) options="$hardened gaussian --sigma 0.15" ;;
    lenet-mnist-right-censored) options="$hardened right-censored --sigma 0.15 --censor 1" ;;
    lenet-mnist-adversarial) options="$hardened adversarial --bound 0.02 --steps 1" ;;
    *) data=strokes options= ;;
  esac
  # shellcheck disable=SC2086 # options are several words
  "$program" train --out "$fresh/$name" --name "$name" --data "$data" $options
  if diff -rq "models/zoo/$name" "$fresh/$name"; then
    echo "models/zoo/$name: every byte agrees"
  elif [ "$update" = yes ]; then
    rm -rf "models/zoo/$name"
    cp -r "$fresh/$name" "models/zoo/$name"
    echo "models/zoo/$name: replaced by what was just trained"
  else
    echo "models/zoo/$name: bytes differ (weights are those of one binary on one instruction set);" \
      "scripts/train_zoo.sh $build --update replaces them" >&2
    status=1
  fi
done
exit $status
