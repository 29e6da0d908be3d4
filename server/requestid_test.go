package server

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

// requestIDForm is what the request IDs of answers look like.
var requestIDForm = regexp.MustCompile(`^[A-Za-z0-9._-]{8,128}$`)

// lines are the log lines of a harness.
func (h *harness) lines() []map[string]any {
	h.t.Helper()
	var lines []map[string]any
	for line := range strings.Lines(h.logs.String()) {
		var members map[string]any
		if err := json.Unmarshal([]byte(line), &members); err != nil {
			h.t.Fatalf("%q: %v", line, err)
		}
		lines = append(lines, members)
	}
	return lines
}

func TestEveryLineOfARequestHoldsItsID(t *testing.T) {
	synctest.Test(t, testEveryLineOfARequestHoldsItsID)
}

func testEveryLineOfARequestHoldsItsID(t *testing.T) {
	h := newHarness(t)
	h.kakao.on(pathTokenInfo, broken)
	h.kakao.on(callRefresh, func(context.Context, url.Values) (int, string, error) { panic("renewal") })
	want := map[string]int{}
	for _, test := range []struct {
		method, path, body string
		lines              int
	}{
		{"POST", "/token", tokenRequestBody(nil), 2}, // the user that is not known, and the request
		{"POST", "/refresh", "", 3},                  // the panic, the refusal, and the request
		{"POST", "/token", "", 2},
		{"GET", "/session", "", 1},
	} {
		id := h.send(h.request(test.method, test.path, test.body)).Header.Get("X-Request-Id")
		if len(id) < 20 || want[id] != 0 {
			t.Errorf("request ID %q", id)
		}
		want[id] = test.lines
	}
	got := map[string]int{}
	for _, line := range h.lines() {
		id, _ := line["request_id"].(string)
		got[id]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines by request ID (-want +got):\n%s\n%s", diff, h.logs.String())
	}
}

func TestARequestIDCountsFromTrustedProxiesOnly(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} })
	for name, test := range map[string]struct {
		peer string
		sent []string
		kept bool
	}{
		"a proxy's":                {"10.0.0.1", []string{"0a1b2c3d-request"}, true},
		"a client's":               {"192.0.2.1", []string{"0a1b2c3d-request"}, false},
		"two":                      {"10.0.0.1", []string{"0a1b2c3d", "0a1b2c3e"}, false},
		"too short":                {"10.0.0.1", []string{"1"}, false},
		"too long":                 {"10.0.0.1", []string{strings.Repeat("a", 129)}, false},
		"a line break":             {"10.0.0.1", []string{"0a1b2c3d\n{}"}, false},
		"markup":                   {"10.0.0.1", []string{"<script>x</script>"}, false},
		"letters of other scripts": {"10.0.0.1", []string{"요청요청요청요청"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := h.request("GET", "/session", "")
			r.RemoteAddr, r.Header["X-Request-Id"] = test.peer+":1", test.sent
			got := h.in(t).send(r).Header.Values("X-Request-Id")
			if len(got) != 1 || (got[0] == test.sent[0]) != test.kept || !requestIDForm.MatchString(got[0]) {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestTheBackEndKnowsTheRequestID(t *testing.T) {
	if id := RequestID(t.Context()); id != "" {
		t.Errorf("outside of a request: %q", id)
	}
	var seen string
	h := newHarness(t, func(c *Config) {
		c.ClientAddress = func(r *http.Request) string { seen = RequestID(r.Context()); return "" }
	})
	if res := h.send(h.request("GET", "/session", "")); seen == "" || seen != res.Header.Get("X-Request-Id") {
		t.Errorf("seen %q, answered %q", seen, res.Header.Get("X-Request-Id"))
	}
}
