package contract_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

const relayScript = "../server/relay/callback.js"

// quoted is a string of a script.
var quoted = regexp.MustCompile(`'([^'\n]*)'`)

// ourNames are the strings of a script that begin like one of our names.
func ourNames(t *testing.T, path string) []string {
	t.Helper()
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, match := range quoted.FindAllSubmatch(source, -1) {
		if name := string(match[1]); strings.HasPrefix(name, "kakaowasm:") || strings.HasPrefix(name, "kakaowasm=") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestRelayPageUsesTheNamesOfTheContract(t *testing.T) {
	want := []string{
		contract.StateChannel(""), contract.LoginKey, contract.ResultKey, contract.ReturnKey, strings.TrimPrefix(contract.ResultFragment, "#"),
	}
	slices.Sort(want)
	if got := ourNames(t, relayScript); !slices.Equal(got, want) {
		t.Errorf("the relay page has the names %q, the contract %q", got, want)
	}
}

// The members of a message are written as members or as the names of them.
func TestRelayPageWritesTheMessagesOfTheContract(t *testing.T) {
	source, err := os.ReadFile(relayScript)
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{
		contract.MessageState, contract.MessageCode, contract.MessageError, contract.MessageErrorDescription,
		contract.MessageErrorCode, contract.MessageHint,
	} {
		forms := regexp.MustCompile(`'` + member + `'|[{ ]` + member + `[ ,]|message\.` + member + `\b`)
		if !forms.Match(source) {
			t.Errorf("the relay page writes no member %s", member)
		}
	}
	marks := bytes.Count(source, []byte("{ "+contract.MessageMark+": 1,"))
	if messages := bytes.Count(source, []byte(contract.MessageMark+": ")); marks == 0 || marks != messages {
		t.Errorf("%d of %d messages have the mark", marks, messages)
	}
}

func TestRelayPageTakesTheStatesOfTheContract(t *testing.T) {
	source, err := os.ReadFile(relayScript)
	if err != nil {
		t.Fatal(err)
	}
	literal := regexp.MustCompile(`const STATE = /(.*)/;`).FindSubmatch(source)
	if literal == nil {
		t.Fatal("the relay page has no pattern of a state")
	}
	pattern := regexp.MustCompile(string(literal[1]))
	const returnTo = "https://app.example.com/페이지?a=1"
	for _, flow := range []contract.Flow{contract.PopupFlow, contract.RedirectFlow} {
		state := contract.FlowState(flow, make([]byte, contract.RandomSize), returnTo)
		parts := pattern.FindStringSubmatch(state)
		if len(parts) != 4 || parts[1] != string(flow) || parts[2] != contract.EncodeRandom(make([]byte, contract.RandomSize)) || parts[3] != contract.EncodeRandom([]byte(returnTo)) {
			t.Errorf("the relay page reads %q as %q", state, parts)
		}
	}
	if pattern.MatchString(contract.FlowState('x', make([]byte, contract.RandomSize), "")) {
		t.Error("the relay page takes a flow that is none")
	}
}

// The shim knows no name but those of the contract.
func TestShimUsesTheNamesOfTheContract(t *testing.T) {
	known := []string{
		contract.StorageKey(""), contract.LoginKey, contract.ReturnKey, contract.ResultKey,
		strings.TrimPrefix(contract.ResultFragment, "#"),
	}
	files, err := filepath.Glob("../npm/*.js")
	if err != nil || len(files) == 0 {
		t.Fatal("there is no shim", err)
	}
	for _, file := range files {
		for _, name := range ourNames(t, file) {
			if !slices.Contains(known, name) {
				t.Errorf("%s has the name %q, which the contract has not", file, name)
			}
		}
	}
}
