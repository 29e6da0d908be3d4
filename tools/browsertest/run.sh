#!/usr/bin/env bash
# Runs Go tests for js/wasm in Chromium: tools/browsertest/run.sh [go test flags] packages...
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kakaowasm/browsertest
mkdir -p "$cache/goroot/misc"

# wasmbrowsertest 0.8.0 looks for wasm_exec.js where Go kept it before 1.24.
ln -sfn "$(go env GOROOT)/lib/wasm" "$cache/goroot/misc/wasm"
(cd "$here" && go build -o "$cache/wasmbrowsertest" github.com/agnivade/wasmbrowsertest)

cat > "$cache/exec" <<EOF
#!/bin/sh
GOROOT='$cache/goroot' exec '$cache/wasmbrowsertest' "\$@"
EOF
chmod +x "$cache/exec"

# Debian's chromium reads its flags from this variable; as root it has no sandbox.
export CHROMIUM_FLAGS="--no-sandbox --disable-gpu --disable-background-networking"
GOOS=js GOARCH=wasm exec go test -exec "$cache/exec" "$@"
