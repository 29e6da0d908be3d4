#!/usr/bin/env bash
# Installs those of the named Debian packages that are missing.
set -euo pipefail

if ! command -v apt-get >/dev/null; then
  echo "This is no Debian. Install what these packages hold, and run it again: $*" >&2
  exit 1
fi

missing=()
for package in "$@"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

run=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "These Debian packages are missing, and only root or sudo can install them: ${missing[*]}" >&2
    exit 1
  fi
  run=(sudo)
fi
"${run[@]}" apt-get update -qq
"${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
