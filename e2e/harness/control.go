package main

import (
	"encoding/json"
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// control serves POST /<action>, which breaks or mends a part, and GET /counts.
func (h *harness) control() http.Handler {
	actions := map[string]func(){
		"expire-access-tokens":  h.emulator.ExpireAccessTokens,
		"expire-refresh-tokens": h.emulator.ExpireRefreshTokens,
		"api-down":              func() { h.drop("/v1/*", "/v2/*") },
		"auth-down":             func() { h.drop(kakao.PathToken, kakao.PathJWKS) },
		"kakao-up":              h.emulator.ClearFaults,
		"server-down":           func() { h.down.Store(true) },
		"server-up":             func() { h.down.Store(false) },
		"older-server":          func() { h.older.Store(true) },
		"opener-policy":         func() { h.policy.Store(true) },
		"reset": func() {
			h.emulator.Reset()
			h.down.Store(false)
			h.older.Store(false)
			h.policy.Store(false)
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

// drop makes the platform drop the connections of some paths.
func (h *harness) drop(paths ...string) {
	for _, path := range paths {
		if _, err := h.emulator.Inject(emulator.Fault{Path: path, Drop: true}); err != nil {
			panic(err) // the paths are constants
		}
	}
}
