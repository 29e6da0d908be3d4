package emulator_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Accounts of the demo platform by number.
const (
	haneulID, dohyunID, soraID = 4210000001, 4210000002, 4210000003
	sora                       = "4210000003"
)

// talkScopes are the consent items of KakaoTalk's calls.
const talkScopes = "profile_nickname,profile_image,talk_message,friends,plusfriends"

// withTalk logs a user in, who agrees to everything that KakaoTalk's calls need.
func (p *platform) withTalk(user string) answer {
	p.t.Helper()
	b := p.browser()
	done := b.logIn(b.authorize("scope", talkScopes), user, strings.Split(talkScopes, ",")...)
	return p.exchange(done.redirect.Get("code"))
}

// friendNames are the nicknames in a list of friends, in its order.
func friendNames(list answer) []string {
	names := []string{}
	elements, _ := list.body["elements"].([]any)
	for _, element := range elements {
		name, _ := element.(map[string]any)["profile_nickname"].(string)
		names = append(names, name)
	}
	return names
}

func friendUUID(t *testing.T, list answer, name string) string {
	t.Helper()
	elements, _ := list.body["elements"].([]any)
	for _, element := range elements {
		if friend := element.(map[string]any); friend["profile_nickname"] == name {
			return friend["uuid"].(string)
		}
	}
	t.Fatalf("%s is not in %s", name, list.raw)
	return ""
}

func TestTalkProfileHoldsWhatWasAgreedTo(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Users[0].Talk.Nickname = "보리차" })
	everything := p.call(http.MethodGet, catalog.TalkProfile.Path, p.withTalk(haneul).bearer(), nil)
	if everything.text("nickName") != "보리차" || !strings.Contains(everything.text("profileImageURL"), "img_640x640") || !strings.Contains(everything.text("thumbnailURL"), "img_110x110") {
		t.Errorf("got %s", everything.raw)
	}
	name := p.call(http.MethodGet, catalog.TalkProfile.Path, p.tokens(dohyun).bearer(), nil)
	if name.text("nickName") != "도토리현" || name.body["profileImageURL"] != nil {
		t.Errorf("without consent to the picture: %s", name.raw)
	}
}

func TestUsersWithoutKakaoTalkAreRefused(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Users[0].Talk = emulator.Talk{None: true} })
	bearer := p.withTalk(haneul).bearer()
	for _, call := range catalog.TalkCalls() {
		form := url.Values{
			"template_id": {"1"}, "template_object": {`{"object_type":"text","text":"x","link":{}}`},
			"request_url": {"https://example.com"}, "receiver_uuids": {`["x"]`},
		}
		wantAPIRefusal(t, p.call(call.Methods[0], call.Path, bearer, form), http.StatusBadRequest, -501, "talk user")
	}
}

func TestFriendsAreThoseWhoAgreedAsWell(t *testing.T) {
	p := start(t)
	bearer := p.withTalk(haneul).bearer()
	list := func(pairs ...string) answer {
		form := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return p.call(http.MethodGet, catalog.Friends.Path, bearer, form)
	}
	if alone := list(); alone.status != http.StatusOK || len(friendNames(alone)) != 0 || alone.body["total_count"] != 0.0 {
		t.Errorf("nobody else is linked: %s", alone.raw)
	}
	p.tokens(dohyun) // linked, but not in lists of friends
	if linked := list(); len(friendNames(linked)) != 0 {
		t.Errorf("a friend who did not agree: %s", linked.raw)
	}
	p.withTalk(dohyun)
	p.withTalk(sora)
	cases := []struct {
		name  string
		pairs []string
		want  []string
	}{
		{"favorites first", nil, []string{"도토리현", "소라빵"}},
		{"favorites last", []string{"order", "desc"}, []string{"소라빵", "도토리현"}},
		{"by nickname", []string{"friend_order", "nickname", "order", "desc"}, []string{"소라빵", "도토리현"}},
		{"the first", []string{"limit", "1"}, []string{"도토리현"}},
		{"the second", []string{"limit", "1", "offset", "1"}, []string{"소라빵"}},
		{"after the last", []string{"offset", "9"}, []string{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := list(c.pairs...); !slices.Equal(friendNames(got), c.want) || got.body["favorite_count"] != 1.0 {
				t.Errorf("got %s, want %v", got.raw, c.want)
			}
		})
	}
	first := list("limit", "1")
	next := p.call(http.MethodGet, strings.TrimPrefix(first.text("after_url"), p.url), bearer, nil)
	if !slices.Equal(friendNames(next), []string{"소라빵"}) || next.text("after_url") != "" || next.text("before_url") == "" {
		t.Errorf("the page after %s: %s", first.text("after_url"), next.raw)
	}
	wantAPIRefusal(t, list("limit", "101"), http.StatusBadRequest, -2, "limit")
}

