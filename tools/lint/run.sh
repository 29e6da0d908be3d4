#!/usr/bin/env bash
# Runs golangci-lint over the Go code: for this machine, or with "js" for the browser.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kakaowasm
(cd "$here" && go build -o "$cache/golangci-lint" github.com/golangci/golangci-lint/v2/cmd/golangci-lint)

if [ "${1:-}" = js ]; then
  GOOS=js GOARCH=wasm exec "$cache/golangci-lint" run ./contract/... ./kakao/... ./sdk/... ./jsbridge/... ./wasm/...
fi
exec "$cache/golangci-lint" run ./...
