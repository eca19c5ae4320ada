#!/bin/sh
# Installs the Debian packages of the given list that are missing. Says what it does; needs root or sudo only when something is missing.
set -eu

list=${1:-$(dirname "$0")/packages.txt}
missing=
for package in $(sed 's/#.*//' "$list"); do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "error: these Debian packages are missing and there is no apt-get here to install them:$missing" >&2
  exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "error: these packages are missing; install them as root, or install sudo:$missing" >&2
    exit 1
  fi
  as_root=sudo
fi
echo "Installing:$missing"
# An update first: package lists may be missing or old.
$as_root apt-get update -q
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends $missing
