#!/bin/sh
# Downloads PicoRV32 from the Python package index, a pinned version of `pythondata-cpu-picorv32`, and leaves picorv32.v and its
# licence in a folder. Package and file are checked against their SHA-256; nothing is kept that does not match.
set -eu

folder=${1:?usage: scripts/fetch_picorv32.sh FOLDER}
package=pythondata-cpu-picorv32==1.0.post218
package_sum=c6d3e405a50c54f86a436a49cc24ea2f0c00d9cc07c96e7ee12e65736d75eabd
file_sum=0836050971b3c6cdd28ac3b1e5719a67fb645161912bef1e472e63995ceb0622
verilog=pythondata_cpu_picorv32/verilog

if [ -f "$folder/picorv32.v" ] && echo "$file_sum  $folder/picorv32.v" | sha256sum --check --status; then
  exit 0
fi
if ! /usr/bin/python3 -m pip --version >/dev/null 2>&1; then
  echo "error: there is no pip for /usr/bin/python3; install it (apt-get install python3-pip)" >&2
  exit 1
fi
part=$(mktemp -d)
trap 'rm -rf "$part"' EXIT
trap 'exit 130' INT TERM
echo "$package --hash=sha256:$package_sum" >"$part/requirements.txt"
if ! /usr/bin/python3 -m pip download --quiet --disable-pip-version-check --timeout 20 --retries 1 --no-deps --only-binary :all: \
  --require-hashes --requirement "$part/requirements.txt" --dest "$part" >&2; then
  echo "error: cannot download $package from the package index (pip says above why); with PIP_INDEX_URL another index is asked" >&2
  exit 1
fi
/usr/bin/python3 -m zipfile -e "$part"/*.whl "$part"
if ! echo "$file_sum  $part/$verilog/picorv32.v" | sha256sum --check --status; then
  echo "error: picorv32.v in $package has another SHA-256 than $file_sum; it was not kept" >&2
  exit 1
fi
mkdir -p "$folder"
cp "$part/$verilog/COPYING" "$folder/COPYING"
cp "$part/$verilog/picorv32.v" "$folder/picorv32.v.part"
mv "$folder/picorv32.v.part" "$folder/picorv32.v"
