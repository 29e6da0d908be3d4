//go:build js

package main

import (
	"strings"
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
	rules "github.com/kakaowasm/kakaowasm/sdk"
)

// sdk is the SDK of a page. It is made once, and lives from each Kakao.init to the
// Kakao.cleanup after it.
type sdk struct {
	host     js.Value
	appKey   string
	agent    string
	platform kakao.Platform
	server   string // the token server's base address, without a trailing slash
	page     page
	tokens   *tokenStore
	renewal  *renewal      // the renewal under way, if any
	restored chan struct{} // closed when what init began is done; nil if nothing
	ended    chan struct{} // closed by the next Kakao.cleanup
	auth     chan struct{} // closed by the next Auth.cleanup, or Kakao.cleanup
	api      chan struct{} // closed by the next API.cleanup, or Kakao.cleanup
	// loggingOut is closed when the last logout is done; nil if there was none.
	loggingOut chan struct{}
	logouts    int           // under way
	window     *window       // the last popup
	polling    chan struct{} // closed when the polling of Auth.authorize is dropped; nil if there is none
	address    *addressWindow
}

// page is what the SDK needs to know of the page.
type page struct {
	origin  string
	href    string // without the fragment
	browser rules.Browser
}

func newSDK(host js.Value) *sdk {
	return &sdk{
		host: host, tokens: &tokenStore{},
		ended: make(chan struct{}), auth: make(chan struct{}), api: make(chan struct{}),
	}
}

// isClosed reports whether c is closed: for sdk.ended, auth and api, whether the
// page has called cleanup.
func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// options are what Kakao.init takes beside the app key, or what the script tag
// says where init does not.
type options struct {
	// Server is the address of the token server: absolute, or a path on the
	// page's own origin.
	Server string `js:"server"`
	// AuthHost and APIHost are the origins of the platform.
	AuthHost string `js:"authHost"`
	APIHost  string `js:"apiHost"`
	// ExtraKey goes into the agent string.
	ExtraKey string `js:"extraKey"`
	// Lang and Device describe the browser.
	Lang   string `js:"lang"`
	Device string `js:"device"`
	// Origin, Href and UserAgent describe the page.
	Origin    string `js:"origin"`
	Href      string `js:"href"`
	UserAgent string `js:"userAgent"`
	// LegacyKey is where the legacy SDK kept this app's token.
	LegacyKey string `js:"legacyKey"`
	// TouchPoints is the number of fingers that the screen feels.
	TouchPoints int `js:"touchPoints"`
}

func (s *sdk) callInit(call js.Value) any {
	var o options
	bound := call.Get("options")
	defer jsbridge.Release(bound)
	// The rules of Kakao.init have let nothing through that does not fit.
	_ = jsbridge.Bind(bound, &o)
	for _, address := range []struct {
		option string
		value  *string
	}{
		{"server", &o.Server}, {"authHost", &o.AuthHost}, {"apiHost", &o.APIHost},
	} {
		full, ok := secureAddress(*address.value, o.Origin)
		if !ok {
			s.raise(insecureOption(address.option))
			return nil
		}
		*address.value = full
	}
	s.appKey = jsbridge.Text(call, "appKey")
	s.page = page{o.Origin, o.Href, rules.ParseBrowser(o.UserAgent, o.TouchPoints)}
	s.server = o.Server
	s.platform = kakao.Platform{Auth: o.AuthHost, API: o.APIHost}
	s.agent = rules.Agent(o.Lang, o.Device, o.Origin, o.ExtraKey)
	s.renewal = nil
	s.tokens.legacyKey = o.LegacyKey
	s.tokens.open(s)
	s.restore(s.settler(call, s.auth))
	return nil
}

// callCleanup ends what runs in the background. The token stays where it is.
func (s *sdk) callCleanup(js.Value) any {
	s.callAuthCleanup(js.Undefined())
	s.callAPICleanup(js.Undefined())
	endLife(&s.ended)
	s.tokens.close()
	s.appKey = "null" // what the legacy SDK sends from then on
	return nil
}

// callAuthCleanup ends the logins, logouts and windows under way; the page does
// not hear of them any more.
func (s *sdk) callAuthCleanup(js.Value) any {
	endLife(&s.auth)
	if s.logouts > 0 {
		s.tokens.set(nil, tokenRemoved) // nobody is left to do it after the answer
	}
	s.dropPolling()
	s.closeWindow(s.window)
	return nil
}

// callAPICleanup ends the requests under way; the page does not hear of them any
// more.
func (s *sdk) callAPICleanup(js.Value) any {
	endLife(&s.api)
	return nil
}

// endLife closes life and begins another, for calls that come after a cleanup,
// as in the legacy SDK.
func endLife(life *chan struct{}) {
	close(*life)
	*life = make(chan struct{})
}

// secureAddress returns address in full, without a trailing slash, if codes and
// tokens may go there: over TLS, to this machine, or to the page's own origin.
func secureAddress(address, origin string) (string, bool) {
	url, err := jsbridge.New(jsbridge.Global("URL"), address, origin)
	if err != nil {
		return "", false
	}
	defer jsbridge.Release(url)
	if jsbridge.Text(url, "username") != "" || jsbridge.Text(url, "password") != "" {
		return "", false
	}
	secure := jsbridge.Text(url, "origin") == origin
	switch jsbridge.Text(url, "protocol") {
	case "https:":
		secure = true
	case "http:":
		host := jsbridge.Text(url, "hostname")
		secure = secure || host == "localhost" || host == "127.0.0.1" || host == "[::1]"
	}
	return strings.TrimSuffix(jsbridge.Text(url, "href"), "/"), secure
}

func insecureOption(option string) *kakao.ParamError {
	return &kakao.ParamError{
		Message: "Kakao.init: " + option + " must be an https address, a path, or on this machine",
		Code:    kakao.CodeIllegal,
		Param:   option,
		Hint:    "use https, or http only with localhost or 127.0.0.1",
	}
}
