package main

import (
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
)

//go:embed older
var olderFiles embed.FS

// olderServer plays a token server one version older: its relay page is in the
// folder older, it knows no POST /begin, and GET /session tells one thing only.
func (h *harness) olderServer() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/kakao/", h.tokens)
	mux.HandleFunc("GET /kakao"+contract.PathCallback, h.olderRelay)
	mux.HandleFunc("GET /kakao"+contract.PathCallbackScript, func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, olderFiles, "older/callback.js")
	})
	mux.Handle("POST /kakao"+contract.PathBegin, http.NotFoundHandler())
	mux.HandleFunc("GET /kakao"+contract.PathSession, h.olderSession)
	return mux
}

func (h *harness) olderRelay(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	page := template.Must(template.ParseFS(olderFiles, "older/callback.html"))
	_ = page.Execute(w, map[string]string{"Base": h.server, "Origins": strings.Join(h.origins, " ")})
}

func (h *harness) olderSession(w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	h.tokens.ServeHTTP(answer, r)
	var session struct {
		Authenticated bool `json:"authenticated"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &session); err != nil {
		panic(err) // the token server answers every GET with JSON
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_ = json.NewEncoder(w).Encode(session)
}
