// Package guidetest reads the code that guides show, for tests that run it.
package guidetest

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// block is a block of code.
var block = regexp.MustCompile("(?s)```[a-z]+\n(.*?)```")

// Code returns the block of code that a guide, a Markdown file, marks by the comment
// <!-- name --> before it. A guide without it fails the test.
func Code(tb testing.TB, guide, name string) string {
	tb.Helper()
	text, err := os.ReadFile(guide) //nolint:gosec // A guide of the repository.
	if err != nil {
		tb.Fatal(err)
	}
	_, after, marked := strings.Cut(string(text), "<!-- "+name+" -->\n")
	code := block.FindStringSubmatch(after)
	if !marked || code == nil {
		tb.Fatalf("%s: expected a block of code after <!-- %s -->", guide, name)
	}
	return code[1]
}
