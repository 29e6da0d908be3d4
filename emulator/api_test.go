package emulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
)

const (
	pathMe     = "/v2/user/me"
	pathScopes = "/v2/user/scopes"
	pathRevoke = "/v2/user/revoke/scopes"
	pathTerms  = "/v1/user/service/terms"
)

func TestTokensThatTheAPIDoesNotKnow(t *testing.T) {
	p := start(t)
	got := p.tokens(haneul)
	token := strings.TrimPrefix(got.bearer(), "Bearer ")
	for name, tt := range map[string]struct{ header, msg, challenge string }{
		"no header":        {"", "no authentication key!", "Bearer"},
		"unknown token":    {"Bearer x", "this access token does not exist", "Bearer"},
		"empty token":      {"Bearer ", "this access token does not exist", "Bearer"},
		"no scheme":        {token, "this access token does not exist", "Bearer"},
		"other scheme":     {"Basic " + token, "this access token does not exist", "Bearer"},
		"a refresh token":  {"Bearer " + got.text("refresh_token"), "this access token does not exist", "Bearer"},
		"admin key, wrong": {"KakaoAK x", "appKey does not exist", "KakaoAK"},
	} {
		t.Run(name, func(t *testing.T) {
			refused := p.call(http.MethodGet, pathMe, tt.header, nil)
			wantAPIRefusal(t, refused, http.StatusUnauthorized, -401, tt.msg)
			if refused.header.Get("WWW-Authenticate") != tt.challenge+` error="invalid_token"` {
				t.Errorf("WWW-Authenticate %q", refused.header.Get("WWW-Authenticate"))
			}
		})
	}
	if ok := p.call(http.MethodGet, pathMe, "bearer "+token, nil); ok.status != http.StatusOK {
		t.Errorf("scheme in small letters: %d %s", ok.status, ok.raw)
	}
}

func TestExpiredAccessTokens(t *testing.T) {
	p := start(t)
	got := p.tokens(haneul)
	p.clock.Advance(12*time.Hour - time.Second)
	if ok := p.call(http.MethodGet, pathMe, got.bearer(), nil); ok.status != http.StatusOK {
		t.Fatalf("before the end: %d %s", ok.status, ok.raw)
	}
	p.clock.Advance(time.Second)
	wantAPIRefusal(t, p.call(http.MethodGet, pathMe, got.bearer(), nil), http.StatusUnauthorized, -401, "this access token is already expired")

	renewed := p.refresh(got.text("refresh_token"))
	p.ExpireAccessTokens()
	wantAPIRefusal(t, p.call(http.MethodGet, pathMe, renewed.bearer(), nil), http.StatusUnauthorized, -401, "this access token is already expired")
	if again := p.refresh(got.text("refresh_token")); p.call(http.MethodGet, pathMe, again.bearer(), nil).status != http.StatusOK {
		t.Error("the refresh token died with the access tokens")
	}
}

func TestUserMeShowsWhatWasAgreedTo(t *testing.T) {
	p := start(t)
	b := p.browser()
	b.logIn(b.authorize(), haneul, "account_email", "birthday")
	linkedAt := p.clock.Now().UTC().Format(time.RFC3339)
	got := p.exchange(b.authorize().redirect.Get("code"))
	me := p.call(http.MethodGet, pathMe, got.bearer(), nil)
	want := map[string]any{
		"id":           float64(4210000001),
		"connected_at": linkedAt,
		"synched_at":   linkedAt,
		"kakao_account": map[string]any{
			"profile_nickname_needs_agreement": false,
			"profile_image_needs_agreement":    true,
			"profile":                          map[string]any{"nickname": "하늘보리", "is_default_nickname": false},
			"email_needs_agreement":            false,
			"is_email_valid":                   true,
			"is_email_verified":                true,
			"email":                            "haneul@example.com",
			"age_range_needs_agreement":        true,
			"birthday_needs_agreement":         false,
			"birthday":                         "0412",
			"birthday_type":                    "SOLAR",
			"gender_needs_agreement":           true,
		},
		"properties": map[string]any{"nickname": "하늘보리"},
	}
	if diff := cmp.Diff(want, me.body); diff != "" {
		t.Error(diff)
	}
	if post := p.call(http.MethodPost, pathMe, got.bearer(), nil); post.raw != me.raw {
		t.Errorf("POST answers otherwise: %s", post.raw)
	}
}

