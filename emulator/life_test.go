package emulator_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
)

const day = 24 * time.Hour

func TestARefreshTokenLastsSixtyDays(t *testing.T) {
	p := start(t)
	got := p.tokens(haneul)
	p.clock.Advance(60*day - time.Second)
	renewed := p.refresh(got.text("refresh_token"))
	if renewed.status != http.StatusOK || renewed.text("refresh_token") == "" {
		t.Fatalf("in the last second: %d %s", renewed.status, renewed.raw)
	}
	p.clock.Advance(60 * day)
	wantRefusal(t, p.refresh(renewed.text("refresh_token")), http.StatusBadRequest, "invalid_grant", "KOE322")
}

func TestARefreshTokenIsReplacedOnlyInItsLastMonth(t *testing.T) {
	for name, tt := range map[string]struct {
		age      time.Duration
		replaced bool
	}{
		"a second before": {30*day - time.Second, false},
		"a month left":    {30 * day, false},
		"a second after":  {30*day + time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := start(t)
			old := p.tokens(haneul).text("refresh_token")
			p.clock.Advance(tt.age)
			renewed := p.refresh(old)
			if (renewed.text("refresh_token") != "") != tt.replaced {
				t.Errorf("got %s", renewed.raw)
			}
			if again := p.refresh(old); (again.status != http.StatusOK) != tt.replaced {
				t.Errorf("the old one: %d %s", again.status, again.raw)
			}
		})
	}
}

func TestChoosingAnAccountDoesNotProlongItsLogin(t *testing.T) {
	p := start(t)
	b := p.browser()
	b.logIn(b.authorize(), haneul)
	p.clock.Advance(12 * time.Hour)
	b.logIn(b.authorize("prompt", "login"), dohyun)
	p.clock.Advance(11 * time.Hour)
	chooser := b.authorize("prompt", "select_account")
	b.submit(chooser, "/oauth/login", "user", haneul, "action", "choose")
	p.clock.Advance(time.Hour)
	shown := b.authorize("prompt", "select_account")
	if shown.redirect.Get("code") == "" {
		t.Fatalf("somebody else is still logged in, and nobody to choose from: %d\n%s", shown.status, shown.body)
	}
	if me := p.call(http.MethodGet, pathMe, p.exchange(shown.redirect.Get("code")).bearer(), nil); me.body["id"] != float64(4210000002) {
		t.Errorf("got %s", me.raw)
	}
}

// manual makes the app link users by hand.
func manual(c *emulator.Config) {
	c.Apps[0].ManualLink = true
	c.Apps[0].UserProperties = []string{"clothing_size"}
}

