package recorder_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/kakaowasm/kakaowasm/internal/recorder"
)

func TestWhatPassesThroughIsRemembered(t *testing.T) {
	tests := []struct {
		name       string
		answer     http.HandlerFunc
		status     int
		body, sent string
	}{
		{"a status and a body", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusTeapot)
			_, _ = io.WriteString(w, "short")
		}, http.StatusTeapot, "short", "short"},
		{"a body alone", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "a") }, http.StatusOK, "a", "a"},
		{"a long body", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "1234567")
			_, _ = io.WriteString(w, "890")
		}, http.StatusOK, "12345678", "1234567890"},
		{"a hint, then the answer", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusNotFound)
		}, http.StatusNotFound, "", ""},
		{"nothing", func(http.ResponseWriter, *http.Request) {}, 0, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sent := httptest.NewRecorder()
			response := &recorder.Response{ResponseWriter: sent, Limit: 8}
			tt.answer(response, httptest.NewRequest(http.MethodGet, "/", nil))
			if response.Status() != tt.status || string(response.Body()) != tt.body || sent.Body.String() != tt.sent {
				t.Errorf("%d %q, sent %q", response.Status(), response.Body(), sent.Body)
			}
			if err := http.NewResponseController(response).Flush(); err != nil {
				t.Errorf("cannot be flushed: %v", err)
			}
		})
	}
}
