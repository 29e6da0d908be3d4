package main

import (
	"os"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

func TestDocumentsAreThoseOfTheCatalogue(t *testing.T) {
	for name, text := range documents {
		written, err := os.ReadFile("../../../docs/" + name + ".md")
		if err != nil {
			t.Fatal(err)
		}
		if string(written) != text() {
			t.Errorf("docs/%s.md is stale: run go generate ./kakao/catalog", name)
		}
	}
}

func TestDocumentNamesEachCallAndLinksToIt(t *testing.T) {
	document := reference()
	anchors := map[string]bool{}
	for _, c := range catalog.Calls() {
		if !strings.Contains(document, "\n## "+c.Title+"\n") || !strings.Contains(document, "(#"+anchor(c.Title)+")") {
			t.Errorf("%s: no section or no link", c.Title)
		}
		if anchors[anchor(c.Title)] {
			t.Errorf("%s: two sections of that name", c.Title)
		}
		anchors[anchor(c.Title)] = true
	}
	for _, c := range append(catalog.TalkCalls(), catalog.SDKCalls()...) {
		if !strings.Contains(document, "`"+request(c)+"`") {
			t.Errorf("%s is missing", request(c))
		}
	}
}

func TestWritesToAFileOrFails(t *testing.T) {
	path := t.TempDir() + "/api.md"
	if err := write("api", path); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != reference() {
		t.Error("another document was written")
	}
	if write("api", t.TempDir()+"/none/api.md") == nil || write("none", "") == nil {
		t.Error("no error for a folder or document that is not there")
	}
}
