package sdk

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sources are the parsed files of the package, without its tests.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files[path] = file
	}
	if len(files) < 20 {
		t.Fatalf("found %d files only", len(files))
	}
	return files
}

// The machine performs no input or output and waits for nothing; what it must
// not import would also weigh too much.
func TestTheMachineImportsNothingThatWaitsOrWeighs(t *testing.T) {
	forbidden := []string{`"syscall/js"`, `"time"`, `"fmt"`, `"reflect"`, `"sync"`, `"context"`, `"os"`, `"net/http"`, `"unsafe"`}
	for path, file := range sources(t) {
		for _, spec := range file.Imports {
			if slices.Contains(forbidden, spec.Path.Value) {
				t.Errorf("%s imports %s", path, spec.Path.Value)
			}
		}
	}
}

func TestTheMachineHasNoGoroutineAndNoChannel(t *testing.T) {
	for path, file := range sources(t) {
		for node := range ast.Preorder(file) {
			if what := concurrent(node); what != "" {
				t.Errorf("%s has a %s", path, what)
			}
		}
	}
}

// concurrent names what a node does beside the rest of the program.
func concurrent(node ast.Node) string {
	switch n := node.(type) {
	case *ast.GoStmt:
		return "goroutine"
	case *ast.ChanType:
		return "channel"
	case *ast.SelectStmt:
		return "select"
	case *ast.SendStmt:
		return "send"
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			return "receive"
		}
	}
	return ""
}

func TestTheRuleFindsWhatItForbids(t *testing.T) {
	const source = `package p
func f(c chan int) { go f(c); select {}; c <- 1; <-c }`
	file, err := parser.ParseFile(token.NewFileSet(), "", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for node := range ast.Preorder(file) {
		if what := concurrent(node); what != "" {
			found = append(found, what)
		}
	}
	if want := []string{"channel", "goroutine", "select", "send", "receive"}; !slices.Equal(found, want) {
		t.Errorf("found %q, want %q", found, want)
	}
}