func TestUserMeShowsEverythingThatAnAppCanAskFor(t *testing.T) {
	p := start(t, func(c *emulator.Config) {
		c.Apps[0].Scopes = nil
		for _, id := range []string{"profile", "name", "birthyear", "phone_number", "gender", "age_range"} {
			c.Apps[0].Scopes = append(c.Apps[0].Scopes, emulator.Scope{ID: id, Required: true})
		}
		c.Apps[0].UserProperties = []string{"shoe_size"}
		c.Users[0].ProfileImageURL = "http://img.example/640.jpg"
		c.Users[0].ThumbnailImageURL = "https://img.example/110.jpg"
	})
	got := p.tokens(haneul)
	stored := p.call(http.MethodPost, "/v1/user/update_profile", got.bearer(), url.Values{"properties": {`{"shoe_size":"245"}`}})
	if stored.status != http.StatusOK || stored.raw != `{"id":`+haneul+"}\n" {
		t.Fatalf("stored: %d %s", stored.status, stored.raw)
	}
	for secure, scheme := range map[string]string{"true": "https", "false": "http", "": "http"} {
		me := p.call(http.MethodGet, pathMe, got.bearer(), url.Values{"secure_resource": {secure}})
		want := map[string]any{
			"profile_needs_agreement": false,
			"profile": map[string]any{
				"nickname": "하늘보리", "is_default_nickname": false, "is_default_image": false,
				"profile_image_url": scheme + "://img.example/640.jpg", "thumbnail_image_url": scheme + "://img.example/110.jpg",
			},
			"name_needs_agreement": false, "name": "윤하늘",
			"birthyear_needs_agreement": false, "birthyear": "1999",
			"phone_number_needs_agreement": false, "phone_number": "+82 10-0000-0001",
			"gender_needs_agreement": false, "gender": "female",
			"age_range_needs_agreement": false, "age_range": "20~29",
		}
		if diff := cmp.Diff(want, me.body["kakao_account"]); diff != "" {
			t.Errorf("secure_resource=%s: %s", secure, diff)
		}
		properties, _ := me.body["properties"].(map[string]any)
		if properties["shoe_size"] != "245" || properties["thumbnail_image"] != scheme+"://img.example/110.jpg" {
			t.Errorf("properties %v", properties)
		}
	}
}

func TestInformationThatTheAccountDoesNotHoldIsLeftOut(t *testing.T) {
	p := start(t)
	me := p.call(http.MethodGet, pathMe, p.tokens(onyu, allOptional...).bearer(), nil)
	account, _ := me.body["kakao_account"].(map[string]any)
	if account["email_needs_agreement"] != false {
		t.Errorf("email_needs_agreement is %v", account["email_needs_agreement"])
	}
	for _, member := range []string{"email", "is_email_valid", "gender", "birthday"} {
		if _, has := account[member]; has {
			t.Errorf("%s is there", member)
		}
	}
}

func TestPropertyKeysNarrowTheAnswer(t *testing.T) {
	p := start(t)
	got := p.tokens(haneul, allOptional...)
	tests := []struct {
		name, keys string
		want       []string // members, and members of kakao_account after a dot
	}{
		{"one key", `["kakao_account.email"]`, []string{"id", ".email", ".email_needs_agreement", ".is_email_valid", ".is_email_verified"}},
		{"profile", `["kakao_account.profile"]`, []string{"id", ".profile", ".profile_image_needs_agreement", ".profile_nickname_needs_agreement"}},
		{"a property", `["properties.nickname"]`, []string{"id", "properties"}},
		{"the time", `["connected_at"]`, []string{"id", "connected_at"}},
		{"nothing more", `[]`, []string{"id"}},
		{"all properties", `["properties.", "has_signed_up"]`, []string{"id", "properties"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			me := p.call(http.MethodGet, pathMe, got.bearer(), url.Values{"property_keys": {tt.keys}})
			want := map[string]bool{}
			for _, name := range tt.want {
				want[name] = true
			}
			have := map[string]bool{}
			for name, value := range me.body {
				if name != "kakao_account" {
					have[name] = true
					continue
				}
				for inner := range value.(map[string]any) {
					have["."+inner] = true
				}
			}
			if diff := cmp.Diff(want, have); diff != "" {
				t.Errorf("%s\n%s", diff, me.raw)
			}
		})
	}
}