func TestTalkCallsNameTheConsentThatIsMissing(t *testing.T) {
	p := start(t)
	bearer := p.tokens(haneul).bearer()
	got := p.call(http.MethodPost, catalog.SendMessage.Path, bearer, url.Values{"template_id": {"1"}, "receiver_uuids": {`["x"]`}})
	wantAPIRefusal(t, got, http.StatusForbidden, -402, "insufficient scopes")
	if fmt.Sprint(got.body["required_scopes"]) != "[talk_message friends]" || fmt.Sprint(got.body["allowed_scopes"]) != "[profile_nickname]" ||
		got.text("api_type") != "TALK_FRIENDS_MESSAGE_SEND" {
		t.Errorf("got %s", got.raw)
	}
	without := start(t, func(c *emulator.Config) { c.Apps[0].Scopes = c.Apps[0].Scopes[:1] })
	wantAPIRefusal(t, without.call(http.MethodGet, catalog.Channels.Path, without.tokens(haneul).bearer(), nil), http.StatusForbidden, -3, "[plusfriends]")
}

func TestMemosAreSeenInTheConsole(t *testing.T) {
	p := start(t)
	bearer := p.withTalk(haneul).bearer()
	template := `{"object_type":"text","text":"안녕","link":{"web_url":"https://example.com"}}`
	cases := []struct {
		path string
		form url.Values
		want emulator.TalkMessage
	}{
		{catalog.SendDefaultMemo.Path, url.Values{"template_object": {template}}, emulator.TalkMessage{Template: []byte(`"text":"안녕"`)}},
		{catalog.SendMemo.Path, url.Values{"template_id": {"7"}, "template_args": {`{"name":"하늘"}`}}, emulator.TalkMessage{TemplateID: 7}},
		{catalog.SendScrapMemo.Path, url.Values{"request_url": {"https://example.com/book"}}, emulator.TalkMessage{RequestURL: "https://example.com/book"}},
	}
	for _, c := range cases {
		if got := p.call(http.MethodPost, c.path, bearer, c.form); got.status != http.StatusOK || got.body["result_code"] != 0.0 {
			t.Errorf("%s: %d %s", c.path, got.status, got.raw)
		}
		sent := p.TalkMessages()
		last := sent[len(sent)-1]
		if last.From != haneulID || !slices.Equal(last.To, []int64{haneulID}) || last.Path != c.path ||
			last.TemplateID != c.want.TemplateID || last.RequestURL != c.want.RequestURL || !strings.Contains(string(last.Template), string(c.want.Template)) {
			t.Errorf("%s: sent %+v", c.path, last)
		}
	}
	if shown := p.call(http.MethodGet, "/console/api/messages", "", nil); !strings.Contains(shown.raw, "안녕") {
		t.Errorf("the console shows %s", shown.raw)
	}
	p.Reset()
	if left := p.TalkMessages(); len(left) != 0 {
		t.Errorf("after a reset: %v", left)
	}
}

func TestTemplatesWithMistakesAreNotSent(t *testing.T) {
	p := start(t)
	bearer := p.withTalk(haneul).bearer()
	cases := map[string]string{
		`{"object_type":"poem"}`:                                    "feed, list",
		`{"text":"x","link":{}}`:                                    "object_type",
		`{"object_type":"text","link":{}}`:                          "needs text",
		`{"object_type":"calendar","content":{},"id_type":"event"}`: "needs id",
		`[]`:   "template_object",
		`null`: "template_object",
	}
	for template, msg := range cases {
		wantAPIRefusal(t, p.call(http.MethodPost, catalog.SendDefaultMemo.Path, bearer, url.Values{"template_object": {template}}), http.StatusBadRequest, -2, msg)
	}
	wantAPIRefusal(t, p.call(http.MethodPost, catalog.SendScrapMemo.Path, bearer, url.Values{"request_url": {"/book"}}), http.StatusBadRequest, -2, "request_url")
	if sent := p.TalkMessages(); len(sent) != 0 {
		t.Errorf("sent %v", sent)
	}
}

