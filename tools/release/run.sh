#!/usr/bin/env bash
# Runs a tool of the release at its pinned version: tools/release/run.sh goreleaser|actionlint|cyclonedx-gomod [argument...]
# goreleaser takes minutes to build, once; the others half a minute.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kakaowasm
case ${1-} in
goreleaser) module=$here package=github.com/goreleaser/goreleaser/v2 ;;
actionlint) module=$here package=github.com/rhysd/actionlint/cmd/actionlint ;;
cyclonedx-gomod) module=$here/../sbom package=github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod ;;
*)
	echo "tools/release/run.sh: expected goreleaser, actionlint or cyclonedx-gomod, got ${1-nothing}" >&2
	exit 2
	;;
esac
(cd "$module" && GOOS='' GOARCH='' go build -o "$cache/$1" "$package")
exec "$cache/$1" "${@:2}"