func TestWrongParametersOfTheAPI(t *testing.T) {
	p := start(t)
	token := p.tokens(haneul).bearer()
	tests := []struct {
		name, method, path, parameter, value string
		status, code                         int
		msg                                  string
	}{
		{"property_keys is no JSON", http.MethodGet, pathMe, "property_keys", "kakao_account.email", 400, -2, "illegal value of property_keys: expected a JSON array"},
		{"property_keys holds numbers", http.MethodGet, pathMe, "property_keys", "[1]", 400, -2, "illegal value of property_keys: expected a JSON array"},
		{"property_keys is null", http.MethodGet, pathMe, "property_keys", "null", 400, -2, "illegal value of property_keys: expected a JSON array"},
		{"property that the app has not", http.MethodGet, pathMe, "property_keys", `["properties.age","x"]`, 400, -201, "user property not found ([properties.age, x] for appId=100001)"},
		{"secure_resource is no boolean", http.MethodGet, pathMe, "secure_resource", "yes", 400, -2, "illegal value of secure_resource: expected true or false"},
		{"scopes is no array", http.MethodGet, pathScopes, "scopes", `["a"`, 400, -2, "illegal value of scopes: expected a JSON array"},
		{"unknown scope", http.MethodGet, pathScopes, "scopes", "email", 400, -2, "[email]"},
		{"extra is unknown", http.MethodGet, pathTerms, "extra", "all", 400, -2, "illegal value of extra: expected one of app_service_terms"},
		{"scopes to revoke are missing", http.MethodPost, pathRevoke, "", "", 400, -2, "scopes is required"},
		{"unknown scope to revoke", http.MethodPost, pathRevoke, "scopes", `["email"]`, 400, -2, "There is no scopes to revoke. check out if given scope id([email]) is correct again."},
		{"scope to revoke was not agreed to", http.MethodPost, pathRevoke, "scopes", `["account_email"]`, 400, -2, "There is no scopes to revoke. check out if given scope id([account_email]) is correct again."},
		{"required scope to revoke", http.MethodPost, pathRevoke, "scopes", `["profile_nickname"]`, 403, -3, "[profile_nickname] is not revocable. check out if it's set as required on developers.kakao.com"},
		{"very long value", http.MethodPost, pathRevoke, "scopes", strings.Repeat("가", 1000), 400, -2, "..."},
		{"body over 64 KB", http.MethodPost, pathRevoke, "scopes", strings.Repeat("x", 65<<10), 413, -2, "64 KB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantAPIRefusal(t, p.call(tt.method, tt.path, token, url.Values{tt.parameter: {tt.value}}), tt.status, tt.code, tt.msg)
		})
	}
	wantAPIRefusal(t, p.call(http.MethodGet, pathMe+"?a=%zz", token, nil), 400, -2, "form-urlencoded")
}

func TestOtherPathsAndMethodsOfTheAPI(t *testing.T) {
	p := start(t)
	token := p.tokens(haneul).bearer()
	for _, path := range []string{"/", "/v1/nothing", "/v2/user/me/x"} {
		wantAPIRefusal(t, p.call(http.MethodGet, path, token, nil), http.StatusNotFound, -2, "does not exist")
	}
	got := p.call(http.MethodGet, "/v1/user/logout", token, nil)
	wantAPIRefusal(t, got, http.StatusMethodNotAllowed, -2, "use POST")
	if got.header.Get("Allow") != "POST" {
		t.Errorf("Allow %q", got.header.Get("Allow"))
	}
	if me := p.call(http.MethodGet, pathMe, token, nil); me.status != http.StatusOK {
		t.Error("a refused logout logged out")
	}
}

