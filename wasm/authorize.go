//go:build js

package main

import (
	"strings"
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// callAuthorize leads this window to the consent page. Where the page names a
// redirect URI of its own, its back end exchanges the code and the request is
// the legacy one; where it names the token server's callback, the SDK completes
// the login after the return. It returns false where the legacy function did.
func (s *sdk) callAuthorize(call js.Value) any {
	in := bindAuthSettings(call)
	if s.wantsAutoLogin(in) {
		return s.refuseAutoLogin(call, in)
	}
	if in.RedirectURI == s.callbackURI() {
		if !s.beginRedirect(in) {
			s.settler(call)(false, failure(errNoStorage))
		}
		return nil
	}
	request := in.request(s)
	if request.RedirectURI == "" {
		request.RedirectURI = "JS-SDK"
	}
	popup := "false"
	if in.IsPopup {
		popup = "true"
	}
	request.Extra = []kakao.Pair{
		{Name: "auth_tran_id", Value: kakao.EncodeRandom(jsbridge.Random(kakao.RandomSize))},
		{Name: "is_popup", Value: popup},
	}
	if in.IsPopup {
		_, _ = jsbridge.Call(js.Global(), "open", request.URL(s.platform), "_blank", s.popupFeatures())
		return nil
	}
	s.navigate(request.URL(s.platform))
	return nil
}

func (s *sdk) navigate(address string) {
	location := jsbridge.Global("location")
	_, _ = jsbridge.Call(location, "assign", address)
	jsbridge.Release(location)
}

// wantsAutoLogin reports whether the page asks for a login without any dialog,
// which works inside KakaoTalk only.
func (s *sdk) wantsAutoLogin(in authSettings) bool {
	return (in.AutoLogin || strings.Contains(in.Prompts, "none")) &&
		!strings.Contains(s.page.userAgent, "KAKAOTALK")
}

func (s *sdk) refuseAutoLogin(call js.Value, in authSettings) any {
	if in.RedirectURI != "" && in.RedirectURI != s.callbackURI() {
		query := []kakao.Pair{
			{Name: "error", Value: "auto_login"},
			{Name: "error_description", Value: "NOT_SUPPORTED_BROWSER"},
		}
		if in.State != "" {
			query = append(query, kakao.Pair{Name: "state", Value: in.State})
		}
		separator := "?"
		if strings.Contains(in.RedirectURI, "?") {
			separator = "&"
		}
		s.navigate(in.RedirectURI + separator + kakao.EncodeQuery(query))
		return false
	}
	answer := map[string]any{"error": "auto_login", "error_description": "NOT_SUPPORTED_BROWSER"}
	if in.State != "" {
		answer["state"] = in.State
	}
	s.settler(call)(false, jsbridge.Object(answer))
	return false
}
