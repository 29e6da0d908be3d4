package emulator_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

func TestFaultsAnswerInPlaceOfThePlatform(t *testing.T) {
	const origin = "http://shop.example"
	tests := []struct {
		name         string
		fault        emulator.Fault
		method, path string
		want         string
		challenge    string
	}{
		{"the REST API", emulator.Fault{Path: pathMe, Status: 400}, http.MethodGet, pathMe, `"code":-1`, ""},
		{"the REST API, 401", emulator.Fault{Path: "/v2/*", Status: 401}, http.MethodGet, pathMe, `"code":-1`, `Bearer error="invalid_token"`},
		{"the authorization server", emulator.Fault{Path: kakao.PathToken, Status: 503}, http.MethodPost, kakao.PathToken, `"error":"server_error"`, ""},
		{"the key set", emulator.Fault{Path: kakao.PathJWKS, Status: 500}, http.MethodGet, kakao.PathJWKS, `"error_code":"KOE003"`, ""},
		{"a body of its own", emulator.Fault{Path: pathMe, Status: 429, Body: `{"code":-10}`}, http.MethodGet, pathMe, `{"code":-10}`, ""},
	}
	p := start(t, func(c *emulator.Config) { c.Apps[0].SiteDomains = []string{origin} })
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			defer p.ClearFaults()
			p.inject(tt.fault)
			got := p.call(tt.method, tt.path, "Bearer x", nil, "Origin", origin)
			if got.status != tt.fault.Status || !strings.Contains(got.raw, tt.want) || got.header.Get("WWW-Authenticate") != tt.challenge {
				t.Errorf("got %d %s %v", got.status, got.raw, got.header)
			}
			if got.header.Get("Access-Control-Allow-Origin") != origin {
				t.Error("pages cannot read it")
			}
		})
	}
}

func TestFaultsAreUsedUpInTheirOrder(t *testing.T) {
	p := start(t)
	p.inject(emulator.Fault{Path: pathMe, Status: 501, Times: 2})
	p.inject(emulator.Fault{Path: "/v2/*", Status: 502, Times: 1})
	var got []int
	for range 4 {
		// A preflight is none of the requests that are to fail.
		preflight := p.call(http.MethodOptions, pathMe, "", nil, "Origin", "http://shop.example", "Access-Control-Request-Method", "GET")
		if preflight.status != http.StatusNoContent {
			t.Errorf("preflight: %d", preflight.status)
		}
		got = append(got, p.call(http.MethodGet, pathMe, "Bearer x", nil).status)
	}
	if diff := cmp.Diff([]int{501, 501, 502, 401}, got); diff != "" {
		t.Error(diff)
	}
	p.inject(emulator.Fault{Path: pathMe, Status: 501, Times: 3})
	p.call(http.MethodGet, pathMe, "Bearer x", nil)
	if left := p.Faults(); len(left) != 1 || left[0].Times != 2 || left[0].ID == 0 {
		t.Errorf("got %+v", left)
	}
	p.ClearFaults()
	if left := p.Faults(); len(left) != 0 {
		t.Errorf("got %+v", left)
	}
}

func TestFaultsThatCannotBe(t *testing.T) {
	p := start(t)
	for want, fault := range map[string]emulator.Fault{
		"path: \"v2\" must begin with a slash": {Path: "v2", Drop: true},
		"may have a star at its end only":      {Path: "/v2/*/me", Drop: true},
		"times: must be 0":                     {Path: "/", Drop: true, Times: -1},
		"delay: must not be negative":          {Path: "/", Delay: -1},
		"status: 99 is not":                    {Path: "/", Status: 99},
		"status: is required with a body":      {Path: "/", Body: "{}"},
		"set one of delay, drop":               {Path: "/", Times: 1},
	} {
		if _, err := p.Inject(fault); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if left := p.Faults(); len(left) != 0 {
		t.Errorf("got %+v", left)
	}
}

func TestADelayComesBeforeTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, err := emulator.New(emulator.Default("http://127.0.0.1:8481"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Inject(emulator.Fault{Path: pathMe, Delay: emulator.Duration(time.Minute)}); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if got := serve(t, e, http.MethodGet, pathMe, "", ""); got.Code != http.StatusUnauthorized || time.Since(began) != time.Minute {
			t.Errorf("got %d after %v", got.Code, time.Since(began))
		}

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		defer func() {
			if aborted, _ := recover().(error); !errors.Is(aborted, http.ErrAbortHandler) || time.Since(began) != time.Minute+time.Second {
				t.Errorf("who waits no longer: %v after %v", aborted, time.Since(began))
			}
			if calls := e.Calls(""); calls[len(calls)-1].Status != 0 {
				t.Errorf("got %v", calls)
			}
		}()
		e.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:8481"+pathMe, nil))
	})
}

func TestADelayEndsWhenTheClientIsGone(t *testing.T) {
	p := start(t)
	p.inject(emulator.Fault{Path: "/oauth/token", Delay: emulator.Duration(time.Hour), Times: 1})
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/oauth/token", strings.NewReader("grant_type=refresh_token"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	gone := make(chan error, 1)
	go func() {
		response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
		if err == nil {
			_ = response.Body.Close()
		}
		gone <- err
	}()
	for len(p.Faults()) > 0 { // until the request waits
		runtime.Gosched()
	}
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	// The end of the test closes the server, which waits for every request.
}

func TestCallsThatAFaultAnsweredAreRememberedWithTheirForm(t *testing.T) {
	p := start(t)
	p.inject(emulator.Fault{Path: kakao.PathToken, Status: http.StatusServiceUnavailable})
	p.refresh("old")
	p.post(kakao.PathToken, "application/json", `{"grant_type":"refresh_token"}`)
	var got []url.Values
	for _, call := range p.Calls(kakao.PathToken) {
		got = append(got, call.Form)
	}
	want := []url.Values{{
		"grant_type": {"refresh_token"}, "refresh_token": {"old"},
		"client_id": {emulator.DemoRESTAPIKey}, "client_secret": {emulator.DemoClientSecret},
	}, {}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestADelayMayBeLongerThanAnAnswerMayTake(t *testing.T) {
	e, err := emulator.New(emulator.Default("http://127.0.0.1:8481"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Inject(emulator.Fault{Path: kakao.PathJWKS, Delay: emulator.Duration(200 * time.Millisecond)}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(e)
	server.Config.WriteTimeout = 100 * time.Millisecond
	server.Start()
	defer server.Close()
	answer, err := server.Client().Get(server.URL + kakao.PathJWKS)
	if err != nil {
		t.Fatalf("the connection was dropped: %v", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("got %d", answer.StatusCode)
	}
}
