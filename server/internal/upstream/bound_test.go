package upstream_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
	"github.com/kakaowasm/kakaowasm/server/internal/upstream"
)

// Answers that are larger than they look, never end, or lead elsewhere: each call ends
// with an error that holds nothing of the answer.
func TestAnswersHaveABound(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb(t))
		},
		"endless": func(w http.ResponseWriter, _ *http.Request) {
			for err := error(nil); err == nil; {
				_, err = io.WriteString(w, strings.Repeat(" ", 1<<16))
			}
		},
		"header": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Secret", strings.Repeat("hunter2", 100_000))
		},
		"nested": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("[", 1<<19)) },
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/hunter2", http.StatusTemporaryRedirect)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var asked []string
			kauth := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked = append(asked, r.URL.Path)
				answer(w, r)
			}))
			client, err := rest.New(rest.WithPlatform(kakao.Platform{Auth: kauth.URL, API: kauth.URL}), rest.WithTries(1), rest.WithHTTPClient(upstream.HTTPClient(&http.Client{}, nil)))
			if err != nil {
				t.Fatal(err)
			}
			_, err = client.IDTokenInfo(t.Context(), rest.IDTokenInfoRequest{IDToken: rest.NewIDToken("a.b.c")})
			kauth.Close()
			if err == nil || strings.Contains(err.Error(), "hunter2") || len(err.Error()) > 300 || len(asked) != 1 {
				t.Errorf("got %.300v; asked for %v", err, asked)
			}
			if tooLong := name == "header"; tooLong && !strings.Contains(err.Error(), "not readable HTTP") {
				t.Errorf("a header of 700 KB is read: %v", err)
			}
		})
	}
}

// bomb is 16 MB of zeros in 16 KB.
func bomb(t *testing.T) []byte {
	t.Helper()
	var packed bytes.Buffer
	w, zeros := gzip.NewWriter(&packed), make([]byte, 1<<20)
	for range 16 {
		if _, err := w.Write(zeros); err != nil {
			t.Error(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	return packed.Bytes()
}
