package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestASampleSumsUpHowLongAnswersTook(t *testing.T) {
	var took []time.Duration
	for i := range 200 {
		took = append(took, time.Duration(200-i)*time.Millisecond)
	}
	got := newSample(took, 2*time.Second)
	want := sample{perSecond: 100, p50: 101 * time.Millisecond, p99: 199 * time.Millisecond}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(sample{})); diff != "" {
		t.Error(diff)
	}
}

// The ratio is that of each round, not of the medians: here the machine was three
// times as fast in the second round, and neither proxy nor server has changed.
func TestRatiosAreTakenWithinARound(t *testing.T) {
	proxy, own := results{}, results{}
	for _, speed := range []float64{1, 3, 1} {
		proxy[series{renewal, "", 1}] = append(proxy[series{renewal, "", 1}], sample{perSecond: 1000 * speed, p99: time.Millisecond})
		own[series{askSession, inMemory, 1}] = append(own[series{askSession, inMemory, 1}], sample{perSecond: 1500 * speed, p99: 2 * time.Millisecond})
	}
	got := ratios(own[series{askSession, inMemory, 1}], proxy[series{askSession, inMemory, 1}.baseline()], perSecond)
	if diff := cmp.Diff([]float64{1.5, 1.5, 1.5}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnExchangeIsComparedWithAnExchange(t *testing.T) {
	for work, want := range map[string]string{
		exchangeCode: exchangeCode, renewal: renewal, cachedRefresh: renewal, askSession: renewal, whoIsAsking: renewal,
	} {
		if got := (series{work, inFile, 16}).baseline(); got != (series{want, "", 16}) {
			t.Errorf("%s is compared with %v", work, got)
		}
	}
}

// sameForAll is a report of one round in which everything took the same.
func sameForAll(stores ...string) report {
	all := results{}
	for _, connections := range connectionCounts {
		for _, store := range append(stores, "") {
			for _, work := range []string{cachedRefresh, askSession, whoIsAsking, renewal, exchangeCode} {
				all[series{work, store, connections}] = []sample{{1000, time.Millisecond, 2 * time.Millisecond, 50 * time.Microsecond}}
			}
		}
	}
	return report{machine: "a machine", rounds: 1, figures: all, rooms: []room{{store: inFile, process: 900_000, file: 134_000_000, session: 478}}}
}

func TestAReportHasARowForWhatWasMeasured(t *testing.T) {
	for _, w := range languages {
		text := sameForAll(inMemory, inFile, inRedis).text(w)
		for _, want := range []string{
			"| memory | 16 | 1000 | 1.00 | 1.00 | 2.00 | 1.00 |\n",
			"| " + w.proxy + " | 256 | 1000 | | 1.00 | 2.00 | |\n",
			"| bolt | 1 | 134 |  | 478 |\n",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q in\n%s", w.file, want, text)
			}
		}
		if strings.Contains(text, express) {
			t.Errorf("%s has rows of a server that was not measured", w.file)
		}
	}
	if text := sameForAll(inFile, inRedis).text(languages[0]); strings.Contains(text, "beside") {
		t.Errorf("it is compared with an oauth2-proxy that was not measured:\n%s", text)
	}
	r := sameForAll(inFile, inRedis, peerCookie, peerRedis)
	r.memories = map[string]int64{inFile: 20_000_000, peerCookie: 30_000_000}
	r.full = []full{{store: inFile, sessions: 7, bytes: 8_000_000, start: 1500 * time.Millisecond, figures: results{
		{renewal, "full " + inFile, fullConnections}: {{2000, time.Millisecond, 3 * time.Millisecond, 0}},
		{renewal, inFile, fullConnections}:           {{1000, time.Millisecond, 2 * time.Millisecond, 50 * time.Microsecond}},
	}}}
	for _, want := range []string{
		"| bolt | oauth2-proxy, cookie | 1.00 | 1.00 | 1.00 | 50 | 50 | 20 | 30 |\n", "| redis | oauth2-proxy, Redis | 1.00 | 1.00 | 1.00 | 50 | 50 |  |  |\n",
		"| bolt | 7 | 8 | 1.5 | 2000 | 3.00 | 2.00 |\n",
	} {
		if text := r.text(languages[0]); !strings.Contains(text, want) {
			t.Errorf("it lacks %q in\n%s", want, text)
		}
	}
	if text := sameForAll(express).text(languages[0]); !strings.Contains(text, "| Express | 16 | 1000 |") {
		t.Errorf("the Express server is missing in\n%s", text)
	}
}

func TestTablesReplaceThoseOfADocument(t *testing.T) {
	path := filepath.Join(t.TempDir(), "performance.md")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("before\n" + tablesBegin + "old\n" + tablesEnd + "after\n")
	if err := insert(path, "new\n"); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if want := "before\n" + tablesBegin + "new\n" + tablesEnd + "after\n"; err != nil || string(got) != want {
		t.Errorf("got %q, %v", got, err)
	}
	for name, text := range map[string]string{
		"no tables": "before\n", "no end": tablesBegin, "the end first": tablesEnd + tablesBegin,
	} {
		write(text)
		if err := insert(path, "new\n"); err == nil {
			t.Errorf("%s: the document was changed", name)
		}
		if got, _ := os.ReadFile(path); string(got) != text {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// The documents of the repository have a place for the tables.
func TestTheDocumentsTakeTables(t *testing.T) {
	for _, w := range languages {
		content, err := os.ReadFile(filepath.Join("..", "docs", w.file))
		if err != nil || !strings.Contains(string(content), tablesBegin) || !strings.Contains(string(content), tablesEnd) {
			t.Errorf("%s has no place for tables, %v", w.file, err)
		}
	}
}
