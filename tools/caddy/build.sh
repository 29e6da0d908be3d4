#!/usr/bin/env bash
# Builds Caddy, which tests run as the guides say, and prints where it is.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kakaowasm
(cd "$here" && go build -o "$cache/caddy" github.com/caddyserver/caddy/v2/cmd/caddy)
echo "$cache/caddy"
