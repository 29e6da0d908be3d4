package sdk

import (
	"strings"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// The addresses that open KakaoTalk.
// Source: what SDK v1 was observed to open; Kakao documents none of them.
const (
	universalLink = "https://talk-apps.kakao.com/scheme/"
	inAppBrowser  = "kakaotalk://inappbrowser?url="
	talkLogin     = "com.kakao.talk.intent.action.CAPRI_LOGGED_IN_ACTIVITY"
	syncPlugin    = "kakaotalk://bizplugin?plugin_id=6011263b74fc2b49c73a7298&query="
)

// Handoff is an authorization request on its way to KakaoTalk.
type Handoff struct {
	// InTalk is the request's address for KakaoTalk's browser.
	InTalk string
	// Params is the request for KakaoTalk's login on Android: its parameters
	// as a JSON object.
	Params string
	// Web is the address for a phone without KakaoTalk.
	Web string

	AppKey, RedirectURI, State, Agent string
}

// Link returns the address that opens KakaoTalk: an intent on Android, a
// universal link on iOS.
func (h Handoff) Link(b Browser) string {
	if !b.Android {
		return universalLink + kakao.Escape(inAppBrowser+kakao.Escape(h.InTalk)) + "&web=" + kakao.Escape(h.Web)
	}
	parts := []string{
		"intent:#Intent",
		"action=" + talkLogin,
		"launchFlags=0x08880000",
		"S.com.kakao.sdk.talk.appKey=" + extra(h.AppKey),
		"S.com.kakao.sdk.talk.redirectUri=" + extra(h.RedirectURI),
		"S.com.kakao.sdk.talk.kaHeader=" + extra(h.Agent),
		"S.com.kakao.sdk.talk.extraparams=" + kakao.Escape(h.Params),
	}
	if h.State != "" {
		parts = append(parts, "S.com.kakao.sdk.talk.state="+extra(h.State))
	}
	return strings.Join(append(parts, "S.browser_fallback_url="+kakao.Escape(h.Web), "end;"), ";")
}

// extra writes a value of an intent so that it cannot end before its end, nor
// begin another intent.
func extra(value string) string {
	return strings.ReplaceAll(strings.ReplaceAll(value, ";", "%3B"), "#", "%23")
}

// PluginLink returns the address of KakaoTalk's login plugin, which a channel's
// home opens over its page, for a request's query.
func PluginLink(query string) string { return syncPlugin + kakao.Escape(query) }

// CodeURL returns the address at which the code of a request is asked for by
// the transaction ID that the request carried.
func CodeURL(p kakao.Platform, appKey, transaction, agent string) string {
	return p.Auth + kakao.PathCode + "?" + kakao.EncodeQuery([]kakao.Pair{
		{Name: "client_id", Value: appKey}, {Name: "auth_tran_id", Value: transaction}, {Name: "ka", Value: agent},
	})
}

// maxTransaction is the length of a transaction ID.
const maxTransaction = 60

// randomForTransaction is how many random bytes a transaction ID takes.
const randomForTransaction = 28

// TransactionID makes the ID of a request whose code is polled for: 28 random
// characters, and the app key as far as there is room. random must hold at
// least randomForTransaction bytes.
func TransactionID(random []byte, appKey string) string {
	const digits = "0123456789abcdefghijklmnopqrstuv"
	var id strings.Builder
	for _, b := range random[:randomForTransaction] {
		id.WriteByte(digits[b%32])
	}
	id.WriteString(appKey)
	return id.String()[:min(id.Len(), maxTransaction)]
}
