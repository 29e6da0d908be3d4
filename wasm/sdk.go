//go:build js

package main

import (
	"strings"
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
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
	ended    chan struct{} // closed by the next cleanup
	// loggingOut is closed when the last logout is done; nil if there was none.
	loggingOut chan struct{}
}

// page is what the SDK needs to know of the page.
type page struct {
	origin    string
	href      string // without the fragment
	userAgent string
}

func newSDK(host js.Value) *sdk {
	return &sdk{host: host, ended: make(chan struct{}), tokens: &tokenStore{}}
}

// isClosed reports whether c is closed: for sdk.ended, whether the page has
// called cleanup.
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
	s.page = page{o.Origin, o.Href, o.UserAgent}
	s.server = o.Server
	s.platform = kakao.Platform{Auth: o.AuthHost, API: o.APIHost}
	s.agent = kakao.Agent(o.Lang, o.Device, o.Origin, o.ExtraKey)
	s.renewal = nil
	s.tokens.open(s)
	s.restore(s.settler(call))
	return nil
}

// callCleanup ends what runs in the background. The token stays where it is.
func (s *sdk) callCleanup(js.Value) any {
	close(s.ended)
	s.ended = make(chan struct{}) // for calls that come after it, as in the legacy SDK
	s.tokens.close()
	s.appKey = "null" // what the legacy SDK sends from then on
	return nil
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
