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
	webViewUA   = "Mozilla/5.0 (Linux; Android 13; SM-S918N Build/TP1A.220624.014; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/124.0.0.0 Mobile Safari/537.36"
	homeUA      = webViewUA + ";KAKAOTALK 2410420 CH-HOME"
	instagramUA = androidUA + " Instagram 330.0.0.40.92 Android (33/13; 480dpi; samsung)"
	facebookUA  = androidUA + " [FB_IAB/FB4A;FBAV/460.0.0.48.109;]"
)

// The rules are those of SDK v1, observed in each browser; e2e/conformance has
// the recorded cases.
func TestWhereALoginGoesFromEachBrowser(t *testing.T) {
	talkOn := func(ios, talk string) string {
		return "Mozilla/5.0 (iPhone; CPU iPhone OS " + ios + " like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 KAKAOTALK/" + talk + " (INAPP)"
	}
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
		"an app's WebView on iOS":              {userAgent: iPhoneUA + " MyApp/1", authorizesInTalk: true, logsInTalk: true},
		"Instagram on iOS":                     {userAgent: iPhoneUA + " Instagram 330.0.3.29.109", authorizesInTalk: true, logsInTalk: true},
		"Chrome on Android":                    {userAgent: androidUA, authorizesInTalk: true, logsInTalk: true},
		"Samsung Internet":                     {userAgent: androidUA + " SamsungBrowser/24.0", authorizesInTalk: true, logsInTalk: true},
		"Chrome 30, the first with intents":    {userAgent: "Android 4.3 Chrome/30.0.1599.82", authorizesInTalk: true, logsInTalk: true},
		"Chrome 29":                            {userAgent: "Android 4.2 Chrome/29.0.1547.72", authorizesInTalk: true},
		"Opera on Android":                     {userAgent: androidUA + " OPR/76.2.4027.73374", authorizesInTalk: true},
		"Firefox on Android, without intents":  {userAgent: firefoxUA, authorizesInTalk: true},
		"the old browser of Android":           {userAgent: "Mozilla/5.0 (Linux; U; Android 4.1.2) AppleWebKit/534.30 Version/4.0 Mobile Safari/534.30", authorizesInTalk: true},
		"an Android WebView":                   {userAgent: webViewUA, authorizesInTalk: true},
		"an Android WebView without Version":   {userAgent: "Mozilla/5.0 (Linux; Android 13; wv) Chrome/124.0.0.0", authorizesInTalk: true},
		"one that only says Version/4.0":       {userAgent: "Mozilla/5.0 (Linux; Android 13) Version/4.0 Chrome/124.0.0.0", authorizesInTalk: true},
		"LINE on Android":                      {userAgent: webViewUA + " Line/13.18.1/IAB", authorizesInTalk: true},
		"BAND on Android":                      {userAgent: webViewUA + " BAND/17.2.1 (and)", authorizesInTalk: true},
		"Naver on Android":                     {userAgent: webViewUA + " NAVER(inapp; search; 1200; 12.4.2)", authorizesInTalk: true, logsInTalk: true},
		"Daum on Android":                      {userAgent: webViewUA + " DaumApps/9.3.0 DaumDevice/mobile", authorizesInTalk: true, logsInTalk: true},
		"eBay's shop on Android":               {userAgent: webViewUA + " MobileApp/1.0 (Android; com.ebay.kr.gmarket)", authorizesInTalk: true, logsInTalk: true},
		"Naver on Android, with an old Chrome": {userAgent: "Android; wv) Version/4.0 Chrome/29.0 NAVER(inapp)", authorizesInTalk: true},
		"Instagram on Android, walled":         {userAgent: webViewUA + " Instagram 330.0.0.40.92 Android (33/13; 480dpi; samsung)"},
		"Instagram without a WebView's marks":  {userAgent: instagramUA},
		"Facebook on Android, walled":          {userAgent: facebookUA},
		"KakaoTalk on Android":                 {userAgent: webViewUA + ";KAKAOTALK 2410420", losesPopups: true},
		"the home of a channel":                {userAgent: homeUA, losesPopups: true, channelHome: true},
		"KakaoTalk 9.8 on iOS 17.4":            {userAgent: oldTalkUA, logsInTalk: true},
		"KakaoTalk 9.10 on iOS 17.4":           {userAgent: talkOn("17_4", "9.10.0"), logsInTalk: true},
		"KakaoTalk 10.6 on iOS 17.4":           {userAgent: talkOn("17_4_1", "10.6.5"), logsInTalk: true},
		"KakaoTalk 10.7 on iOS 17.4":           {userAgent: talkUA},
		"KakaoTalk 10.10 on iOS 17.4":          {userAgent: talkOn("17_4", "10.10.1")},
		"KakaoTalk 9.8 on iOS 17.3":            {userAgent: talkOn("17_3_1", "9.8.5")},
		"KakaoTalk 9.8 on iOS 17.10":           {userAgent: talkOn("17_10", "9.8.5"), logsInTalk: true},
		"KakaoTalk 9.8 on iOS 16":              {userAgent: talkOn("16_6", "9.8.5")},
		"KakaoTalk 9.8 on iOS 18":              {userAgent: talkOn("18_0", "9.8.5"), logsInTalk: true},
		// SDK v1 compared major and minor version each, so that these handed over.
		"KakaoTalk 11.2 on iOS 17.4":           {userAgent: talkOn("17_4", "11.2.0")},
		"KakaoTalk 25.0 on iOS 18":             {userAgent: talkOn("18_6", "25.0.1")},
		"KakaoTalk on an iPad, as a Macintosh": {userAgent: macUA + " KAKAOTALK/9.8.5 (INAPP)", touchPoints: 5},
		"KakaoTalk without a version, on iOS":  {userAgent: talkOn("17_4", "x"), logsInTalk: true},
		"a browser that only says CH-HOME":     {userAgent: desktopUA + " CH-HOME"},
		"a hostile user agent":                 {userAgent: "KAKAOTALK/99999999999999999999.\x00"},
		"hostile versions":                     {userAgent: "iPhone OS 999999999999999999_999999999999999999 KAKAOTALK/999999999999999999.1"},
		"no user agent":                        {},
		"small letters":                        {userAgent: "android; wv) chrome/124 naver(inapp)", authorizesInTalk: true, logsInTalk: true},
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
