package sdk

import "testing"

const (
	desktopUA   = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"
	macUA       = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15"
	iPhoneUA    = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1"
	androidUA   = "Mozilla/5.0 (Linux; Android 13; SM-S918N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36"
	firefoxUA   = "Mozilla/5.0 (Android 13; Mobile; rv:125.0) Gecko/125.0 Firefox/125.0"
	talkUA      = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 KAKAOTALK/10.7.5 (INAPP)"
	oldTalkUA   = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 KAKAOTALK/9.8.5 (INAPP)"
	homeUA      = androidUA + ";KAKAOTALK 2410420 CH-HOME"
	instagramUA = androidUA + " Instagram 330.0.0.40.92 Android (33/13; 480dpi; samsung)"
	facebookUA  = androidUA + " [FB_IAB/FB4A;FBAV/460.0.0.48.109;]"
)

func TestWhereALoginGoesFromEachBrowser(t *testing.T) {
	tests := map[string]struct {
		userAgent                                              string
		touchPoints                                            int
		authorizesInTalk, logsInTalk, losesPopups, channelHome bool
	}{
		"a desktop browser":                    {userAgent: desktopUA},
		"a desktop with a touch screen":        {userAgent: desktopUA, touchPoints: 10},
		"a Mac":                                {userAgent: macUA},
		"an iPad that asks for desktop pages":  {userAgent: macUA, touchPoints: 5, authorizesInTalk: true, logsInTalk: true},
		"an iPhone":                            {userAgent: iPhoneUA, authorizesInTalk: true, logsInTalk: true},
		"Chrome on Android":                    {userAgent: androidUA, authorizesInTalk: true, logsInTalk: true},
		"Firefox on Android, without intents":  {userAgent: firefoxUA, authorizesInTalk: true},
		"Instagram on Android, walled":         {userAgent: instagramUA},
		"Facebook on Android, walled":          {userAgent: facebookUA},
		"Instagram on iOS":                     {userAgent: iPhoneUA + " Instagram 330.0.3.29.109", authorizesInTalk: true, logsInTalk: true},
		"KakaoTalk on iOS":                     {userAgent: talkUA},
		"KakaoTalk on iOS, without popups":     {userAgent: oldTalkUA, logsInTalk: true},
		"KakaoTalk on Android":                 {userAgent: androidUA + ";KAKAOTALK 2410420", losesPopups: true},
		"the home of a channel":                {userAgent: homeUA, losesPopups: true, channelHome: true},
		"a browser that only says CH-HOME":     {userAgent: desktopUA + " CH-HOME"},
		"a hostile user agent":                 {userAgent: "KAKAOTALK/99999999999999999999.\x00"},
		"no user agent":                        {},
		"a version that is no number, on iOS":  {userAgent: "iPhone KAKAOTALK/x", logsInTalk: true},
		"lower case, on iOS, in KakaoTalk 10":  {userAgent: "iphone kakaotalk/10.0.0"},
		"upper case, on Android, outside Talk": {userAgent: "ANDROID CHROME/1", authorizesInTalk: true, logsInTalk: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := ParseBrowser(test.userAgent, test.touchPoints)
			if got := b.AuthorizesInTalk(); got != test.authorizesInTalk {
				t.Errorf("AuthorizesInTalk() = %v", got)
			}
			if got := b.LogsInTalk(); got != test.logsInTalk {
				t.Errorf("LogsInTalk() = %v", got)
			}
			if got := b.LosesPopups(); got != test.losesPopups {
				t.Errorf("LosesPopups() = %v", got)
			}
			if b.ChannelHome != test.channelHome {
				t.Errorf("ChannelHome = %v", b.ChannelHome)
			}
		})
	}
}
