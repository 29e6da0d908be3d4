package sdk

import "strings"

// Browser is what decides how an authorization request leaves a page.
type Browser struct {
	// IOS and Android are the phones and tablets that KakaoTalk runs on.
	IOS, Android bool
	// Talk is KakaoTalk's own in-app browser, TalkVersion its major version.
	Talk        bool
	TalkVersion int
	// ChannelHome is the page of a channel in KakaoTalk.
	ChannelHome bool

	intents bool // opens Android intents from a popup
	walled  bool // an in-app browser that opens no other app
}

// ParseBrowser reads navigator.userAgent and navigator.maxTouchPoints. An iPad
// that asks for desktop pages calls itself a Macintosh and gives itself away by
// its touch screen.
func ParseBrowser(userAgent string, touchPoints int) Browser {
	ua := lower(userAgent)
	has := func(s string) bool { return strings.Contains(ua, s) }
	b := Browser{
		IOS:     has("iphone") || has("ipad") || has("ipod") || has("macintosh") && touchPoints > 1,
		Android: has("android"),
		Talk:    has("kakaotalk"),
		intents: has("chrome/"),
	}
	if _, version, ok := strings.Cut(ua, "kakaotalk/"); ok {
		major, _, _ := strings.Cut(version, ".")
		b.TalkVersion = int(Number(major))
	}
	b.ChannelHome = b.Talk && has("ch-home")
	b.walled = b.Android && (has("instagram") || has("fb_iab"))
	return b
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

// firstTalkWithPopups is the major version of KakaoTalk for iOS from which its
// in-app browser opens popups.
const firstTalkWithPopups = 10

// LogsInTalk reports whether Auth.login hands over to KakaoTalk.
func (b Browser) LogsInTalk() bool {
	if b.IOS {
		return !b.Talk || b.TalkVersion < firstTalkWithPopups
	}
	return b.Android && b.intents && !b.Talk && !b.walled
}

// LosesPopups reports whether a popup cannot answer the page that opened it, so
// that the code must be polled for.
func (b Browser) LosesPopups() bool { return b.Android && b.Talk }
