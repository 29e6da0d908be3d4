//go:build js

package main

import (
	"strings"
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// Where the secrets of a redirect wait for the return, and where the relay page
// leaves its answer: in sessionStorage if it shares the page's origin, in the
// fragment of the page's address if it does not.
const (
	redirectKey    = "kakaowasm:redirect"
	resultKey      = "kakaowasm:result:"
	resultFragment = "#kakaowasm="
)

// beginRedirect leads this window to the consent page and back.
func (s *sdk) beginRedirect(in authSettings) {
	in.PersistAccessToken = true // authorize has no such setting; login's default
	f, request := s.begin(kakao.RedirectFlow, s.page.href, in)
	jsbridge.Session.Save(redirectKey, f.state+" "+f.verifier+" "+f.nonce)
	s.navigate(request.URL(s.platform))
}

// restore goes on with what an earlier page of this tab left: the answer to a
// redirect, or a login whose token was not to be kept.
func (s *sdk) restore(settle func(ok bool, answer js.Value)) {
	f, answer := s.returned()
	held := false
	if f == nil && s.tokens.get() == nil {
		_, held = jsbridge.Session.Load(s.tokens.heldKey())
	}
	if f == nil && !held {
		s.restored = nil
		return
	}
	restored := make(chan struct{})
	s.restored = restored
	go func() {
		defer close(restored)
		if held {
			_ = s.renew(nil) // without a login, the page stays logged out
			return
		}
		defer jsbridge.Release(answer)
		if response, e := s.complete(f, answer); e != nil {
			settle(false, failure(e))
		} else {
			settle(true, response)
		}
	}()
}

// returned reads and removes a redirect's secrets and the relay's answer.
func (s *sdk) returned() (*flow, js.Value) {
	saved, ok := jsbridge.Session.Load(redirectKey)
	if !ok {
		return nil, js.Undefined()
	}
	parts := strings.Split(saved, " ")
	if len(parts) != 3 {
		jsbridge.Session.Remove(redirectKey)
		return nil, js.Undefined()
	}
	text, ok := jsbridge.Session.Load(resultKey + parts[0])
	if !ok {
		text, ok = s.takeFragment()
	}
	if !ok {
		return nil, js.Undefined()
	}
	jsbridge.Session.Remove(redirectKey)
	jsbridge.Session.Remove(resultKey + parts[0])
	answer, err := jsbridge.Call(jsbridge.Global("JSON"), "parse", text)
	if err != nil || answer.Type() != js.TypeObject {
		return nil, js.Undefined()
	}
	return &flow{state: parts[0], verifier: parts[1], nonce: parts[2], persist: true}, answer
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
	history := jsbridge.Global("history")
	defer jsbridge.Release(history)
	_, _ = jsbridge.Call(history, "replaceState", js.Null(), "", s.page.href)
	decoded, err := jsbridge.Call(js.Global(), "decodeURIComponent", encoded)
	if err != nil {
		return "", false
	}
	defer jsbridge.Release(decoded)
	return decoded.String(), true
}