func TestMessagesGoToFriendsAtTheApp(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Users[1].Talk.Friends[1].Blocked = true })
	bearer := p.withTalk(dohyun).bearer()
	p.withTalk(haneul)
	p.withTalk(sora)
	list := p.call(http.MethodGet, catalog.Friends.Path, bearer, nil)
	friendly, blocking := friendUUID(t, list, "하늘보리"), friendUUID(t, list, "소라빵")
	send := func(uuids string) answer {
		return p.call(http.MethodPost, catalog.SendMessage.Path, bearer, url.Values{"template_id": {"7"}, "receiver_uuids": {uuids}})
	}
	got := send(`["` + friendly + `","` + blocking + `"]`)
	if fmt.Sprint(got.body["successful_receiver_uuids"]) != "["+friendly+"]" || !strings.Contains(fmt.Sprint(got.body["failure_info"]), blocking) {
		t.Errorf("got %s", got.raw)
	}
	if sent := p.TalkMessages(); len(sent) != 1 || sent[0].From != dohyunID || !slices.Equal(sent[0].To, []int64{haneulID}) {
		t.Errorf("sent %+v", sent)
	}
	wantAPIRefusal(t, send(`["nobody"]`), http.StatusBadRequest, -2, "receiver_uuids")
	wantAPIRefusal(t, send(`["1","2","3","4","5","6"]`), http.StatusBadRequest, -2, "at most 5")
	if sent := p.TalkMessages(); len(sent) != 1 {
		t.Errorf("refused calls sent %+v", sent[1:])
	}
}

func TestChannelsTellTheRelation(t *testing.T) {
	day := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	p := start(t, func(c *emulator.Config) {
		c.Apps[0].Channels = append(c.Apps[0].Channels, emulator.Channel{PublicID: "_other", UUID: "@other"})
		c.Users[0].Talk.Channels = []emulator.ChannelRelation{{PublicID: "_afternoon", Relation: "BLOCKED", CreatedAt: day, UpdatedAt: day}}
	})
	login := p.withTalk(haneul)
	cases := []struct {
		name, path, authorization string
		form                      url.Values
		want, not                 string
	}{
		{"v2", catalog.Channels.Path, login.bearer(), nil, `"channel_public_id":"_other","channel_uuid":"@other","relation":"NONE"`, "-"},
		{"v2 times", catalog.Channels.Path, login.bearer(), nil, `"created_at":"2026-02-03T04:05:06Z"`, "-"},
		{"v2, one of them", catalog.Channels.Path, login.bearer(), url.Values{"channel_ids": {"_afternoon"}, "channel_id_type": {"channel_public_id"}}, `"relation":"BLOCKED"`, "_other"},
		{"v2 by admin key", catalog.Channels.Path, "KakaoAK " + emulator.DemoAdminKey, url.Values{"target_id_type": {"user_id"}, "target_id": {haneul}}, `"user_id":` + haneul, "-"},
		{"v1", catalog.ChannelsV1.Path, login.bearer(), nil, `"relation":"BLOCKED"`, "_other"},
		{"plus friends", catalog.PlusFriends.Path, login.bearer(), url.Values{"plus_friend_public_ids": {`["_afternoon"]`}}, `"plus_friend_public_id":"_afternoon"`, "_other"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := p.call(http.MethodGet, c.path, c.authorization, c.form)
			if got.status != http.StatusOK || !strings.Contains(got.raw, c.want) || c.not != "-" && strings.Contains(got.raw, c.not) {
				t.Errorf("got %d %s, want %s, not %s", got.status, got.raw, c.want, c.not)
			}
		})
	}
}

func TestMistakesInKakaoTalkAreNamed(t *testing.T) {
	cfg := emulator.Default("http://127.0.0.1:1")
	cfg.Apps[0].Channels = []emulator.Channel{{UUID: "@a"}, {PublicID: "_b"}, {PublicID: "_b", UUID: "@b"}}
	cfg.Users[0].Talk = emulator.Talk{
		Friends:  []emulator.Friend{{User: 1}, {User: soraID}, {User: soraID}},
		Channels: []emulator.ChannelRelation{{PublicID: "_b", Relation: "added"}, {Relation: "NONE"}},
	}
	_, err := emulator.New(cfg)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"apps[0].channels[0].channel_public_id", "apps[0].channels[1].channel_uuid", "apps[0].channels[2].channel_public_id",
		"users[0].talk.friends[0].user", "users[0].talk.friends[2].user",
		"users[0].talk.channels[0].relation", "users[0].talk.channels[1].channel_public_id",
	} {
		if !strings.Contains(err.Error(), want+":") {
			t.Errorf("%s is not named in:\n%v", want, err)
		}
	}
}
