package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// shellBlock is a block of shell commands in a document; programRun is a call of
// the program in it, by any of its names.
var (
	shellBlock = regexp.MustCompile("(?s)```(?:sh|bash|console)\n(.*?)```")
	programRun = regexp.MustCompile(`^(?:go run \./cmd/kakaowasm|(?:[\w./-]*/)?kakaowasm)\s+(.*)$`)
	lineEnd    = regexp.MustCompile(`\s+(?:[#&|>].*)?$`)
)

// documentedCommands are the calls of the program in a document.
func documentedCommands(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		lines := strings.ReplaceAll(block[1], "\\\n", " ")
		for line := range strings.Lines(lines) {
			line = lineEnd.ReplaceAllString(strings.TrimPrefix(strings.TrimSpace(line), "$ ")+" ", "")
			if call := programRun.FindStringSubmatch(line); call != nil {
				found = append(found, call[1])
			}
		}
	}
	return found
}

// understands reports what is wrong with the arguments of a call, without running it.
func understands(args []string) error {
	command, rest, err := newProgram().Find(args)
	if err != nil {
		return err
	}
	if err := command.ParseFlags(rest); err != nil {
		return err
	}
	return command.ValidateArgs(command.Flags().Args())
}

func TestDocumentsCallTheProgramAsItIs(t *testing.T) {
	documents, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]int{}
	for _, document := range append(documents, "../../README.md", "../../README.ko.md") {
		for _, call := range documentedCommands(t, document) {
			calls[strings.Fields(call)[0]]++
			if err := understands(strings.Fields(call)); err != nil {
				t.Errorf("%s: kakaowasm %s: %v", filepath.Base(document), call, err)
			}
		}
	}
	for _, command := range []string{"serve", "keygen", "emulate", "doctor"} {
		if calls[command] == 0 {
			t.Errorf("no document shows %s; is the pattern for commands right?", command)
		}
	}
}
