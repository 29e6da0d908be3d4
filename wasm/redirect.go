//go:build js

package main

import (
	"strings"
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// Where a redirect's secrets and return address wait in sessionStorage, each
// under its state, and where the relay page leaves its answer: beside them if
// it shares the page's origin, in the fragment of the page's address if not.
const (
	redirectKey    = "kakaowasm:redirect:"
	returnKey      = "kakaowasm:return:"
	resultKey      = "kakaowasm:result:"
	resultFragment = "#kakaowasm="
)

var errNoStorage = &kakao.OAuthError{
	Code:        "storage_forbidden",
	Description: "The browser keeps nothing for this page, so that a redirect could not be completed. Use Auth.login.",
}

// beginRedirect makes a flow that leads this window to the consent page and
// back, and its request. It returns false where nothing could be kept for the
// return.
func (s *sdk) beginRedirect(in authSettings) (*flow, kakao.AuthorizeRequest, bool) {
	location := jsbridge.Global("location")
	defer jsbridge.Release(location)
	href := jsbridge.Text(location, "href")
	address, fragment, _ := strings.Cut(href, "#")
	returnTo := address
	if s.relayIsOurs() {
		// The relay finds the address here, and Kakao need not see it.
		returnTo = s.page.origin + "/"
	}
	f, request := s.begin(kakao.RedirectFlow, returnTo, in)
	openid := ""
	if f.openid {
		openid = "openid"
	}
	secrets := strings.Join([]string{f.verifier, openid, fragment, f.nonce}, " ")
	kept := jsbridge.Session.Save(redirectKey+f.state, secrets) && jsbridge.Session.Save(returnKey+f.state, href)
	return f, request, kept
}

// relayIsOurs reports whether the relay page shares the page's origin, and with
// it the sessionStorage.
func (s *sdk) relayIsOurs() bool { return originOf(s.server) == s.page.origin }

// restore goes on with what an earlier page of this tab left: the answer to a
// redirect, or a login whose token went with the page.
func (s *sdk) restore(settle settler) {
	f, answer := s.returned()
	held, ok := jsbridge.Session.Load(s.tokens.heldKey())
	if f == nil && (!ok || s.tokens.get() != nil) {
		s.restored = nil
		return
	}
	restored := make(chan struct{})
	s.restored = restored
	go func() {
		defer close(restored)
		if f == nil {
			s.restoreHeld(held)
			return
		}
		defer jsbridge.Release(answer)
		settle.tell(s.complete(f, answer))
	}()
}

// restoreHeld gets the token again, from the token server's session alone.
func (s *sdk) restoreHeld(held string) {
	if s.renew(nil) != nil || s.tokens.current == nil || held != heldToPersist {
		return
	}
	t := *s.tokens.current
	t.persist = true
	s.tokens.set(&t, tokenRenewed)
}

// returned takes the relay's answer, with the flow that it belongs to, and
// forgets those of flows that were given up.
func (s *sdk) returned() (*flow, js.Value) {
	text, ok := s.takeFragment()
	for _, key := range jsbridge.Session.Keys(resultKey) {
		if !ok {
			text, ok = jsbridge.Session.Load(key)
		}
		jsbridge.Session.Remove(key)
	}
	if !ok {
		return nil, js.Undefined()
	}
	answer, err := jsbridge.Call(jsbridge.Global("JSON"), "parse", text)
	if err != nil || answer.Type() != js.TypeObject {
		return nil, js.Undefined()
	}
	f := s.takeFlow(jsbridge.Text(answer, "state"))
	if f == nil {
		jsbridge.Release(answer)
		return nil, js.Undefined()
	}
	return f, answer
}

// dropFlow forgets a flow whose answer came another way than by the relay.
func (s *sdk) dropFlow(state string) {
	jsbridge.Session.Remove(redirectKey + state)
	jsbridge.Session.Remove(returnKey + state)
}

// takeFlow reads the secrets of the flow of that state, and removes all.
func (s *sdk) takeFlow(state string) *flow {
	saved, ok := jsbridge.Session.Load(redirectKey + state)
	for _, key := range append(jsbridge.Session.Keys(redirectKey), jsbridge.Session.Keys(returnKey)...) {
		jsbridge.Session.Remove(key)
	}
	parts := strings.SplitN(saved, " ", 4) // the nonce may be the page's, with spaces
	if !ok || len(parts) != 4 {
		return nil
	}
	if parts[2] != "" && !s.relayIsOurs() {
		s.replaceAddress(s.page.href + "#" + parts[2])
	}
	return &flow{
		state: state, verifier: parts[0], openid: parts[1] != "", nonce: parts[3],
		persist: true, ended: s.auth,
	}
}

// takeFragment removes the relay's answer from the address bar and the history,
// and returns it.
func (s *sdk) takeFragment() (string, bool) {
	location := jsbridge.Global("location")
	defer jsbridge.Release(location)
	encoded, ok := strings.CutPrefix(jsbridge.Text(location, "hash"), resultFragment)
	if !ok {
		return "", false
	}
	s.replaceAddress(s.page.href)
	decoded, err := jsbridge.Call(js.Global(), "decodeURIComponent", encoded)
	if err != nil {
		return "", false
	}
	defer jsbridge.Release(decoded)
	return decoded.String(), true
}

func (s *sdk) replaceAddress(address string) {
	history := jsbridge.Global("history")
	defer jsbridge.Release(history)
	state := history.Get("state")
	defer jsbridge.Release(state)
	_, _ = jsbridge.Call(history, "replaceState", state, "", address)
}
