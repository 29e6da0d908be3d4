package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The image's build gets every folder of this module that the program needs.
func TestDockerignoreLetsInWhatTheProgramNeeds(t *testing.T) {
	listed, err := os.ReadFile("../../.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	rules := strings.Split(string(listed), "\n")
	const module = "github.com/kakaowasm/kakaowasm/"
	packages, err := exec.CommandContext(t.Context(), "go", "list", "-deps", module+"cmd/kakaowasm").Output()
	if err != nil {
		t.Fatal(err)
	}
	needed := 0
	for name := range strings.Lines(string(packages)) {
		path, ours := strings.CutPrefix(strings.TrimSpace(name), module)
		if !ours {
			continue
		}
		needed++
		folder, _, _ := strings.Cut(path, "/")
		if !slices.Contains(rules, "!"+folder) {
			t.Errorf("%s is kept out; add !%s", path, folder)
		}
	}
	if needed == 0 {
		t.Error("the program needs no package of this module, they say")
	}
}
