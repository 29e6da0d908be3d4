#!/usr/bin/env bash
# Builds oauth2-proxy at the version pinned in go.mod beside this file, for the benchmark, and prints
# where it is: cached under ${XDG_CACHE_HOME:-~/.cache}/kakaowasm.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kakaowasm
(cd "$here" && go build -o "$cache/oauth2-proxy" github.com/oauth2-proxy/oauth2-proxy/v7)
echo "$cache/oauth2-proxy"