// memberNames are the names of the members of a JSON object, sorted.
func memberNames(value any) []string {
	object, _ := value.(map[string]any)
	var names []string
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestAPreregisteredUserGivesLittleUntilTheAppSignsThemUp(t *testing.T) {
	p := start(t, manual)
	token := p.tokens(haneul, allOptional...).bearer()
	me := p.call(http.MethodGet, pathMe, token, nil)
	if me.body["has_signed_up"] != false {
		t.Errorf("got %s", me.raw)
	}
	if diff := cmp.Diff([]string{"connected_at", "for_partner", "has_signed_up", "id", "kakao_account", "properties"}, memberNames(me.body)); diff != "" {
		t.Error(diff)
	}
	account := []string{
		"email", "email_needs_agreement", "is_email_valid", "is_email_verified", "profile",
		"profile_image_needs_agreement", "profile_nickname_needs_agreement",
	}
	if diff := cmp.Diff(account, memberNames(me.body["kakao_account"])); diff != "" {
		t.Error(diff)
	}

	for path, method := range map[string]string{
		pathScopes: http.MethodGet, pathRevoke: http.MethodPost, pathTerms: http.MethodGet, pathUserTerms: http.MethodGet,
		pathUpgradeTerms: http.MethodPost, pathRevokeTerms: http.MethodPost, "/v1/user/update_profile": http.MethodPost,
		"/v1/user/shipping_address": http.MethodGet, "/v1/oidc/userinfo": http.MethodGet,
	} {
		form := url.Values{"scopes": {`["gender"]`}, "tags": {requiredTerm}, "properties": {"{}"}}
		wantAPIRefusal(t, p.call(method, path, token, form), http.StatusBadRequest, -101, "NotRegisteredUserException")
	}

	signup := func() answer {
		return p.call(http.MethodPost, "/v1/user/signup", token, url.Values{"properties": {`{"clothing_size":"small"}`}})
	}
	if done := signup(); done.status != http.StatusOK {
		t.Fatalf("got %d %s", done.status, done.raw)
	}
	wantAPIRefusal(t, signup(), http.StatusBadRequest, -102, "already registered")
	me = p.call(http.MethodGet, pathMe, token, nil)
	account2, _ := me.body["kakao_account"].(map[string]any)
	properties, _ := me.body["properties"].(map[string]any)
	if me.body["has_signed_up"] != true || account2["gender"] != "female" || properties["clothing_size"] != "small" {
		t.Errorf("after the sign-up: %s", me.raw)
	}
	if scopes := p.call(http.MethodGet, pathScopes, token, nil); scopes.status != http.StatusOK {
		t.Errorf("got %d %s", scopes.status, scopes.raw)
	}
}

func TestAPreregisteredUserIsUnlinkedAfterADay(t *testing.T) {
	hook := newReceiver(t, http.StatusOK)
	p := start(t, manual, func(c *emulator.Config) { c.Apps[0].UnlinkWebhook.URL = hook.url })
	slow, quick := p.tokens(haneul), p.tokens(dohyun)
	p.call(http.MethodPost, "/v1/user/signup", quick.bearer(), nil)
	p.clock.Advance(day - time.Second)
	if me := p.call(http.MethodGet, pathMe, slow.bearer(), nil); me.status != http.StatusOK && me.status != http.StatusUnauthorized {
		t.Errorf("got %d %s", me.status, me.raw)
	}
	if sent := p.deliveries(); len(sent) != 0 {
		t.Errorf("a second too early: %+v", sent)
	}
	p.clock.Advance(time.Second)
	if sent := p.deliveries(); len(sent) != 1 || !sent[0].Accepted {
		t.Fatalf("got %+v", sent)
	}
	if form := hook.last().form; form.Get("referrer_type") != "INCOMPLETE_SIGN_UP" || form.Get("user_id") != haneul {
		t.Errorf("got %v", form)
	}
	wantRefusal(t, p.refresh(slow.text("refresh_token")), http.StatusBadRequest, "invalid_grant", "KOE322")
	if renewed := p.refresh(quick.text("refresh_token")); renewed.status != http.StatusOK {
		t.Errorf("who was signed up: %d %s", renewed.status, renewed.raw)
	}
}

func TestUnlinkingForgetsPropertiesAndLinkingAgainAsksAgain(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Apps[0].UserProperties = []string{"clothing_size"} })
	b := p.browser()
	first := p.exchange(b.logIn(b.authorize(), haneul, "gender").redirect.Get("code"))
	p.call(http.MethodPost, "/v1/user/update_profile", first.bearer(), url.Values{"properties": {`{"clothing_size":"small"}`}})
	p.call(http.MethodPost, "/v1/user/unlink", first.bearer(), nil)
	p.clock.Advance(time.Hour)

	asked := b.authorize()
	if !strings.Contains(asked.body, `value="gender"`) || !strings.Contains(asked.body, requiredTerm) {
		t.Fatalf("does not ask again: %d %v\n%s", asked.status, asked.redirect, asked.body)
	}
	again := p.exchange(b.accept(asked).redirect.Get("code"))
	me := p.call(http.MethodGet, pathMe, again.bearer(), nil)
	if me.body["id"] != float64(4210000001) || me.body["connected_at"] != p.clock.Now().UTC().Format(time.RFC3339) {
		t.Errorf("got %s", me.raw)
	}
	if strings.Contains(me.raw, "clothing_size") || strings.Contains(me.raw, "female") {
		t.Errorf("something survived the unlinking: %s", me.raw)
	}
}

