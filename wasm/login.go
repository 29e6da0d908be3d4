//go:build js

package main

import (
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// callLogin logs in through a popup, or, if the page has a redirect URI of its
// own, by leading this window to the consent page.
func (s *sdk) callLogin(call js.Value) any {
	in := bindAuthSettings(call)
	if in.RedirectURI != "" && in.RedirectURI != s.callbackURI() {
		request := in.request(s)
		request.Extra = []kakao.Pair{{Name: "origin", Value: s.page.origin}}
		s.navigate(request.URL(s.platform))
		return nil
	}
	settle := s.settler(call)
	f, request := s.begin(kakao.PopupFlow, s.page.origin, in)
	p := s.openPopup(request.URL(s.platform), f.state)
	go func() { tell(settle)(s.loginAnswer(f, p)) }()
	return nil
}

// tell returns the function that ends a login for the page.
func tell(settle func(ok bool, answer js.Value)) func(response js.Value, e *kakao.OAuthError) {
	return func(response js.Value, e *kakao.OAuthError) {
		switch {
		case e == errCleanedUp:
		case e != nil:
			settle(false, failure(e))
		default:
			settle(true, response)
		}
	}
}

func (s *sdk) loginAnswer(f *flow, p *popup) (js.Value, *kakao.OAuthError) {
	defer p.close()
	answer, e := p.answer(f.ended)
	if e != nil {
		return js.Undefined(), e
	}
	defer jsbridge.Release(answer)
	return s.complete(f, answer)
}

// errCleanedUp ends a login without a word: the page called cleanup.
var errCleanedUp = &kakao.OAuthError{Code: "cleaned_up"}
