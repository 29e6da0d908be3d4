package main

import (
	"os"
	"testing"

	"github.com/kakaowasm/kakaowasm/sdk"
)

func TestTypesAreTestedAgainstTheTables(t *testing.T) {
	written, err := os.ReadFile("../../npm/tables.test-d.ts")
	if err != nil {
		t.Fatal(err)
	}
	if string(written) != source() {
		t.Error("npm/tables.test-d.ts is stale: run go generate ./sdk/typetest")
	}
}

func TestPresenceOfAParameter(t *testing.T) {
	for want, p := range map[string]sdk.Param{
		"required":         {Required: true},
		"optional":         {},
		"may be undefined": {Required: true, Default: `"uuid"`},
	} {
		if got := presence(p); got != want {
			t.Errorf("%+v: got %q, want %q", p, got, want)
		}
	}
}
