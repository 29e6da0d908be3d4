package main

import (
	"encoding/json"
	"maps"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/server/store/redis/redistest"
)

// liveSite starts a token server behind a reverse proxy that names its clients, and
// returns its public URL and its address.
func liveSite(t *testing.T, args ...string) (s *site, publicURL, addr string) {
	t.Helper()
	var target atomic.Pointer[url.URL]
	front := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target.Load())
		r.SetXForwarded()
		r.Out.Host = r.In.Host
	}})
	t.Cleanup(front.Close)
	s = newSite(t)
	publicURL = front.URL + "/kakao"
	s.kakao.AllowRedirect(publicURL + "/callback")
	s.args = []string{"--addr=127.0.0.1:0", "--public-url=" + publicURL, "--auth-origin=" + s.kakao.URL, "--trusted-proxy=127.0.0.1"}
	running := s.start(args...)
	target.Store(originOf(running))
	return s, publicURL, originOf(running).Host
}

// verdicts are the verdicts of a report, by check; a check of several findings has
// its worst.
func verdicts(t *testing.T, report string) map[string]string {
	t.Helper()
	var read reportJSON
	if err := json.Unmarshal([]byte(report), &read); err != nil {
		t.Fatalf("%v:\n%s", err, report)
	}
	order := map[string]int{"": 0, "ok": 1, "skipped": 2, "warning": 3, "failure": 4}
	worst := map[string]string{}
	for _, f := range read.Findings {
		if name := string(f.Check); order[f.Verdict] > order[worst[name]] {
			worst[name] = f.Verdict
		}
	}
	return worst
}

// The program examines another process of itself, through a proxy and with a real
// Redis, which then goes away.
func TestDoctorLooksAtTheRunningServer(t *testing.T) {
	redis := redistest.Start(t)
	s, publicURL, addr := liveSite(t, "--store="+redis.URL(), "--allowed-origin=https://shop.example.com", "--javascript-key="+emulator.DemoJavaScriptKey)
	environment := map[string]string{
		"KAKAO_REST_API_KEY": emulator.DemoRESTAPIKey, "KAKAO_JAVASCRIPT_KEY": emulator.DemoJavaScriptKey,
		"KAKAO_CLIENT_SECRET": emulator.DemoClientSecret, "KAKAO_AUTH_ORIGIN": s.kakao.URL,
		"KAKAOWASM_PUBLIC_URL": publicURL, "KAKAOWASM_ADDR": addr, "KAKAOWASM_STORE": redis.URL(),
	}
	live := []string{"store", "server", "tls", "cors", "cookie", "callback", "readiness", "proxy", "server-clock"}

	well := runDoctor(t, environment, "--live", "--json", "--allowed-origin", "http://127.0.0.1:3000")
	got := verdicts(t, well.stdout)
	if got["cors"] != "failure" || well.code != 1 {
		t.Errorf("an origin that the server does not allow: cors is %s, exit code %d", got["cors"], well.code)
	}
	got = verdicts(t, runDoctor(t, environment, "--live", "--json").stdout)
	for _, check := range live {
		if got[check] != "ok" {
			t.Errorf("%s is %q", check, got[check])
		}
	}

	mistaken := maps.Clone(environment)
	mistaken["KAKAOWASM_PUBLIC_URL"] = strings.TrimSuffix(publicURL, "kakao") + "kako"
	run := runDoctor(t, mistaken, "--live")
	if run.code != 1 || !strings.Contains(run.stdout, "the server is at "+publicURL+", not at ") {
		t.Errorf("another base path: exit code %d:\n%s", run.code, run.stdout)
	}

	redis.Kill()
	for _, args := range [][]string{{"--json"}, {"--json", "--live"}} {
		run = runDoctor(t, environment, args...)
		if got = verdicts(t, run.stdout); run.code != 1 || got["store"] != "failure" {
			t.Errorf("doctor %v without Redis: exit code %d, the store is %q", args, run.code, got["store"])
		}
	}
	if got["readiness"] != "failure" {
		t.Errorf("without Redis the readiness is %q", got["readiness"])
	}
	wanted := "로그인 저장소  접속할 수 없음"
	if run = runDoctor(t, environment, "--lang", "ko"); !strings.Contains(strings.Join(strings.Fields(run.stdout), " "), strings.Join(strings.Fields(wanted), " ")) {
		t.Errorf("without Redis, in Korean:\n%s", run.stdout)
	}
}

// A store that another program must not open is asked of its server only, and a
// password in the address of one is nowhere in the report.
func TestDoctorOpensSharedStoresOnly(t *testing.T) {
	p := emulator.Start(t)
	for name, tc := range map[string]struct{ store, verdict string }{
		"none":              {"", ""},
		"memory":            {"memory", ""},
		"a file":            {"bolt:" + t.TempDir() + "/sessions.db", ""},
		"Redis that is not": {"redis://user:the-password@127.0.0.1:1/0", "failure"},
		"PostgreSQL":        {"postgres://user:the-password@127.0.0.1:1/kakao", "failure"},
	} {
		t.Run(name, func(t *testing.T) {
			run := runDoctor(t, map[string]string{
				"KAKAO_REST_API_KEY": emulator.DemoRESTAPIKey, "KAKAO_JAVASCRIPT_KEY": emulator.DemoJavaScriptKey,
				"KAKAO_AUTH_ORIGIN": p.URL, "KAKAOWASM_STORE": tc.store,
			}, "--json")
			if got := verdicts(t, run.stdout)["store"]; got != tc.verdict || strings.Contains(run.stdout+run.complain, "the-password") {
				t.Errorf("the store is %q, want %q:\n%s%s", got, tc.verdict, run.stdout, run.complain)
			}
		})
	}
	run := runDoctor(t, map[string]string{"KAKAOWASM_STORE": "elsewhere:the-password"})
	if run.code != exitUsage || strings.Contains(run.complain, "the-password") || !strings.Contains(run.complain, "--store") {
		t.Errorf("a store that is none: exit code %d: %s", run.code, run.complain)
	}
}
