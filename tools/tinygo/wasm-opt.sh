#!/usr/bin/env bash
# What TinyGo runs as wasm-opt (build.sh names this file in WASMOPT): the wasm-opt named in
# KAKAOWASM_WASMOPT, with what only we can promise about a browser build.
#
# Asyncify makes every function that may be on the stack when a goroutine blocks restartable, and
# pays for it in size and time. By default it takes each import for one that may block.
#
#   asyncify-imports      No import of wasm_exec.js unwinds: goroutines block in Go only. The name
#                         is of an import that does not exist, which is how to say "none".
#   asyncify-removelist   Map operations call hash and equality functions through pointers. Those
#                         never block.
#   remove-exports        C's allocator and float helpers, for hosts that are not JavaScript.
set -euo pipefail

if [[ ${1-} == --version ]]; then
	exec "$KAKAOWASM_WASMOPT" --version
fi
exec "$KAKAOWASM_WASMOPT" \
	--pass-arg=asyncify-imports@none.none \
	--pass-arg='asyncify-removelist@runtime.hashmap*' \
	--remove-exports='malloc,free,calloc,realloc,fminimum*,fmaximum*,__wasm_call_ctors' \
	"$@"