func TestScopesAreListedAndRevoked(t *testing.T) {
	p := start(t)
	got := p.tokens(haneul, "account_email")
	one := func(id string, agreed bool) map[string]any {
		t.Helper()
		answer := p.call(http.MethodGet, pathScopes, got.bearer(), url.Values{"scopes": {`["` + id + `"]`}}, "Accept-Language", "en")
		list, _ := answer.body["scopes"].([]any)
		if len(list) != 1 {
			t.Fatalf("got %s", answer.raw)
		}
		scope, _ := list[0].(map[string]any)
		if scope["agreed"] != agreed {
			t.Errorf("%s agreed is %v, want %v", id, scope["agreed"], agreed)
		}
		return scope
	}
	want := map[string]any{"id": "account_email", "display_name": "Email", "type": "PRIVACY", "using": true, "agreed": true, "revocable": true}
	if diff := cmp.Diff(want, one("account_email", true)); diff != "" {
		t.Error(diff)
	}
	if nickname := one("profile_nickname", true); nickname["revocable"] != false {
		t.Errorf("required scope: %v", nickname)
	}
	if message := one("talk_message", false); message["type"] != "SERVICE" {
		t.Errorf("got %v", message)
	}

	all := p.call(http.MethodGet, pathScopes, got.bearer(), nil)
	if list, _ := all.body["scopes"].([]any); len(list) != 10 || !strings.Contains(all.raw, "카카오계정(이메일)") {
		t.Errorf("got %s", all.raw)
	}

	revoked := p.call(http.MethodPost, pathRevoke, got.bearer(), url.Values{"scopes": {`["account_email"]`}})
	if revoked.status != http.StatusOK {
		t.Fatalf("got %d %s", revoked.status, revoked.raw)
	}
	if scope := one("account_email", false); len(scope) != 5 {
		t.Errorf("revocable is there without agreed: %v", scope)
	}
	if me := p.call(http.MethodGet, pathMe, got.bearer(), nil); strings.Contains(me.raw, "haneul@example.com") {
		t.Error("a revoked scope still shows the e-mail address")
	}
}

func TestAdditionalConsentAsksOnlyForWhatIsMissing(t *testing.T) {
	p := start(t)
	b := p.browser()
	b.logIn(b.authorize(), haneul, "gender")

	silent := b.authorize("scope", "account_email,gender", "prompt", "none")
	if silent.redirect.Get("error") != "consent_required" || silent.redirect.Get("error_description") != "user consent required." {
		t.Fatalf("got %v", silent.redirect)
	}
	asked := b.authorize("scope", "account_email,gender")
	if !strings.Contains(asked.body, `value="account_email"`) || strings.Contains(asked.body, `value="gender"`) || strings.Contains(asked.body, "service_terms") {
		t.Fatalf("asks for the wrong items:\n%s", asked.body)
	}
	// A box that the page did not show cannot be added.
	got := p.exchange(b.accept(asked, "account_email", "birthday", "made_up").redirect.Get("code"))
	if got.text("scope") != "account_email gender profile_nickname" {
		t.Errorf("scope %q", got.text("scope"))
	}
}

func TestServiceTermsAreAgreedToAndListed(t *testing.T) {
	p := start(t)
	b := p.browser()
	b.logIn(b.authorize(), haneul)
	agreedAt := p.clock.Now().UTC().Format(time.RFC3339)
	got := p.exchange(b.authorize().redirect.Get("code"))
	want := map[string]any{
		"user_id":               float64(4210000001),
		"allowed_service_terms": []any{map[string]any{"tag": "service_20260101", "agreed_at": agreedAt}},
	}
	terms := p.call(http.MethodGet, pathTerms, got.bearer(), nil)
	if diff := cmp.Diff(want, terms.body); diff != "" {
		t.Error(diff)
	}
	all := p.call(http.MethodGet, pathTerms, got.bearer(), url.Values{"extra": {"app_service_terms"}})
	if list, _ := all.body["app_service_terms"].([]any); len(list) != 2 {
		t.Errorf("got %s", all.raw)
	}

	asked := b.authorize("service_terms", "marketing_20260101,service_20260101,unknown")
	if !strings.Contains(asked.body, `value="marketing_20260101"`) || strings.Contains(asked.body, `value="service_20260101"`) {
		t.Fatalf("asks for the wrong terms:\n%s", asked.body)
	}
	b.submit(asked, "/oauth/consent", "decision", "accept", "service_terms", "marketing_20260101")
	terms = p.call(http.MethodGet, pathTerms, got.bearer(), nil)
	if list, _ := terms.body["allowed_service_terms"].([]any); len(list) != 2 {
		t.Errorf("got %s", terms.raw)
	}
}

