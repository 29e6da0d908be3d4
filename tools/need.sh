#!/usr/bin/env bash
# Says what is missing of the programs that a build needs: Go, and Node.js with npm. Both are enough for
# `make demo`, `make dist` and `make binaries`, on macOS and on any Linux.
set -euo pipefail

readonly oldest_node=20

fail() {
	printf 'This needs %s; install it, and run it again.\n' "$*" >&2
	exit 1
}

command -v go >/dev/null || fail 'Go 1.26 or newer (https://go.dev/dl, or: brew install go)'
command -v node >/dev/null || fail "Node.js $oldest_node or newer (https://nodejs.org, or: brew install node)"
command -v npm >/dev/null || fail 'npm, which comes with Node.js (on Debian: apt-get install npm)'
version=$(node --version)
major=${version#v}
((${major%%.*} >= oldest_node)) || fail "Node.js $oldest_node or newer, and this is $version (https://nodejs.org)"
