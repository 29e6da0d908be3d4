package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

func TestDocumentsAreThoseOfTheTables(t *testing.T) {
	for name, l := range languages {
		text, err := document(l)
		if err != nil {
			t.Fatal(err)
		}
		written, err := os.ReadFile("../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if string(written) != text {
			t.Errorf("docs/%s is stale: run go generate ./emulator", name)
		}
	}
}

// allCalls are the calls of the catalogue by the keys of their rows.
func allCalls() map[string]catalog.Call {
	all := map[string]catalog.Call{}
	for _, calls := range [][]catalog.Call{catalog.Calls(), catalog.TalkCalls(), catalog.SDKCalls(), catalog.PageCalls()} {
		for _, c := range calls {
			all[callKey(c)] = c
		}
	}
	return all
}

func TestEachCallHasARowAndEachRowACall(t *testing.T) {
	calls := allCalls()
	for key := range calls {
		if _, ok := gradedCalls[key]; !ok {
			t.Errorf("%s has no row", key)
		}
	}
	for key := range gradedCalls {
		if _, ok := calls[key]; !ok {
			t.Errorf("the row %s is of no call", key)
		}
	}
}

func TestACallWithoutARowIsAnError(t *testing.T) {
	kept := gradedCalls["Me"]
	delete(gradedCalls, "Me")
	defer func() { gradedCalls["Me"] = kept }()
	if _, err := document(languages["parity.md"]); err == nil || !strings.Contains(err.Error(), "Me has no row") {
		t.Errorf("got %v", err)
	}
}

// A grade that the running emulator contradicts is wrong: absent is what it
// refuses as an API that the app may not use, or does not know.
func TestAGradeIsWhatTheEmulatorDoes(t *testing.T) {
	kakao := emulator.Start(t)
	for key, c := range allCalls() {
		r, err := http.NewRequestWithContext(t.Context(), c.Methods[0], kakao.URL+c.Path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		var refusal struct {
			Code int `json:"code"`
		}
		_ = json.NewDecoder(res.Body).Decode(&refusal) // pages are no JSON
		_ = res.Body.Close()
		plays := res.StatusCode != http.StatusNotFound && res.StatusCode != http.StatusMethodNotAllowed && refusal.Code != catalog.ErrDisabled.Code
		if graded := gradedCalls[key].grade != Absent; plays != graded {
			t.Errorf("%s %s answers %d with code %d, its grade is %d", c.Methods[0], c.Path, res.StatusCode, refusal.Code, gradedCalls[key].grade)
		}
	}
}

func TestRowsSayWhatIsMissing(t *testing.T) {
	whole := func(name string, text catalog.Text) {
		if text.En == "" || text.Ko == "" || strings.Contains(text.En+text.Ko, "|") {
			t.Errorf("%s: a text is missing in a language, or breaks the table: %+v", name, text)
		}
	}
	for _, section := range sections {
		whole("section", section.Title)
		for _, f := range section.Features {
			whole(f.Name.En, f.Name)
			if f.Grade != Real || f.Note != (catalog.Text{}) {
				whole(f.Name.En, f.Note)
			}
			if f.Source == "" {
				t.Errorf("%s has no source", f.Name.En)
			}
		}
	}
	for key, g := range gradedCalls {
		if g.ko == "" {
			t.Errorf("%s has no Korean title", key)
		}
		if g.grade != Real {
			whole(key, g.note)
		}
	}
}

func TestQuestionsPointAtTheirCode(t *testing.T) {
	for _, q := range questions {
		if _, err := os.Stat("../" + q.Place); err != nil {
			t.Error(err)
		}
	}
}

func TestWritesToAFolderOrFails(t *testing.T) {
	folder := t.TempDir()
	if err := write(folder); err != nil {
		t.Fatal(err)
	}
	for name := range languages {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
	if write(filepath.Join(folder, "none")) == nil {
		t.Error("no error for a folder that is not there")
	}
}
