#!/usr/bin/env bash
# What TinyGo runs as wasm-opt (build.sh names this file in WASMOPT): the wasm-opt named in
# KAKAOWASM_WASMOPT, which drops C's allocator and float helpers, exports for hosts that are not
# JavaScript.
set -euo pipefail

if [[ ${1-} == --version ]]; then
	exec "$KAKAOWASM_WASMOPT" --version
fi
exec "$KAKAOWASM_WASMOPT" \
	--remove-exports='malloc,free,calloc,realloc,fminimum*,fmaximum*,__wasm_call_ctors' \
	"$@"
