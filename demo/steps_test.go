package demo

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// visit sends a request as a browser or a program does, through a record of steps.
func visit(t *testing.T, s *Steps, path, dest, method string, status int) {
	t.Helper()
	handler := s.Record(TokenServer, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	r := httptest.NewRequest(method, path+"?code=secret", strings.NewReader("code=secret"))
	if dest != "" {
		r.Header.Set("Sec-Fetch-Dest", dest)
	}
	handler.ServeHTTP(httptest.NewRecorder(), r)
}

// read reads n steps from a stream.
func read(t *testing.T, server *httptest.Server, query, lastID string, n int) []Step {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	res, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var steps []Step
	for lines := bufio.NewScanner(res.Body); len(steps) < n && lines.Scan(); {
		if strings.Contains(lines.Text(), "secret") {
			t.Errorf("the stream holds a secret: %s", lines.Text())
		}
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var step Step
		if err := json.Unmarshal([]byte(data), &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	return steps
}

func TestStepsTellWhoAskedWhom(t *testing.T) {
	steps := NewSteps()
	server := httptest.NewServer(steps)
	defer server.Close()
	visit(t, steps, "/kakao/callback", "document", http.MethodGet, http.StatusOK)
	visit(t, steps, "/kakao/callback.css", "style", http.MethodGet, http.StatusOK)
	visit(t, steps, "/kakao/token", "empty", http.MethodOptions, http.StatusNoContent)
	visit(t, steps, "/kakao/token", "empty", http.MethodPost, http.StatusBadRequest)
	visit(t, steps, "/oauth/token", "", http.MethodPost, http.StatusOK)

	got := read(t, server, "?since=0", "", 3)
	for i, want := range []Step{
		{Number: 1, From: Window, Method: "GET", Path: "/kakao/callback", Status: 200},
		{Number: 2, From: Page, Method: "POST", Path: "/kakao/token", Status: 400},
		{Number: 3, From: TokenServer, Method: "POST", Path: "/oauth/token", Status: 200},
	} {
		want.To, want.At, want.Took = TokenServer, got[i].At, got[i].Took
		if got[i] != want || got[i].At == 0 {
			t.Errorf("step %d: got %+v, want %+v", i+1, got[i], want)
		}
	}
	if more := read(t, server, "?since=0", "2", 1); more[0].Number != 3 {
		t.Errorf("after 2 comes %+v", more[0])
	}
	if later := read(t, server, fmt.Sprintf("?since=%f", got[2].At), "", 1); later[0].At < got[2].At {
		t.Errorf("an older step came: %+v", later[0])
	}
}

func TestStepsComeAsTheyHappen(t *testing.T) {
	steps := NewSteps()
	server := httptest.NewServer(steps)
	defer server.Close()
	seen := make(chan []Step)
	go func() { seen <- read(t, server, "?since=0", "", 2) }()
	visit(t, steps, "/first", "document", http.MethodGet, http.StatusOK)
	visit(t, steps, "/second", "document", http.MethodGet, http.StatusOK)
	if got := <-seen; got[0].Path != "/first" || got[1].Path != "/second" {
		t.Errorf("got %+v", got)
	}
}

func TestStepsOfADroppedConnectionAreKept(t *testing.T) {
	steps := NewSteps()
	func() {
		defer func() { _ = recover() }()
		handler := steps.Record(Kakao, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/v2/user/me", nil))
	}()
	if kept, _ := steps.since(0, 0); len(kept) != 1 {
		t.Errorf("got %+v", kept)
	}
}

func TestStepsAreBounded(t *testing.T) {
	steps := NewSteps()
	for range stepsKept + 10 {
		visit(t, steps, "/", "document", http.MethodGet, http.StatusOK)
	}
	if kept, _ := steps.since(0, 0); len(kept) > stepsKept || kept[len(kept)-1].Number != stepsKept+10 {
		t.Errorf("%d steps, the last is %d", len(kept), kept[len(kept)-1].Number)
	}
}

func TestStreamsEndWithTheRecord(t *testing.T) {
	steps := NewSteps()
	steps.End()
	steps.End()
	w := httptest.NewRecorder()
	steps.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/steps?since=0", nil))
	if w.Code != http.StatusOK {
		t.Errorf("got %d", w.Code)
	}
	w = httptest.NewRecorder()
	steps.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/steps", nil))
	if w.Code != http.StatusBadRequest {
		t.Errorf("without since: got %d", w.Code)
	}
}

func TestExplorerHasEveryCallWithItsGroup(t *testing.T) {
	groups := map[string]int{}
	for _, c := range explorerCalls() {
		groups[c.Group]++
		for _, p := range c.Params {
			if p.Type == "" {
				t.Errorf("%s %s has no type", c.URL, p.Name)
			}
		}
	}
	for group, n := range map[string]int{"login": 14, "talk": 12, "share": 6, "story": 10} {
		if groups[group] != n {
			t.Errorf("%d calls of %s, want %d", groups[group], group, n)
		}
	}
}
