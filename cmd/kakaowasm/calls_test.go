package main

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// firstLines stops a run once some lines were printed.
type firstLines struct {
	mu   sync.Mutex
	text bytes.Buffer
	want int
	stop context.CancelFunc
}

func (l *firstLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.text.Write(p)
	if strings.Count(l.text.String(), "\n") >= l.want {
		l.stop()
	}
	return n, err
}

func TestCallsAreShownInTheTerminal(t *testing.T) {
	p := emulator.Start(t)
	ask := func(path string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer hush-hush")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
	}
	ask("/v2/user/me")
	ask("/.well-known/jwks.json")
	ask("/oauth/authorize?response_type=code&client_id=" + emulator.DemoRESTAPIKey + "&redirect_uri=http://127.0.0.1:1/not-registered")
	var out bytes.Buffer
	if err := (&CallsCmd{URL: p.URL}).print(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 3 || !strings.HasSuffix(lines[2], "KOE006") || !strings.Contains(lines[0], "GET    401  /v2/user/me") || !strings.HasSuffix(lines[0], "-401") ||
		!strings.Contains(lines[1], "GET    200  /.well-known/jwks.json") || strings.Contains(out.String(), "hush") {
		t.Errorf("got\n%s", out.String())
	}

	ctx, stop := context.WithCancel(t.Context())
	followed := &firstLines{want: 3, stop: stop}
	done := make(chan error)
	go func() { done <- (&CallsCmd{URL: p.URL + "/", Follow: true, Path: "/v2/user/me"}).print(ctx, followed) }()
	ask("/v2/user/me")
	ask("/.well-known/jwks.json")
	ask("/v2/user/me")
	if err := <-done; err != nil || strings.Contains(followed.text.String(), "jwks") {
		t.Errorf("%v, printed\n%s", err, followed.text.String())
	}
}

func TestCallsSayWhereTheyLooked(t *testing.T) {
	for _, c := range []struct{ url, want string }{
		{"http://127.0.0.1:1", "no emulator answers at http://127.0.0.1:1"},
		{"nothing", "no emulator answers at nothing"},
	} {
		err := (&CallsCmd{URL: c.url}).print(t.Context(), new(bytes.Buffer))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// A console that is open somewhere does not keep the program from ending.
func TestTheEndOfAnEmulatorEndsWhoFollows(t *testing.T) {
	p := emulator.Start(t)
	done := make(chan error)
	go func() { done <- (&CallsCmd{URL: p.URL, Follow: true}).print(t.Context(), new(bytes.Buffer)) }()
	p.EndStreams()
	if err := <-done; err == nil || !strings.Contains(err.Error(), "has ended") {
		t.Errorf("got %v", err)
	}
}