func TestLogoutEndsThisLoginOnly(t *testing.T) {
	p := start(t)
	here, elsewhere := p.tokens(haneul), p.tokens(haneul)
	out := p.call(http.MethodPost, "/v1/user/logout", here.bearer(), nil)
	if diff := cmp.Diff(map[string]any{"id": float64(4210000001)}, out.body); diff != "" {
		t.Error(diff)
	}
	wantAPIRefusal(t, p.call(http.MethodGet, pathMe, here.bearer(), nil), http.StatusUnauthorized, -401, "this access token does not exist")
	wantRefusal(t, p.refresh(here.text("refresh_token")), http.StatusBadRequest, "invalid_grant", "KOE322")
	if me := p.call(http.MethodGet, pathMe, elsewhere.bearer(), nil); me.status != http.StatusOK {
		t.Errorf("another login ended too: %s", me.raw)
	}
}

func TestUnlinkForgetsTokensAndConsents(t *testing.T) {
	p := start(t)
	b := p.browser()
	got := p.exchange(b.logIn(b.authorize(), haneul, allOptional...).redirect.Get("code"))
	pending := b.authorize().redirect.Get("code")
	elsewhere, other := p.tokens(haneul), p.tokens(dohyun)

	out := p.call(http.MethodPost, "/v1/user/unlink", got.bearer(), nil)
	if diff := cmp.Diff(map[string]any{"id": float64(4210000001)}, out.body); diff != "" {
		t.Error(diff)
	}
	for _, dead := range []answer{got, elsewhere} {
		wantAPIRefusal(t, p.call(http.MethodGet, pathMe, dead.bearer(), nil), http.StatusUnauthorized, -401, "does not exist")
		wantRefusal(t, p.refresh(dead.text("refresh_token")), http.StatusBadRequest, "invalid_grant", "KOE322")
	}
	wantRefusal(t, p.exchange(pending), http.StatusBadRequest, "invalid_grant", "KOE320")
	if me := p.call(http.MethodGet, pathMe, other.bearer(), nil); me.status != http.StatusOK {
		t.Error("another user was unlinked")
	}
	if asked := b.authorize(); !strings.Contains(asked.body, `value="account_email"`) {
		t.Errorf("consents were not forgotten: %v", asked.redirect)
	}
}

func TestAccessTokenInfo(t *testing.T) {
	p := start(t)
	got := p.tokens(haneul)
	p.clock.Advance(time.Minute)
	info := p.call(http.MethodGet, "/v1/user/access_token_info", got.bearer(), nil)
	want := map[string]any{"id": float64(4210000001), "expires_in": float64(43200 - 60), "app_id": float64(100001)}
	if diff := cmp.Diff(want, info.body); diff != "" {
		t.Error(diff)
	}
	admin := p.call(http.MethodGet, "/v1/user/access_token_info", "KakaoAK "+emulator.DemoAdminKey, nil)
	wantAPIRefusal(t, admin, http.StatusUnauthorized, -401, "does not exist")
}

func TestUserInfoClaims(t *testing.T) {
	tests := []struct {
		name   string
		scopes []string
		want   map[string]any
	}{
		{"everything", []string{"profile_nickname", "account_email", "name", "gender", "birthday", "birthyear", "phone_number"}, map[string]any{
			"sub": haneul, "name": "윤하늘", "nickname": "하늘보리", "email": "haneul@example.com", "email_verified": true, "gender": "FEMALE",
			"birthdate": "1999-04-12", "phone_number": "+82 10-0000-0001", "phone_number_verified": true,
		}},
		{"only the day", []string{"birthday"}, map[string]any{"sub": haneul, "birthdate": "0000-04-12"}},
		{"only the year", []string{"birthyear"}, map[string]any{"sub": haneul, "birthdate": "1999"}},
		{"nothing", nil, map[string]any{"sub": haneul}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := start(t, func(c *emulator.Config) {
				c.Apps[0].Scopes = nil
				for _, id := range tt.scopes {
					c.Apps[0].Scopes = append(c.Apps[0].Scopes, emulator.Scope{ID: id, Required: true})
				}
			})
			info := p.call(http.MethodGet, "/v1/oidc/userinfo", p.tokens(haneul).bearer(), nil)
			if diff := cmp.Diff(tt.want, info.body); diff != "" {
				t.Error(diff)
			}
		})
	}
	p := start(t)
	token := p.tokens(haneul, "profile_image").bearer()
	wantAPIRefusal(t, p.call(http.MethodPost, "/v1/oidc/userinfo", token, nil), http.StatusMethodNotAllowed, -2, "use GET")
	info := p.call(http.MethodGet, "/v1/oidc/userinfo", token, nil)
	if want := p.url + "/emulator/avatars/" + haneul + "/img_110x110.svg"; info.text("picture") != want {
		t.Errorf("picture %q, want %q", info.text("picture"), want)
	}
}

