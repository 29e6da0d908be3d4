#!/usr/bin/env bash
# Builds a package of this repository for the browser with TinyGo.
#
#   tools/tinygo/build.sh <package> <out.wasm>   build, e.g. ./wasm dist/kakao.wasm
#   tools/tinygo/build.sh --version              version of the toolchain
#
# <package> is relative to the root of the repository, <out.wasm> to the current directory.
#
# A `tinygo` of version 0.41 or newer on the PATH is used as it is. Otherwise the version pinned in
# go.mod beside this file is built once and cached under ${XDG_CACHE_HOME:-~/.cache}/kakaowasm; its
# output is much smaller (see patch_root).
#
# Variables: WASMOPT names another wasm-opt than node_modules/.bin/wasm-opt; TINYGO_PINNED=1
# ignores a tinygo on the PATH.
set -euo pipefail

readonly minimum=0.41
readonly module=github.com/tinygo-org/tinygo
readonly packages=(g++ llvm-19-dev libclang-19-dev liblld-19-dev clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32)
readonly libc=/usr/lib/wasm32-wasi/libc.a
readonly builtins=/usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
repo=$(cd "$here/../.." && pwd -P)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kakaowasm
readonly here repo cache
scratch=''
trap 'rm -rf "$scratch"' EXIT

fail() {
	printf 'tools/tinygo/build.sh: %s\n' "$*" >&2
	exit 1
}

# replace FILE OLD NEW COUNT: replaces text in a file, which must be there exactly COUNT times.
replace() {
	node -e '
		const fs = require("fs"), [file, old, text, count] = process.argv.slice(1);
		const parts = fs.readFileSync(file, "utf8").split(old);
		if (parts.length - 1 !== Number(count)) process.exit(1);
		fs.writeFileSync(file, parts.join(text));
	' "$@" || fail "$1 is not the file that patch_root was written for: revise patch_root for this TinyGo version"
}

# patch_root ROOT: three changes to TinyGo. The first two make what imports fmt or os 35 KB (brotli)
# smaller, because package variables can then be computed at compile time and dropped if unused.
patch_root() {
	# A map's seed comes from fastrand, whose state the initialiser of syscall/js "may have changed".
	# So every map variable initialised after it (those of time, unicode, ...) is built at run time,
	# and keeps all it refers to, the Unicode tables first. A fixed seed is good enough in a page:
	# only the page's own user could craft colliding keys. Iteration order stays random.
	replace "$1/src/runtime/hashmap.go" 'uintptr(fastrand()),' '0, // fixed, see tools/tinygo/build.sh' 1
	replace "$1/src/runtime/hashmap.go" 'n.seed = uintptr(fastrand())' 'n.seed = 0' 1

	# libc's arc4random links a cipher and, through assert, printf. The browser has random_get. The
	# buffer is global because this runs before there is a heap.
	local file=$1/src/runtime/runtime_tinygowasm.go
	replace "$file" $'\tn |= uint64(libc_arc4random())\n\tn |= uint64(libc_arc4random()) << 32\n\treturn n, true\n' \
		$'\trandom_get(&randomWord, 8)\n\treturn randomWord, true\n' 1
	replace "$file" $'//export arc4random\nfunc libc_arc4random() uint32\n' \
		$'//go:wasmimport wasi_snapshot_preview1 random_get\nfunc random_get(buf *uint64, size uint32) uint32\n\nvar randomWord uint64\n' 1

	# Garbage is collected between two events only (wasm/collect_tinygo.go), when nothing of Go is on the
	# stack. So allocation never collects, and the compiler keeps no list of the pointers on the
	# stack, which would cost 8 KB (brotli).
	replace "$1/src/runtime/gc_blocks.go" 'var ranGC bool' 'ranGC := true // see tools/tinygo/build.sh' 1
	replace "$1/src/runtime/gc_stack_portable.go" '//go:extern runtime.stackChainStart' '// always nil' 1
	replace "$1/compileopts/config.go" 'if tag == "tinygo.wasm" {' 'if tag == "none, see tools/tinygo/build.sh" {' 1
}

# write_target ROOT: prints the target description of the pinned toolchain: that of the module, with
# Debian's libc and compiler-rt for those that only official releases contain.
write_target() {
	node -e '
		const [root, ...libraries] = process.argv.slice(1);
		const target = JSON.parse(require("fs").readFileSync(root + "/targets/wasm.json", "utf8"));
		delete target.libc;
		delete target.rtlib;
		// LLVM 19 does not know these two.
		target.features = target.features.split(",")
			.filter(f => f !== "+bulk-memory-opt" && f !== "+call-indirect-overlong").join(",");
		target["extra-files"] = ["src/runtime/asm_tinygowasm.S"];
		target.scheduler = "none";
		// Without the export the linker wraps every export in a call that flushes C stdio.
		target.ldflags.push("--export=__wasm_call_ctors", ...libraries);
		console.log(JSON.stringify(target, null, "\t"));
	' "$1" "$libc" "$builtins"
}

