package server

import (
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

const shopOrigin = "https://shop.example.com"

var beginRandom = strings.Repeat("A", 43)

// begins is the beacon of a page of that origin.
func (h *harness) begins(origin, state, returnTo string) *http.Request {
	r := h.request("POST", contract.PathBegin, url.Values{contract.BeginState: {state}, contract.BeginReturnTo: {returnTo}}.Encode())
	r.Header.Del(contract.PageHeader)
	r.Header.Set("Origin", origin)
	r.Header.Set("Sec-Fetch-Site", "same-site")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
	return r
}

func TestBeginNotesALoginForTheRelayPage(t *testing.T) {
	h := newHarness(t, withShop)
	page := shopOrigin + "/cart?x=[1]"
	res := h.send(h.begins(shopOrigin, "r."+beginRandom+".x", page))
	if res.StatusCode != http.StatusNoContent || len(res.Cookies()) != 1 {
		t.Fatalf("%d with %v", res.StatusCode, res.Cookies())
	}
	got := res.Cookies()[0]
	want := beginRandom + "." + base64.RawURLEncoding.EncodeToString([]byte(page))
	if got.Value != want || got.Name != h.begun.Name+"_AAAAAAAA" || got.HttpOnly || !got.Secure || got.Path != "/" ||
		got.SameSite != http.SameSiteLaxMode || got.MaxAge > 600 || !strings.HasPrefix(got.Name, hostPrefix) {
		t.Errorf("cookie %+v", got)
	}
}

// Nobody but a page of an allowed origin can have a login noted, and only for
// pages of its own origin.
func TestBeginIsForPagesAlone(t *testing.T) {
	h := newHarness(t, withShop)
	state := "r." + beginRandom + ".x"
	good := h.begins(shopOrigin, state, shopOrigin+"/")
	for name, change := range forgeries {
		if strings.Contains(name, "of the page itself") || strings.Contains(name, "on the page itself") || strings.HasPrefix(name, "the header") && !strings.Contains(name, "another site") {
			continue // what a beacon of the page is
		}
		r := good.Clone(t.Context())
		maps.Copy(r.Header, change)
		maps.DeleteFunc(r.Header, func(_ string, values []string) bool { return values == nil })
		if res := h.send(r); res.StatusCode != http.StatusForbidden && res.StatusCode != http.StatusBadRequest || len(res.Cookies()) != 0 {
			t.Errorf("%s: %d with %v", name, res.StatusCode, res.Cookies())
		}
	}
	for name, r := range map[string]*http.Request{
		"another origin's page":     h.begins(shopOrigin, state, testOrigin+"/kakao/logout/account"),
		"a host that begins alike":  h.begins(shopOrigin, state, shopOrigin+".evil.example/"),
		"a user in the address":     h.begins(shopOrigin, state, shopOrigin+"@evil.example/"),
		"a port":                    h.begins(shopOrigin, state, shopOrigin+":81/"),
		"white space":               h.begins(shopOrigin, state, shopOrigin+"/a b"),
		"no address":                h.begins(shopOrigin, state, ""),
		"a long address":            h.begins(shopOrigin, state, shopOrigin+"/"+strings.Repeat("x", 1024)),
		"a state of nobody":         h.begins(shopOrigin, "r.short.x", shopOrigin+"/"),
		"another flow":              h.begins(shopOrigin, "x."+beginRandom, shopOrigin+"/"),
		"a state with a semicolon":  h.begins(shopOrigin, "r."+beginRandom+";.x", shopOrigin+"/"),
		"a body that is no form":    h.begins(shopOrigin, "%", "\x00"),
		"an origin of its own name": h.begins("", state, shopOrigin+"/"),
	} {
		if res := h.send(r); res.StatusCode != http.StatusBadRequest && res.StatusCode != http.StatusForbidden || len(res.Cookies()) != 0 {
			t.Errorf("%s: %d with %v", name, res.StatusCode, res.Cookies())
		}
	}
}

func TestReturnAddressesAreOfAllowedOrigins(t *testing.T) {
	for _, addresses := range [][]string{
		{"https://evil.example/"},
		{testOrigin + "/x"},
		{shopOrigin + "/#x"},
		{shopOrigin + ".evil.example/"},
		{""},
		{shopOrigin + "/a", shopOrigin + "/b"},
		{shopOrigin + "/a b"},
		{"javascript:alert(1)"},
	} {
		c := newHarness(t, withShop).cfg
		c.ReturnAddresses = addresses
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "ReturnAddresses") {
			t.Errorf("%q: %v", addresses, err)
		}
	}
	h := newHarness(t, withShop, func(c *Config) { c.ReturnAddresses = []string{shopOrigin + "/login?x=1"} })
	res := h.send(h.request("GET", contract.PathCallback, ""))
	if body, _ := io.ReadAll(res.Body); !strings.Contains(string(body), "https://shop.example.com/login?x=1") {
		t.Errorf("the relay page does not know it: %s", body)
	}
}
