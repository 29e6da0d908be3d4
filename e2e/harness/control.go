package main

import (
	"encoding/json"
	"net/http"
)

// control serves POST /<action>, which breaks or mends a part, and GET /counts.
func (h *harness) control() http.Handler {
	actions := map[string]func(){
		"expire-access-tokens":  h.emulator.ExpireAccessTokens,
		"expire-refresh-tokens": h.emulator.ExpireRefreshTokens,
		"api-down":              func() { h.emulator.SetAPIDown(true) },
		"api-up":                func() { h.emulator.SetAPIDown(false) },
		"auth-down":             func() { h.emulator.SetAuthDown(true) },
		"auth-up":               func() { h.emulator.SetAuthDown(false) },
		"server-down":           func() { h.down.Store(true) },
		"server-up":             func() { h.down.Store(false) },
		"reset": func() {
			h.emulator.Reset()
			h.emulator.SetAPIDown(false)
			h.emulator.SetAuthDown(false)
			h.down.Store(false)
			h.refreshes.Store(0)
		},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{action}", func(w http.ResponseWriter, r *http.Request) {
		act, ok := actions[r.PathValue("action")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		act()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /counts", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]int64{
			"refreshRequests": h.refreshes.Load(),
			"exchanges":       int64(h.emulator.Count("authorization_code")),
			"refreshes":       int64(h.emulator.Count("refresh_token")),
		})
	})
	return mux
}