install_packages() {
	[[ -e $libc && -e $builtins && -d /usr/lib/llvm-19/include/lld && -d /usr/lib/llvm-19/include/clang-c && -x /usr/lib/llvm-19/bin/clang && -x /usr/lib/llvm-19/bin/wasm-ld ]] && return
	"$repo/tools/apt.sh" "${packages[@]}" >&2 || fail "no tinygo >= $minimum on the PATH, and building it needs the Debian packages named above"
}

# build_toolchain DESTINATION: in a directory of its own, renamed when complete, so that neither an
# interrupted run nor two at once leave half a toolchain behind.
build_toolchain() {
	install_packages
	mkdir -p "$cache"
	scratch=$(mktemp -d "$cache/building.XXXXXX")
	chmod 755 "$scratch"
	echo "building TinyGo $version, once" >&2
	local source
	source=$(cd "$here" && GOWORK=off GOFLAGS='' go mod download "$module" && GOWORK=off GOFLAGS='' go list -m -f '{{.Dir}}' "$module")
	cp -R "$source" "$scratch/root"
	chmod -R u+w "$scratch/root"
	mkdir -p "$scratch/root/src/net" # a git submodule, which module archives leave out
	patch_root "$scratch/root"
	cp "$here/go.mod" "$here/go.sum" "$scratch/"
	go mod edit -replace "$module=$scratch/root" "$scratch/go.mod"
	(cd "$here" && GOWORK=off GOFLAGS='' go build -modfile "$scratch/go.mod" -tags llvm19 -o "$scratch/tinygo" "$module") >&2
	# The loser of a race finds the directory there and uses it.
	mv -T "$scratch" "$1" 2>/dev/null || rm -rf "$scratch"
	[[ -x $1/tinygo ]] || fail "cannot create $1"
}

# find_toolchain sets tinygo, root, version and pinned.
find_toolchain() {
	pinned=''
	if [[ -z ${TINYGO_PINNED-} ]] && tinygo=$(command -v tinygo); then
		version=$("$tinygo" version | sed -n 's/^tinygo version \([0-9.]*\).*/\1/p')
		if [[ -n $version && $(printf '%s\n' "$minimum" "$version" | sort -V | head -n 1) == "$minimum" ]]; then
			root=$("$tinygo" env TINYGOROOT)
			return
		fi
	fi
	pinned=1
	command -v apt-get >/dev/null || fail "expected a tinygo >= $minimum on the PATH, because only on Debian can this build one: install TinyGo (macOS: brew install tinygo-org/tools/tinygo; others: https://tinygo.org/getting-started/install/) and run it again. For development 'make dist' is enough, which needs none"
	version=$(sed -n "s|^\s*\(require \)\?$module v\([0-9.]*\).*|\2|p" "$here/go.mod")
	[[ -n $version ]] || fail "tools/tinygo/go.mod does not require $module"
	local recipe
	recipe=$(cat "$here"/{build.sh,go.mod,go.sum} <(go env GOVERSION GOARCH) | sha256sum)
	local home=$cache/tinygo-$version-${recipe:0:12}
	[[ -x $home/tinygo ]] || build_toolchain "$home"
	tinygo=$home/tinygo root=$home/root
}

build() {
	local package=$1 out=$2
	[[ $out == /* ]] || out=$PWD/$out
	local wasmopt=${WASMOPT:-$repo/node_modules/.bin/wasm-opt}
	wasmopt=$(command -v "$wasmopt") || fail 'no wasm-opt: run npm ci in the root of the repository, or name one in WASMOPT'
	scratch=$(mktemp -d)
	if [[ -n $pinned ]]; then
		write_target "$root" >"$scratch/target.json"
	else
		printf '{"inherits": ["wasm"], "scheduler": "none"}\n' >"$scratch/target.json"
	fi
	(cd "$repo" && TINYGOROOT=$root WASMOPT=$here/wasm-opt.sh KAKAOWASM_WASMOPT=$wasmopt \
		"$tinygo" build -target "$scratch/target.json" -buildmode=c-shared -opt=z -no-debug -panic=trap -o "$scratch/out.wasm" "$package")
	# TinyGo keeps the names of functions. What the passes before -Oz find in the whole program saves 2 % after brotli.
	"$wasmopt" "$scratch/out.wasm" --flatten --rereloop --gufa-optimizing -Oz --converge \
		--strip-debug --strip-producers --strip-target-features -o "$scratch/small.wasm"
	mkdir -p "$(dirname "$out")"
	cp "$scratch/small.wasm" "$out"
}

case ${1-} in
--version) [[ $# == 1 ]] ;;
-* | '') false ;;
*) [[ $# == 2 ]] ;;
esac || fail "usage: build.sh <package> <out.wasm> | --version"

find_toolchain
case $1 in
--version) echo "$version" ;;
*) build "$1" "$2" ;;
esac