func TestEveryAppKnowsAUserByAnIDOfItsOwn(t *testing.T) {
	p := start(t, secondApp)
	ids := map[string]any{}
	for _, round := range []string{"first", "again"} {
		for app, key := range map[string]string{"this": emulator.DemoRESTAPIKey, "other": "other-rest"} {
			b := p.browser()
			code := b.logIn(b.authorize("client_id", key), haneul).redirect.Get("code")
			got := p.exchange(code, "client_id", key)
			id := p.call(http.MethodGet, pathMe, got.bearer(), nil).body["id"]
			if known := ids[app]; known != nil && known != id {
				t.Errorf("%s, %s: %v, before %v", app, round, id, known)
			}
			ids[app] = id
			p.call(http.MethodPost, "/v1/user/unlink", got.bearer(), nil)
		}
	}
	if ids["this"] == nil || ids["this"] == ids["other"] {
		t.Errorf("got %v", ids)
	}
	twin := start(t, secondApp)
	b := twin.browser()
	code := b.logIn(b.authorize("client_id", "other-rest"), haneul).redirect.Get("code")
	if id := twin.call(http.MethodGet, pathMe, twin.exchange(code, "client_id", "other-rest").bearer(), nil).body["id"]; id != ids["other"] {
		t.Errorf("another platform of the same configuration knows the user as %v, want %v", id, ids["other"])
	}
}

func TestTokensOfAUserAreLimited(t *testing.T) {
	withQuota := func(c *emulator.Config) { c.Apps[0].TokenQuota = true }
	t.Run("20 access tokens in ten minutes", func(t *testing.T) {
		p := start(t, withQuota)
		b := p.browser()
		got := p.exchange(b.logIn(b.authorize(), haneul).redirect.Get("code"))
		for i := range 19 {
			p.clock.Advance(time.Second)
			if renewed := p.refresh(got.text("refresh_token")); renewed.status != http.StatusOK {
				t.Fatalf("request %d: %d %s", i+2, renewed.status, renewed.raw)
			}
		}
		code := b.authorize().redirect.Get("code")
		wantRefusal(t, p.refresh(got.text("refresh_token")), http.StatusBadRequest, "invalid_request", "KOE237")
		wantRefusal(t, p.exchange(code), http.StatusBadRequest, "invalid_request", "KOE237")
		if other := p.tokens(dohyun); other.status != http.StatusOK {
			t.Errorf("another user: %d %s", other.status, other.raw)
		}
		p.clock.Advance(10*time.Minute - 19*time.Second - time.Second)
		wantRefusal(t, p.exchange(code), http.StatusBadRequest, "invalid_request", "KOE237")
		p.clock.Advance(time.Second) // the first request no longer counts, the second does
		code = b.authorize().redirect.Get("code")
		if late := p.exchange(code); late.status != http.StatusOK {
			t.Errorf("ten minutes later: %d %s", late.status, late.raw)
		}
		wantRefusal(t, p.refresh(got.text("refresh_token")), http.StatusBadRequest, "invalid_request", "KOE237")
		p.clock.Advance(time.Second)
		if late := p.refresh(got.text("refresh_token")); late.status != http.StatusOK {
			t.Errorf("the refusal spent the refresh token: %d %s", late.status, late.raw)
		}
	})
	t.Run("a refusal spends no code", func(t *testing.T) {
		p := start(t, withQuota)
		got := p.tokens(haneul)
		for range 19 {
			p.clock.Advance(30 * time.Second)
			p.refresh(got.text("refresh_token"))
		}
		b := p.browser()
		code := b.logIn(b.authorize(), haneul).redirect.Get("code")
		wantRefusal(t, p.exchange(code), http.StatusBadRequest, "invalid_request", "KOE237")
		p.clock.Advance(time.Minute)
		if late := p.exchange(code); late.status != http.StatusOK {
			t.Errorf("got %d %s", late.status, late.raw)
		}
	})
	t.Run("30 refresh tokens in an hour", func(t *testing.T) {
		p := start(t, withQuota)
		var last answer
		for range 30 {
			p.clock.Advance(time.Minute)
			last = p.tokens(haneul)
		}
		b := p.browser()
		code := b.logIn(b.authorize(), haneul).redirect.Get("code")
		wantRefusal(t, p.exchange(code), http.StatusBadRequest, "invalid_request", "KOE237")
		if renewed := p.refresh(last.text("refresh_token")); renewed.status != http.StatusOK {
			t.Errorf("a refresh that needs no refresh token: %d %s", renewed.status, renewed.raw)
		}
	})
	t.Run("not by another app's codes", func(t *testing.T) {
		p := start(t, secondApp, func(c *emulator.Config) { c.Apps[0].TokenQuota, c.Apps[1].TokenQuota = true, true })
		b := p.browser()
		code := b.logIn(b.authorize(), haneul).redirect.Get("code")
		for range 30 {
			wantRefusal(t, p.exchange(code, "client_id", "other-rest"), http.StatusBadRequest, "invalid_grant", "KOE320")
		}
		if got := p.exchange(code); got.status != http.StatusOK {
			t.Errorf("got %d %s", got.status, got.raw)
		}
	})
}

