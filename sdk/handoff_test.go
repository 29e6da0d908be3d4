package sdk

import (
	"net/url"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

var handoff = Handoff{
	InTalk: "https://kauth.kakao.com/oauth/authorize?client_id=key&is_popup=true",
	Params: `{"client_id":"key","state":"a;b#Intent;c","is_popup":true}`,
	Web:    "https://kauth.kakao.com/oauth/authorize?client_id=key&is_popup=false",
	AppKey: "key", RedirectURI: "https://app.example.test/oauth;x=1", State: "a;b#Intent;c", Agent: "sdk/1 os/javascript",
}

func TestTheUniversalLinkHoldsBothAddresses(t *testing.T) {
	link := handoff.Link(Browser{IOS: true})
	rest, ok := strings.CutPrefix(link, "https://talk-apps.kakao.com/scheme/")
	scheme, web, split := strings.Cut(rest, "&web=")
	if !ok || !split {
		t.Fatalf("got %s", link)
	}
	inner, err := url.PathUnescape(scheme)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(inner)
	if err != nil || u.Scheme != "kakaotalk" || u.Host != "inappbrowser" || u.Query().Get("url") != handoff.InTalk {
		t.Errorf("KakaoTalk opens %s (%v)", inner, err)
	}
	if got, _ := url.PathUnescape(web); got != handoff.Web {
		t.Errorf("a phone without KakaoTalk opens %s", got)
	}
}

// What the page writes must stay inside its own part of the intent.
func TestTheIntentHoldsEachValueInItsPart(t *testing.T) {
	intent := handoff.Link(Browser{Android: true})
	if !strings.HasPrefix(intent, "intent:#Intent;action=com.kakao.talk.intent.action.CAPRI_LOGGED_IN_ACTIVITY;launchFlags=0x08880000;") ||
		!strings.HasSuffix(intent, ";end;") {
		t.Fatalf("got %s", intent)
	}
	if strings.LastIndex(intent, "#") != strings.Index(intent, "#Intent;") {
		t.Errorf("a value begins another intent: %s", intent)
	}
	parts := map[string]string{}
	for _, part := range strings.Split(intent, ";") {
		if name, value, ok := strings.Cut(part, "="); ok && strings.HasPrefix(name, "S.") {
			decoded, err := url.PathUnescape(value)
			if err != nil {
				t.Errorf("%s: %v", part, err)
			}
			parts[strings.TrimPrefix(name, "S.")] = decoded
		}
	}
	for name, want := range map[string]string{
		"com.kakao.sdk.talk.appKey":      handoff.AppKey,
		"com.kakao.sdk.talk.redirectUri": handoff.RedirectURI,
		"com.kakao.sdk.talk.kaHeader":    handoff.Agent,
		"com.kakao.sdk.talk.extraparams": handoff.Params,
		"com.kakao.sdk.talk.state":       handoff.State,
		"browser_fallback_url":           handoff.Web,
	} {
		if parts[name] != want {
			t.Errorf("%s is %q, want %q", name, parts[name], want)
		}
	}
	stateless := handoff
	stateless.State = ""
	if strings.Contains(stateless.Link(Browser{Android: true}), "talk.state=") {
		t.Error("a request without state sends one")
	}
}

func TestPluginLink(t *testing.T) {
	u, err := url.Parse(PluginLink("client_id=key&scope=a b"))
	if err != nil || u.Scheme != "kakaotalk" || u.Host != "bizplugin" || u.Query().Get("query") != "client_id=key&scope=a b" {
		t.Errorf("got %v, %v", u, err)
	}
}

func TestTransactionID(t *testing.T) {
	random := make([]byte, contract.RandomSize)
	for i := range random {
		random[i] = byte(i * 37)
	}
	const key = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
	id := TransactionID(random, key)
	if len(id) != 60 || !strings.HasSuffix(id, key) || strings.Trim(id, "0123456789abcdefghijklmnopqrstuvwxyz") != "" {
		t.Errorf("got %q", id)
	}
	random[0]++
	if TransactionID(random, key) == id {
		t.Error("another random byte gives the same ID")
	}
	if long := TransactionID(random, strings.Repeat("k", 100)); len(long) != 60 {
		t.Errorf("a long key gives %d characters", len(long))
	}
	if short := TransactionID(random, ""); len(short) != 28 {
		t.Errorf("no key gives %d characters", len(short))
	}
}
