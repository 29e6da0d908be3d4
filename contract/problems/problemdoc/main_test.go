package main

import (
	"os"
	"strings"
	"testing"
)

func TestFilesSayWhatTheProblemsSay(t *testing.T) {
	for _, path := range []string{"npm/index.d.ts", "docs/sdk.md", "docs/sdk.ko.md"} {
		written, err := os.ReadFile("../../../" + path)
		if err != nil {
			t.Fatal(err)
		}
		text, err := rewrite(string(written))
		if err != nil {
			t.Errorf("%s: %v", path, err)
		} else if text != string(written) {
			t.Errorf("%s is stale: run go generate ./contract/problems", path)
		}
	}
}

func TestReplacesSectionsOnly(t *testing.T) {
	const before, after = "before\n<!-- Written by go generate ./contract/problems: codes of a call -->\n", "<!-- end of codes of a call -->\nafter\n"
	text, err := rewrite(before + "old\n" + after)
	if err != nil || text != before+callCodes()+after {
		t.Errorf("got %q, %v", text, err)
	}
	if again, _ := rewrite(text); again != text {
		t.Errorf("the second time it became %q", again)
	}
}

func TestRefusesSectionsThatAreWrong(t *testing.T) {
	for name, text := range map[string]string{
		"no section":      "nothing\n",
		"unknown section": "// go generate ./contract/problems: nonsense\n// end of nonsense\n",
		"no end":          "// go generate ./contract/problems: AuthErrorCode\n",
	} {
		if got, err := rewrite(text); err == nil {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestLongCommentsAreWrapped(t *testing.T) {
	for line := range strings.Lines(sections["AuthErrorCode"]()) {
		if len(line) > maxLine+1 {
			t.Errorf("a line of %d bytes: %s", len(line), line)
		}
	}
}