func TestConsentItemsAreAskedForByTheirKind(t *testing.T) {
	items := func(c *emulator.Config) {
		c.Apps[0].Scopes = []emulator.Scope{{ID: "profile_nickname", Required: true}, {ID: "account_email"}, {ID: "gender", InUse: true}}
	}
	tests := []struct {
		name, user, scope string
		shown, hidden     []string
		granted           string // with no box checked
	}{
		{"a first login", haneul, "", []string{`value="profile_nickname" checked disabled`, `value="account_email">`}, []string{"gender"}, "openid profile_nickname"},
		{
			"an item for use is named", haneul, "gender",
			[]string{`value="profile_nickname" checked disabled`, `value="gender" checked disabled`},
			[]string{"account_email"},
			"gender profile_nickname",
		},
		{"the account does not hold the item", onyu, "", []string{"profile_nickname"}, []string{"account_email", "gender"}, "openid profile_nickname"},
		{"the account does not hold what is named", onyu, "gender,account_email", []string{"profile_nickname"}, []string{`value="account_email"`, `value="gender"`}, "profile_nickname"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := start(t, items)
			b := p.browser()
			asked := b.submit(b.authorize("scope", tt.scope), "/oauth/login", "user", tt.user)
			for _, want := range tt.shown {
				if !strings.Contains(asked.body, want) {
					t.Errorf("%s is not on the page:\n%s", want, asked.body)
				}
			}
			for _, unwanted := range tt.hidden {
				if strings.Contains(asked.body, unwanted) {
					t.Errorf("%s is on the page:\n%s", unwanted, asked.body)
				}
			}
			if got := p.exchange(b.accept(asked).redirect.Get("code")); got.text("scope") != tt.granted {
				t.Errorf("scope %q, want %q", got.text("scope"), tt.granted)
			}
		})
	}
}

func TestConsentItemsThatTheAppGaveUpStayRevocable(t *testing.T) {
	p := start(t)
	b := p.browser()
	token := p.exchange(b.logIn(b.authorize(), haneul, "gender").redirect.Get("code")).bearer()
	give := func(edit func([]emulator.Scope) []emulator.Scope) {
		t.Helper()
		if err := p.Update(func(c *emulator.Config) { c.Apps[0].Scopes = edit(c.Apps[0].Scopes) }); err != nil {
			t.Fatal(err)
		}
	}
	give(func(s []emulator.Scope) []emulator.Scope {
		return slices.DeleteFunc(s, func(s emulator.Scope) bool { return s.ID == "gender" })
	})
	item := func() map[string]any {
		t.Helper()
		list, _ := p.call(http.MethodGet, pathScopes, token, nil).body["scopes"].([]any)
		for _, element := range list {
			if scope, _ := element.(map[string]any); scope["id"] == "gender" {
				return scope
			}
		}
		return nil
	}
	want := map[string]any{"id": "gender", "display_name": "성별", "type": "PRIVACY", "using": false, "agreed": true, "revocable": true}
	if diff := cmp.Diff(want, item()); diff != "" {
		t.Error(diff)
	}
	if me := p.call(http.MethodGet, pathMe, token, nil); strings.Contains(me.raw, "gender") {
		t.Errorf("an item that the app does not use is in %s", me.raw)
	}
	if revoked := p.call(http.MethodPost, pathRevoke, token, url.Values{"scopes": {`["gender"]`}}); revoked.status != http.StatusOK {
		t.Errorf("got %d %s", revoked.status, revoked.raw)
	}
	if left := item(); left != nil {
		t.Errorf("after the revocation: %v", left)
	}
	give(func(s []emulator.Scope) []emulator.Scope {
		return append(s, emulator.Scope{ID: "gender", Required: true})
	})
	if asked := b.authorize(); !strings.Contains(asked.body, `value="gender" checked disabled`) {
		t.Errorf("an item that the app requires since is not asked for: %v", asked.redirect)
	}
}
