# Everything that this project does is a target here: `make help`.

ADDR ?= 127.0.0.1:8480
GO_SOURCES := $(shell find contract kakao sdk jsbridge wasm -name '*.go' -not -name '*_test.go') go.mod go.sum
SHIM_SOURCES := $(wildcard npm/*.js npm/*.d.ts npm/packaged/*) npm/build.mjs package-lock.json
VERSION = $(shell sed -n 's/^const Version = "\(.*\)"/\1/p' kakao/doc.go)

NPM_CLI_TARGET = $(shell node -p 'process.platform + "-" + process.arch')

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-more test-go simulate test-browser test-npm test-e2e lint dist release size binaries fmt clean

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: dist binaries ## Run emulator, token server and demo page; needs Go and Node.js only. ADDR=127.0.0.1:9000 changes the address.
	@ADDR=$(ADDR) dist/kakaowasm demo --sdk-dir dist/go --docs-dir dist/docs

.PHONY: docs
docs: site/node_modules ## Build the guides into dist/docs, which the demo shows at /docs; fails for a dead link.
	@site/node_modules/.bin/vitepress build site

site/node_modules: site/package.json site/package-lock.json | tools-needed
	npm ci --silent --prefix site
	@touch $@

test: deps-browser deps-engines deps-servers dist release binaries ## Run every test and the linters; installs what they need.
	@node tools/runtests.mjs

test-more: deps-browser deps-engines deps-servers deps-clusters deps-frameworks deps-backends dist binaries embedded docs ## Run the tests that take longer: all end-to-end tests over the standard-Go build, clusters that fail over, released programs.
	@node tools/runtests.mjs more

test-go: deps-browser deps-servers ## Run the Go tests natively.
	@node tools/runtests.mjs go

SIMULATE_SECONDS ?= 60
simulate: ## Play the SDK in its simulated world for SIMULATE_SECONDS; see CONTRIBUTING.md.
	@SIMULATE_SECONDS=$(SIMULATE_SECONDS) go test -count=1 -timeout=0 -run=Scripted -v ./sdk/simulate

test-browser: deps-browser ## Run the Go tests in Chromium.
	@node tools/runtests.mjs browser

test-npm: dist binaries ## Run the tests of the npm package.
	@node tools/runtests.mjs npm

test-e2e: deps-browser deps-engines dist release binaries ## Run the end-to-end tests over the release build, and what users do over the other.
	@node tools/runtests.mjs e2e

test-examples: deps-browser dist binaries ## Run the tests of the emulator's client and the example projects.
	@node tools/runtests.mjs examples

lint: node_modules dist release ## Run the linters, the type checker and the size budget.
	@node tools/runtests.mjs lint

dist: dist/go/kakao.js ## Build the SDK with standard Go into dist/go; needs Go and Node.js only.

release: npm/dist/kakao.js ## Build the SDK with TinyGo into dist/release and npm/dist; an installed TinyGo, or Debian.

size: dist release ## Weigh both builds, write dist/size.json, fail over budget.
	@node tools/size.mjs

.PHONY: bench bench-stores bench-peers bench-sdk
bench: deps-servers binaries bench-stores ## Measure the stores, and the token server beside oauth2-proxy, and write the tables of docs/performance.md; takes half an hour.
	@go run ./bench -oauth2-proxy "$$(tools/oauth2-proxy/build.sh)" -sessions 1000000

bench-stores: deps-servers ## Measure what the server asks of a store: the file, one Redis, a cluster of one, two, three primaries, PostgreSQL.
	@go test -run '^$$' -bench '^Benchmark$$/bare/^(Get|Renewal)$$/many|^BenchmarkPrimaries$$/./^(Get|Renewal)$$/many|^Benchmark$$/^(Get|Renewal)$$/many' -benchtime 2s ./server/store/bolt ./server/store/redis ./server/store/postgres

bench-sdk: deps-browser release ## Measure the SDK's start and calls in Chromium; BASE=other/kakao.js beside another build.
	@node bench/sdk.mjs $(if $(BASE),--base $(BASE))

bench-peers: deps-servers binaries ## The same with an Express server beside it, which npm installs.
	@npm ci --silent --prefix bench/express
	@go run ./bench -oauth2-proxy "$$(tools/oauth2-proxy/build.sh)" -sessions 1000000 -express bench/express

fmt: ## Format the Go code.
	gofmt -w $$(git ls-files '*.go')

clean: ## Remove what was built.
	rm -rf dist npm/dist npm/LICENSE internal/embeddedsdk/files e2e/artifacts

dist/go/kakao.js: $(GO_SOURCES) $(SHIM_SOURCES) node_modules
	@mkdir -p dist/build
	GOOS=js GOARCH=wasm go build -trimpath -ldflags='-s -w' -o dist/build/go.wasm ./wasm
	@node npm/build.mjs --wasm dist/build/go.wasm --glue "$$(go env GOROOT)/lib/wasm/wasm_exec.js" --version $(VERSION) --out dist/go --parts dist/build/go

dist/release/kakao.js: $(GO_SOURCES) $(SHIM_SOURCES) node_modules $(wildcard tools/tinygo/*)
	@mkdir -p dist/build
	tools/tinygo/build.sh ./wasm dist/build/tinygo.wasm
	@node npm/build.mjs --wasm dist/build/tinygo.wasm --version $(VERSION) --out dist/release --parts dist/build/release --compress

npm/dist/kakao.js: dist/release/kakao.js LICENSE
	@cp LICENSE npm/
	@rm -rf npm/dist
	@cp -R dist/release npm/dist
	@touch $@

binaries: | tools-needed ## Build the programs dist/kakaowasm and dist/harness (for the end-to-end tests).
	@go build -o dist/ ./cmd/kakaowasm ./e2e/harness

.PHONY: tools-needed embedded cli snapshot
tools-needed:
	@tools/need.sh

embedded: internal/embeddedsdk/files/kakao.js

internal/embeddedsdk/files/kakao.js: dist/release/kakao.js # copied whole, so that no older file stays
	@rm -rf internal/embeddedsdk/files
	@cp -R dist/release internal/embeddedsdk/files
	@rm -f $(addprefix internal/embeddedsdk/files/,*.cjs *.cjs.map *.d.mts entrance.d.ts $(addsuffix .*,react server svelte testing vue) package.json) # what only npm's users need

dist/THIRD_PARTY_LICENSES: go.mod go.sum tools/notices.mjs
	@mkdir -p dist
	@node tools/notices.mjs >$@

cli: embedded ## Build the released program for this machine, packed for npm; CLI=all for every platform.
	@node npm-cli/build.mjs $(if $(filter all,$(CLI)),,$(NPM_CLI_TARGET))

snapshot: embedded ## Try a release into dist/goreleaser, without what needs Docker or a signing service.
	@VERSION=$(VERSION) tools/release/run.sh goreleaser release --snapshot --clean --skip=docker,sign

node_modules: package.json package-lock.json | tools-needed
	npm ci --silent
	@touch node_modules

.PHONY: deps-browser deps-engines deps-servers deps-clusters
deps-browser: node_modules
	@tools/apt.sh chromium fonts-noto-cjk g++ # the race detector needs a C compiler

deps-engines:
	@tools/apt.sh firefox-esr libwebkit2gtk-4.1-0 webkit2gtk-driver xvfb # what users do is tested in three engines

.PHONY: deps-frameworks
deps-frameworks:
	@npm ci --silent --prefix npm/frameworks # what the npm package is tested in
	@npm ci --silent --prefix npm/frameworks/react-18

.PHONY: deps-backends
deps-backends:
	@tools/apt.sh php-cli php-laravel-framework php-guzzlehttp-guzzle php-phpseclib3 python3-django python3-django-cors-headers python3-jwt python3-cryptography # the code of docs/backends.md is run in Laravel, Django,
	@npm ci --silent --prefix tools/backends # Express, NestJS and Nitro; Next.js is among deps-frameworks

deps-servers:
	@tools/apt.sh redis-server postgresql nginx-light # several instances are tested with real ones
	@tools/caddy/build.sh >/dev/null

deps-clusters:
	@tools/apt.sh redis-sentinel g++ # the race detector needs a C compiler
