package contract_test

import (
	"go/build"
	"slices"
	"testing"
)

// Each first visitor pays for what the contract imports.
func TestImportsNothingLarge(t *testing.T) {
	p, err := build.ImportDir(".", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range p.Imports {
		if !slices.Contains([]string{"encoding/base64", "strings"}, path) {
			t.Errorf("the contract imports %s", path)
		}
	}
}
