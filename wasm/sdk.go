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
	ended    chan struct{} // closed by cleanup
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
	for _, address := range []struct{ option, value string }{
		{"server", o.Server}, {"authHost", o.AuthHost}, {"apiHost", o.APIHost},
	} {
		if !secureAddress(address.value, o.Origin) {
			s.raise(insecureOption(address.option))
			return nil
		}
	}
	s.appKey = jsbridge.Text(call, "appKey")
	s.page = page{o.Origin, o.Href, o.UserAgent}
	s.server = strings.TrimSuffix(absolute(o.Server, o.Origin), "/")
	s.platform = kakao.Platform{
		Auth: strings.TrimSuffix(o.AuthHost, "/"),
		API:  strings.TrimSuffix(o.APIHost, "/"),
	}
	s.agent = kakao.Agent(o.Lang, o.Device, o.Origin, o.ExtraKey)
	s.ended = make(chan struct{})
	s.renewal = nil
	s.tokens.open(s)
	s.restore(settler(call))
	return nil
}

// callCleanup ends what runs in the background. The token stays where it is.
func (s *sdk) callCleanup(js.Value) any {
	close(s.ended)
	s.tokens.close()
	s.appKey = "null" // what the legacy SDK sends from then on
	return nil
}

// absolute makes a path of the page's origin an address.
func absolute(address, origin string) string {
	if strings.HasPrefix(address, "/") {
		return origin + address
	}
	return address
}

// secureAddress reports whether codes and tokens may go to address: over TLS,
// to this machine, or to the page's own origin.
func secureAddress(address, origin string) bool {
	if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") {
		return true
	}
	if address == origin || strings.HasPrefix(address, origin+"/") {
		return true
	}
	host, ok := strings.CutPrefix(address, "http://")
	if !ok {
		return false
	}
	host, _, _ = strings.Cut(host, "/")
	host, _, _ = strings.Cut(host, ":")
	return host == "localhost" || host == "127.0.0.1"
}

func insecureOption(option string) *kakao.ParamError {
	return &kakao.ParamError{
		Message: "Kakao.init: " + option + " must be an https address, a path, or on this machine",
		Code:    kakao.CodeIllegal,
		Param:   option,
		Hint:    "use https, or http only with localhost or 127.0.0.1",
	}
}
