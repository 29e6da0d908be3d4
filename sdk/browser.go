package sdk

import (
	"slices"
	"strings"
)

// Browser is what decides how an authorization request leaves a page.
type Browser struct {
	// IOS and Android are the phones and tablets that KakaoTalk runs on.
	IOS, Android bool
	// Talk is KakaoTalk's own in-app browser.
	Talk bool
	// ChannelHome is the page of a channel in KakaoTalk.
	ChannelHome bool
	// WebView is the window of an Android app that is not known to open other
	// apps.
	WebView bool

	handsOver bool // a login goes to KakaoTalk
	walled    bool // an in-app browser that opens no other app
}

// The versions that decide who hands over, as [versionAfter] writes them.
const (
	firstChromeWithIntents = 30_000 // 30
	firstIOSWithLinks      = 17_004 // iOS whose KakaoTalk opens a link to itself
	firstTalkWithPopups    = 10_007 // KakaoTalk for iOS whose windows can answer
)

// What an Android WebView calls itself, and those apps around one that open
// intents: Naver, Daum, and the shops that were eBay's in Korea.
var (
	webViewMarks = []string{"; wv)", "version/4.0"}
	intentApps   = []string{"naver", "daum", "ebay"}
)

// ParseBrowser reads navigator.userAgent and navigator.maxTouchPoints. An iPad
// that asks for desktop pages calls itself a Macintosh and gives itself away by
// its touch screen. Source: what SDK v1 was observed to do in each browser.
func ParseBrowser(userAgent string, touchPoints int) Browser {
	ua := lower(userAgent)
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return strings.Contains(ua, name) })
	}
	b := Browser{
		IOS:     has("iphone", "ipad", "ipod") || has("macintosh") && touchPoints > 1,
		Android: has("android"),
		Talk:    has("kakaotalk"),
	}
	b.ChannelHome = b.Talk && has("ch-home")
	b.walled = b.Android && has("instagram", "fb_iab")
	b.WebView = b.Android && has(webViewMarks...) && !has(intentApps...)
	switch {
	case b.IOS && b.Talk:
		b.handsOver = versionAfter(ua, " os ") >= firstIOSWithLinks && versionAfter(ua, "kakaotalk/") < firstTalkWithPopups
	case b.IOS:
		b.handsOver = true
	case b.Android:
		intents := versionAfter(ua, "chrome/") >= firstChromeWithIntents && !has("opr/")
		b.handsOver = intents && !b.Talk && !b.walled && !b.WebView
	}
	return b
}

// versionAfter reads the version that follows a name in a user agent: a thousand
// times its major number and its minor one, 10007 for "10.7.5" and 17004 for
// "17_4". It is 0 if there is none.
func versionAfter(ua, name string) int64 {
	_, rest, _ := strings.Cut(ua, name)
	major, rest := cutNumber(rest)
	minor := int64(0)
	if rest != "" && (rest[0] == '.' || rest[0] == '_') {
		minor, _ = cutNumber(rest[1:])
	}
	return min(major, 999)*1000 + min(minor, 999)
}

// cutNumber reads the digits with which s begins.
func cutNumber(s string) (number int64, rest string) {
	end := 0
	for end < len(s) && '0' <= s[end] && s[end] <= '9' {
		end++
	}
	return Number(s[:end]), s[end:]
}

// lower writes ASCII letters small. strings.ToLower brings Unicode's tables into
// the wasm, some ten kilobytes.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// AuthorizesInTalk reports whether Auth.authorize hands over to KakaoTalk.
func (b Browser) AuthorizesInTalk() bool {
	return (b.IOS || b.Android) && !b.Talk && !b.walled
}

// LogsInTalk reports whether Auth.login hands over to KakaoTalk.
func (b Browser) LogsInTalk() bool { return b.handsOver }

// LosesPopups reports whether a popup cannot answer the page that opened it, so
// that the code must be polled for.
func (b Browser) LosesPopups() bool { return b.Android && b.Talk }
