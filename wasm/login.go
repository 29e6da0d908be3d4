//go:build js

package main

import (
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// autoLoginOnly is what Auth.autoLogin says outside KakaoTalk.
const autoLoginOnly = "Kakao.Auth.autoLogin is only supported by KakaoTalk InAppBrowser"

// callLogin logs in through a popup, or, if the page has a redirect URI of its
// own, by leading this window to the consent page. Its settings name the prompt
// of Auth.loginForm (login) and Auth.autoLogin (none).
func (s *sdk) callLogin(call js.Value) any {
	in := bindAuthSettings(call)
	settle := s.settler(call, s.auth)
	switch {
	case in.isSilent() && !s.page.browser.Talk:
		settle.end(false, jsbridge.Object(
			"error", "auto_login", "error_description", autoLoginOnly, "error_code", "400", "status", "error",
		))
	case in.RedirectURI != "" && in.RedirectURI != s.callbackURI():
		s.loginInWindow(in, settle)
	default:
		s.loginInPopup(in, settle)
	}
	return nil
}

// handsOver reports whether a login goes to KakaoTalk.
func (s *sdk) handsOver(in authSettings) bool {
	return in.ThroughTalk && in.prompt() == "" && s.page.browser.LogsInTalk()
}

// loginInWindow leads this window to the consent page. The page's back end
// exchanges the code.
func (s *sdk) loginInWindow(in authSettings, settle settler) {
	request := in.request(s)
	request.Extra = []kakao.Pair{{Name: "origin", Value: s.page.origin}}
	if !s.handsOver(in) {
		settle.drop()
		s.navigate(request.URL(s.platform))
		return
	}
	web := request.URL(s.platform)
	request.Transaction = s.newTransaction()
	s.dropPolling()
	s.polling = make(chan struct{})
	s.navigate(s.handoff(request, web))
	(&authorization{s: s, in: in, request: request, settle: settle, handoff: true, stop: s.polling}).poll()
}

// loginInPopup logs in through a popup. Where KakaoTalk takes the login over,
// or its in-app browser would lose the popup, the code is polled for as well.
func (s *sdk) loginInPopup(in authSettings, settle settler) {
	f, request := s.begin(kakao.PopupFlow, s.page.origin, in)
	handoff := s.handsOver(in)
	lost := handoff || s.page.browser.LosesPopups() && in.prompt() != "login"
	features := s.popupFeatures()
	if lost {
		request.Transaction = s.newTransaction()
		request.Extra = popupPair(true)
	}
	address := request.URL(s.platform)
	if handoff {
		address, features = s.handoff(request, address), talkFeatures
	}
	p := s.openPopup(address, features, f.state)
	if p.lost = lost; lost && p.window != nil {
		go s.pollFor(f, p, request.Transaction)
	}
	go func() { settle.tell(s.loginAnswer(f, p)) }()
}

// pollFor polls for the code of a login until its window is gone for good.
func (s *sdk) pollFor(f *flow, p *popup, transaction string) {
	end := s.poll(transaction, f.ended, p.window, false)
	switch {
	case p.done:
		release(end.answer)
	case end.network:
		release(end.answer)
		s.navigate(s.platform.Auth + kakao.PathNetworkError)
		p.over <- errCleanedUp // the page is gone
	case end.timeout:
		p.over <- errLoginTimeout
	case end.answer != nil:
		p.take(object(append(end.answer, field{"state", js.ValueOf(f.state)})))
	}
}

// callIssue exchanges a code that the page's redirect URI received.
func (s *sdk) callIssue(call js.Value) any {
	settle := s.settler(call, s.auth)
	body := []any{"code", jsbridge.Text(call, "code"), "redirect_uri", jsbridge.Text(call, "redirectUri")}
	if verifier := jsbridge.Text(call, "codeVerifier"); verifier != "" {
		body = append(body, "code_verifier", verifier)
	}
	f := &flow{persist: true, ended: s.auth}
	s.inBackground(s.auth, func() { settle.tell(s.exchange(f, body)) })
	return nil
}

func (s *sdk) loginAnswer(f *flow, p *popup) (js.Value, *kakao.OAuthError) {
	defer p.close()
	answer, e := p.answer(f.ended)
	if e != nil {
		if e == errLoginTimeout {
			s.forgetAfter(e)
		}
		return js.Undefined(), e
	}
	defer jsbridge.Release(answer)
	return s.complete(f, answer)
}

// errCleanedUp ends a login without a word: the page called cleanup, or leaves.
var errCleanedUp = &kakao.OAuthError{Code: "cleaned_up"}

// errLoginTimeout ends a login in KakaoTalk that nobody finished.
var errLoginTimeout = &kakao.OAuthError{
	Code:        "timeout",
	Description: "Account login timed out. Please login again.",
}
