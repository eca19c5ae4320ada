#!/bin/sh
# Downloads the four MNIST files into a folder and checks their SHA-256. Nothing is kept that does not match.
set -eu

folder=${1:?usage: scripts/fetch_mnist.sh FOLDER}
mirror=${CRUCIBLE_MNIST_MIRROR:-https://ossci-datasets.s3.amazonaws.com/mnist}
if ! command -v curl >/dev/null; then
  echo "error: there is no curl; install it (apt-get install curl), or put the files of $mirror into $folder yourself" >&2
  exit 1
fi
mkdir -p "$folder"
part=
trap '[ -z "$part" ] || rm -f "$part"' EXIT
trap 'exit 130' INT TERM
while read -r sum name; do
  if [ -f "$folder/$name" ] && echo "$sum  $folder/$name" | sha256sum --check --status; then
    echo "$name: here and correct"
    continue
  fi
  part="$folder/$name.part"
  if ! curl --fail --silent --show-error --location --max-time 300 --output "$part" "$mirror/$name"; then
    echo "error: cannot download $mirror/$name; set CRUCIBLE_MNIST_MIRROR to another mirror, or put the file into $folder yourself" >&2
    exit 1
  fi
  if ! echo "$sum  $part" | sha256sum --check --status; then
    echo "error: $mirror/$name has another SHA-256 than $sum; it was not kept" >&2
    exit 1
  fi
  mv "$part" "$folder/$name"
  echo "$name: downloaded"
done <<SUMS
440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609 train-images-idx3-ubyte.gz
3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c train-labels-idx1-ubyte.gz
8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6 t10k-images-idx3-ubyte.gz
f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6 t10k-labels-idx1-ubyte.gz
SUMS
