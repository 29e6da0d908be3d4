//go:build unix

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// Programs that stand for others while a README's commands run. The program itself
// is this test binary. What make builds takes minutes: `make test` builds it in
// other steps, and here only what a build leaves behind is put in its place.
const (
	goStandIn = `#!/bin/sh
[ "$1 $2" = "run ./cmd/kakaowasm" ] || { echo "go $*: no stand-in" >&2; exit 1; }
shift 2
exec "$PROGRAM" "$@"
`
	makeStandIn = `#!/bin/sh
for target in "$@"; do
  case $target in
    dist) mkdir -p dist/go && echo '//' >dist/go/kakao.js ;;
    release) mkdir -p dist/release && echo '//' >dist/release/kakao.js ;;
    binaries) mkdir -p dist && ln -s "$PROGRAM" dist/kakaowasm ;;
    demo) mkdir -p dist/go && echo '//' >dist/go/kakao.js && exec "$PROGRAM" demo --sdk-dir dist/go ;;
    *) echo "make $target: no stand-in" >&2; exit 1 ;;
  esac
done
`
)

// standIns are the calls of make in a README that are not made as they stand, each
// because it builds.
var standIns = []string{"make demo", "make release binaries", "make dist"}

// readmeBlocks are what must be seen when the blocks of the README run, then those
// of the guide to the token server, in their order. The last text ends a block that
// runs on.
var readmeBlocks = [][]string{
	{"kakaowasm demo with the emulator", "Stop with Ctrl+C."},
	{"the new key comes first", `"option":"--javascript-key`, `"msg":"listening"`}, // of the README
	{"the new key comes first", `"option":"--javascript-key`, `"msg":"listening"`},
	{"the new key comes first", `"msg":"listening"`},
	{"Checks: "},
	{"Kakao emulator on http://127.0.0.1:", `"msg":"listening"`},
}

var (
	comment  = regexp.MustCompile(`(?m)\s+# .*$`)
	makeCall = regexp.MustCompile(`(?m)^make .*$`)
)

// blocksOf are the shell blocks of documents, without comments.
func blocksOf(t *testing.T, paths ...string) (blocks []string) {
	t.Helper()
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range shellBlock.FindAllStringSubmatch(string(text), -1) {
			blocks = append(blocks, comment.ReplaceAllString(found[1], ""))
		}
	}
	return blocks
}

// Each shell block of the READMEs and of the guides to the token server runs as it stands: with free ports and a key in
// place of …, which the environment and the reader bring.
func TestCommandsOfTheREADMEsRun(t *testing.T) {
	english := blocksOf(t, "../../README.md", "../../docs/token-server.md")
	korean := blocksOf(t, "../../README.ko.md", "../../docs/token-server.ko.md")
	if !slices.Equal(english, korean) {
		t.Errorf("the READMEs show other commands:\n%q\n%q", english, korean)
	}
	if len(english) != len(readmeBlocks) {
		t.Fatalf("%d blocks, and the test knows %d", len(english), len(readmeBlocks))
	}
	if calls := makeCall.FindAllString(strings.Join(english, ""), -1); !slices.Equal(calls, standIns) {
		t.Errorf("stand-ins for %q, and the READMEs call %q", standIns, calls)
	}
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range strings.Fields(strings.ReplaceAll(strings.Join(standIns, " "), "make ", "")) {
		if !strings.Contains(string(makefile), "\n"+target+":") {
			t.Errorf("the Makefile has no target %s", target)
		}
	}
	for i, block := range english {
		t.Run(fmt.Sprintf("block %d", i+1), func(t *testing.T) { runBlock(t, block, readmeBlocks[i]) })
	}
}

// runBlock runs a block in a folder of its own until everything was seen.
func runBlock(t *testing.T, block string, want []string) {
	platform := emulator.Start(t)
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	bin := filepath.Dir(write("bin/go", goStandIn))
	write("bin/make", makeStandIn)
	ctx, cancel := context.WithTimeout(t.Context(), answerLimit)
	defer cancel()
	shell := exec.CommandContext(ctx, "sh", "-e", write("block", strings.ReplaceAll(block, "…", emulator.DemoRESTAPIKey)))
	shell.Dir = dir
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	shell.Cancel = func() error { return syscall.Kill(-shell.Process.Pid, syscall.SIGKILL) }
	shell.Env = []string{
		asProgram + "=1", "PROGRAM=" + os.Args[0], "HOME=" + dir, "LC_ALL=C", "PATH=" + bin + ":" + os.Getenv("PATH"),
		"ADDR=127.0.0.1:0", "KAKAOWASM_ADDR=127.0.0.1:0", "KAKAO_EMULATOR_ADDR=127.0.0.1:0", "KAKAOWASM_DRAIN_DELAY=0s",
	}
	if strings.Contains(block, "doctor") {
		shell.Env = append(shell.Env, "KAKAO_AUTH_ORIGIN="+platform.URL, "KAKAOWASM_ADDR=127.0.0.1:8480",
			"KAKAO_REST_API_KEY="+emulator.DemoRESTAPIKey, "KAKAO_JAVASCRIPT_KEY="+emulator.DemoJavaScriptKey)
	}
	output, err := shell.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	shell.Stderr = shell.Stdout
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	seen := awaitTexts(output, want)
	_ = syscall.Kill(-shell.Process.Pid, syscall.SIGTERM) // The doctor has ended by itself.
	rest, _ := io.ReadAll(output)                         // until the last of them has ended
	_ = shell.Wait()                                      // It tells of the signal.
	for _, text := range want {
		if !strings.Contains(seen, text) {
			t.Errorf("%q is not seen:\n%s%s", text, seen, rest)
		}
	}
}

// awaitTexts reads until all texts were seen, or the end.
func awaitTexts(from io.Reader, want []string) string {
	var seen strings.Builder
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadString('\n')
		seen.WriteString(line)
		if err != nil || !slices.ContainsFunc(want, func(text string) bool { return !strings.Contains(seen.String(), text) }) {
			return seen.String()
		}
	}
}
