package docs_test

import (
	"bytes"
	"os"
	"testing"
)

// The READMEs say what there is and where to read on; a guide has the rest.
func TestREADMEsAreShort(t *testing.T) {
	const longest = 200
	for _, name := range []string{"../README.md", "../README.ko.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if lines := bytes.Count(text, []byte("\n")); lines >= longest {
			t.Errorf("%s has %d lines, and may have %d: move what is for one kind of reader into a guide", name, lines, longest-1)
		}
	}
}