func TestAdminKeyCallsNameTheirUser(t *testing.T) {
	p := start(t)
	got := p.tokens(haneul, "account_email")
	admin := "KakaoAK " + emulator.DemoAdminKey
	target := url.Values{"target_id_type": {"user_id"}, "target_id": {haneul}}

	me := p.call(http.MethodGet, pathMe, admin, target)
	if me.status != http.StatusOK || !strings.Contains(me.raw, "haneul@example.com") {
		t.Errorf("got %d %s", me.status, me.raw)
	}
	wantAPIRefusal(t, p.call(http.MethodGet, pathMe, admin, nil), 400, -2, "target_id_type is required")
	wantAPIRefusal(t, p.call(http.MethodGet, pathMe, admin, url.Values{"target_id_type": {"email"}}), 400, -2, "illegal value of target_id_type: expected user_id")
	wantAPIRefusal(t, p.call(http.MethodGet, pathMe, admin, url.Values{"target_id_type": {"user_id"}, "target_id": {"x"}}), 400, -2, "illegal value of target_id: expected a whole number")
	for _, stranger := range []string{dohyun, "1"} {
		wantAPIRefusal(t, p.call(http.MethodGet, pathMe, admin, url.Values{"target_id_type": {"user_id"}, "target_id": {stranger}}), 400, -101, "NotRegisteredUserException")
	}
	if out := p.call(http.MethodPost, "/v1/user/logout", admin, target); out.status != http.StatusOK {
		t.Errorf("got %d %s", out.status, out.raw)
	}
	wantAPIRefusal(t, p.call(http.MethodGet, pathMe, got.bearer(), nil), http.StatusUnauthorized, -401, "does not exist")
}

func TestPagesOfOtherOriginsMayCallTheAPI(t *testing.T) {
	const origin = "http://shop.example"
	p := start(t, func(c *emulator.Config) { c.Apps[0].SiteDomains = []string{origin} })
	for _, path := range []string{
		pathMe, "/v1/user/logout", "/v1/user/unlink", "/v1/user/access_token_info", pathScopes, pathRevoke, pathTerms,
		pathUserTerms, pathRevokeTerms, pathUpgradeTerms, "/v1/oidc/userinfo",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			preflight := p.call(http.MethodOptions, path, "", nil, "Origin", origin,
				"Access-Control-Request-Method", method, "Access-Control-Request-Headers", "authorization,content-type,ka")
			if preflight.status != http.StatusNoContent || preflight.header.Get("Access-Control-Allow-Origin") != origin ||
				preflight.header.Get("Access-Control-Allow-Methods") != method ||
				preflight.header.Get("Access-Control-Allow-Headers") != "authorization,content-type,ka" {
				t.Errorf("preflight of %s %s: %d %v", method, path, preflight.status, preflight.header)
			}
		}
	}
	for name, authorization := range map[string]string{"an answer": p.tokens(haneul).bearer(), "a refusal": "Bearer x"} {
		got := p.call(http.MethodGet, pathMe, authorization, nil, "Origin", origin)
		if got.header.Get("Access-Control-Allow-Origin") != origin || !strings.Contains(got.header.Get("Vary"), "Origin") {
			t.Errorf("%s has no CORS headers: %v", name, got.header)
		}
	}
	missing := p.call(http.MethodGet, "/v1/nothing", "", nil, "Origin", origin)
	if missing.header.Get("Access-Control-Allow-Origin") != origin {
		t.Error("404 has no CORS headers")
	}
}

func TestSiteDomainsLimitWhoMayUseAnAppsTokens(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Apps[0].SiteDomains = []string{"https://shop.example"} })
	token := p.tokens(haneul).bearer()
	for origin, status := range map[string]int{"": 200, "https://shop.example": 200, "https://evil.example": 401} {
		got := p.call(http.MethodGet, pathMe, token, nil, "Origin", origin)
		if got.status != status {
			t.Errorf("origin %q: got %d %s, want %d", origin, got.status, got.raw, status)
		}
	}
	wantAPIRefusal(t, p.call(http.MethodGet, pathMe, token, nil, "Origin", "https://evil.example"),
		401, -401, "domain mismatched! caller=https://evil.example. check out registered web domains.")
}
